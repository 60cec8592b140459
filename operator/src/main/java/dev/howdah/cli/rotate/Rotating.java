// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.rotate;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.AccessStatus;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.cli.rotate.RotateAnswer.Login;
import dev.howdah.cli.rotate.RotateAnswer.Outcome;
import dev.howdah.cli.state.Annotations;
import dev.howdah.cli.state.Conditions;
import dev.howdah.cli.world.CannotRun;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks for new passwords and watches what comes of it. */
final class Rotating {
    private static final String PENDING = "RotationPending";
    private static final String FAILED = "LoginFailed";

    private final Resource<DatabaseClaim> resource;
    private final DatabaseClaim before;
    private final String key;
    private final String annotation;
    private final boolean now;

    /** @param now whether the logins before are closed at once */
    Rotating(Resource<DatabaseClaim> resource, DatabaseClaim before, boolean now) {
        this.resource = resource;
        this.before = before;
        this.key =
                before.getMetadata().getNamespace() + "/" + before.getMetadata().getName();
        this.now = now;
        this.annotation = now ? Howdah.ROTATE_NOW : Howdah.ROTATE;
    }

    /** @param patience how long to wait for what comes of it, {@code null} for not at all */
    RotateAnswer ask(Instant time, @Nullable Duration patience) {
        if (logins(before).isEmpty()) {
            return answer(
                    Outcome.NothingToRotate,
                    null,
                    "it has no login yet, so there is nothing to rotate; nothing was asked for",
                    "See `howdah status %s`".formatted(key),
                    before);
        }
        var value = value(time);
        patch(value);
        if (Howdah.isPaused(before)) {
            return answer(
                    Outcome.Pending,
                    value,
                    "a rotation is asked for, and waits because the claim is paused",
                    "Take the annotation %s away to go on".formatted(Howdah.PAUSED),
                    before);
        }
        return patience == null
                ? answer(
                        Outcome.Asked,
                        value,
                        "a rotation is asked for",
                        "`howdah status %s` says what became of it; --wait waits for that".formatted(key),
                        before)
                : await(value, patience);
    }

    /** Unlike all that was asked for before, also within the resolution of the clock. */
    private String value(Instant time) {
        var used = new HashSet<String>();
        Annotations.get(before, Howdah.ROTATE).ifPresent(used::add);
        Annotations.get(before, Howdah.ROTATE_NOW).ifPresent(used::add);
        used.add(String.valueOf(before.getStatus().lastHandledRotate()));
        var value = time.truncatedTo(ChronoUnit.MILLIS).toString();
        while (used.contains(value)) {
            value += "+";
        }
        return value;
    }

    private void patch(String value) {
        try {
            resource.patch(
                    PatchContext.of(PatchType.JSON_MERGE),
                    "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
        } catch (KubernetesClientException e) {
            throw new CannotRun(
                    e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                            ? "this user may not patch databaseclaims in namespace \"%s\", so no rotation can be asked for; ask for that verb"
                                    .formatted(before.getMetadata().getNamespace())
                            : "the claim %s cannot be annotated: HTTP %d".formatted(key, e.getCode()));
        }
    }

    private RotateAnswer await(String value, Duration patience) {
        try {
            var after = resource.waitUntilCondition(
                    claim -> claim == null || handled(claim, value) || waits(claim) || failed(claim),
                    patience.toMillis(),
                    TimeUnit.MILLISECONDS);
            return after == null ? gone(value) : told(value, after);
        } catch (KubernetesClientTimeoutException e) {
            return answer(
                    Outcome.TimedOut,
                    value,
                    "a rotation is asked for, and nothing came of it within " + seconds(patience),
                    "It is made all the same once the operator comes to it: `howdah doctor` says whether it runs, `howdah status %s` how the claim is"
                            .formatted(key),
                    Optional.ofNullable(resource.get()).orElse(before));
        }
    }

    private static String seconds(Duration patience) {
        return patience.toSeconds() + " s";
    }

    private RotateAnswer gone(String value) {
        return answer(Outcome.Failed, value, "the claim was deleted meanwhile", null, before);
    }

    private RotateAnswer told(String value, DatabaseClaim after) {
        if (handled(after, value)) {
            return answer(
                    Outcome.Rotated,
                    value,
                    now
                            ? "every login has a new password, and the ones before are closed"
                            : "every login has a new password, and the ones before work on for the overlap",
                    "Let the application read its Secret again",
                    after);
        }
        var message = Conditions.find(after.getStatus().conditions(), "Ready")
                .map(ready -> ready.message())
                .orElse("");
        return waits(after)
                ? answer(
                        Outcome.Pending,
                        value,
                        "the rotation waits: " + message,
                        "It is made by itself; --now does not wait, and closes the logins before. See docs/reasons/RotationPending.md",
                        after)
                : answer(Outcome.Failed, value, message, "See docs/reasons/LoginFailed.md", after);
    }

    private static boolean handled(DatabaseClaim claim, String value) {
        return claim.getStatus() != null && value.equals(claim.getStatus().lastHandledRotate());
    }

    /** Without an overlap there is nothing to wait for: what is said then is of an earlier request. */
    private boolean waits(DatabaseClaim claim) {
        return !now && says(claim, PENDING);
    }

    /** What was said before it was asked for is about something else. */
    private boolean failed(DatabaseClaim claim) {
        return says(claim, FAILED) && !says(before, FAILED);
    }

    private static boolean says(DatabaseClaim claim, String reason) {
        return claim.getStatus() != null
                && Conditions.find(claim.getStatus().conditions(), "Ready")
                        .filter(ready -> ready.reason().equals(reason))
                        .isPresent();
    }

    private static List<AccessStatus> logins(DatabaseClaim claim) {
        return claim.getStatus() == null || claim.getStatus().access() == null
                ? List.of()
                : claim.getStatus().access();
    }

    private RotateAnswer answer(
            Outcome outcome, @Nullable String value, String says, @Nullable String wayOut, DatabaseClaim after) {
        return new RotateAnswer(
                key,
                outcome,
                value == null ? null : annotation,
                value,
                says,
                wayOut,
                logins(after).stream().map(this::login).toList());
    }

    private Login login(AccessStatus after) {
        var was = logins(before).stream()
                .filter(access -> access.name().equals(after.name()))
                .map(AccessStatus::username)
                .findFirst()
                .orElse(after.username());
        return new Login(after.name(), after.secretName(), was, after.username(), after.rotationTime());
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.Login;
import dev.howdah.plan.Rotation.Asked;
import dev.howdah.plan.Rotation.Closing;
import dev.howdah.plan.Rotation.Turn;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.DurationText;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.reconcile.claim.ClaimOutcome.News;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is said of rotations. The same state gives the same words, so that a status is written only when it moves. */
final class RotationWords {
    private final CredentialTerms terms;
    private final LedgerClaim before;
    private final LedgerClaim after;
    private final ClaimNames names;

    RotationWords(CredentialTerms terms, LedgerClaim before, LedgerClaim after) {
        this.terms = terms;
        this.before = before;
        this.after = after;
        this.names = new ClaimNames(after.database());
    }

    /** What happened, under the reason that matters most; {@code null} where it was told already. */
    @Nullable
    News news(Map<String, Turn> turns) {
        var said = new LinkedHashMap<Reason, List<String>>();
        turns.forEach((access, turn) -> {
            var was = login(before, access);
            var is = login(after, access);
            var moved = !was.slot().equals(is.slot());
            if (moved) {
                add(said, Reason.Rotated, rotated(access, is));
            }
            if (turn.closing() != Closing.No && !moved) {
                add(said, Reason.Updated, closed(names.login(access, was.otherSlot()), turn.closing()));
            }
            if (turn.inUse() && was.previous() != null && !was.previous().inUse()) {
                add(said, Reason.PreviousCredentialInUse, inUse(access, is, terms, names));
            }
        });
        for (var reason : List.of(Reason.PreviousCredentialInUse, Reason.Rotated, Reason.Updated)) {
            if (said.containsKey(reason)) {
                return new News(
                        reason, said.values().stream().flatMap(List::stream).collect(Collectors.joining("; ")));
            }
        }
        return null;
    }

    private static Login login(LedgerClaim row, String access) {
        return Objects.requireNonNull(row.logins().get(access));
    }

    private static void add(Map<Reason, List<String>> said, Reason reason, String words) {
        said.computeIfAbsent(reason, r -> new ArrayList<>()).add(words);
    }

    private String rotated(String access, Login login) {
        var old = names.login(access, login.otherSlot());
        var previous = login.previous();
        return "the Secret of \"%s\" now names \"%s\"; ".formatted(access, names.login(access, login.slot()))
                + (previous == null
                        ? "\"%s\" is closed and its sessions are ended".formatted(old)
                        : "\"%s\" works until %s at least".formatted(old, until(previous, terms)));
    }

    private String closed(String role, Closing how) {
        return how == Closing.Forced
                ? "login \"%s\" is closed and its sessions are ended".formatted(role)
                : "login \"%s\" is closed: nobody was in with it for %s"
                        .formatted(role, DurationText.format(terms.overlapInForce()));
    }

    /** A rotation that stopped where it could. */
    String refused(Map<String, String> refusals, String server, boolean publishedWorks) {
        return refusals.entrySet().stream()
                        .map(refusal -> {
                            var login = login(after, refusal.getKey());
                            return "the login \"%s\" was to be published next and does not work: %s"
                                    .formatted(names.login(refusal.getKey(), login.otherSlot()), refusal.getValue());
                        })
                        .collect(Collectors.joining("; "))
                + ". Check pg_hba.conf of server \"%s\"; it is tried again every minute".formatted(server)
                + (publishedWorks ? ", and the login in the Secret works meanwhile" : "");
    }

    /** What a claim waits for, or has to be told of, {@code null} for nothing. */
    static @Nullable News waiting(EffectiveClaim claim, LedgerClaim row, Asked asked) {
        var names = new ClaimNames(row.database());
        var terms = claim.credentials();
        var pending = new ArrayList<String>();
        var used = new ArrayList<String>();
        for (var access : claim.access()) {
            var login = row.logins().get(access.name());
            var previous = login == null ? null : login.previous();
            if (login == null || previous == null) {
                continue;
            }
            if (previous.inUse()) {
                used.add(inUse(access.name(), login, terms, names));
            }
            if (asked.withOverlap(login)) {
                pending.add("the rotation asked for waits until \"%s\" is closed, which is not before %s"
                        .formatted(names.login(access.name(), login.otherSlot()), until(previous, terms)));
            }
        }
        if (pending.isEmpty()) {
            return used.isEmpty() ? null : new News(Reason.PreviousCredentialInUse, String.join("; ", used));
        }
        pending.addAll(used);
        return new News(
                Reason.RotationPending,
                String.join("; ", pending)
                        + "; annotate the claim with %s to rotate without waiting".formatted(Howdah.ROTATE_NOW));
    }

    private static String inUse(String access, Login login, CredentialTerms terms, ClaimNames names) {
        var previous = login.previous();
        if (previous == null) {
            return "";
        }
        var closeAfter = terms.closeAfter();
        return "\"%s\" was replaced at %s and is still in use; it is closed when nobody was in with it for %s%s. Let its clients read the Secret again, or annotate the claim with %s to close it now"
                .formatted(
                        names.login(access, login.otherSlot()),
                        seconds(previous.since()),
                        DurationText.format(terms.overlapInForce()),
                        closeAfter == null
                                ? ""
                                : ", and at %s in any case"
                                        .formatted(seconds(previous.since().plus(closeAfter))),
                        Howdah.ROTATE_NOW);
    }

    private static Instant until(Login.Previous previous, CredentialTerms terms) {
        return seconds(previous.since().plus(terms.overlapInForce()));
    }

    /** The next whole one, so that it is never said too early. */
    private static Instant seconds(Instant time) {
        var whole = time.truncatedTo(ChronoUnit.SECONDS);
        return whole.equals(time) ? whole : whole.plusSeconds(1);
    }
}

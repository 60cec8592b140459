// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.connect;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.AccessStatus;
import dev.howdah.cli.connect.ConnectAnswer.Form;
import dev.howdah.cli.connect.ConnectAnswer.Trial;
import dev.howdah.cli.world.Logins;
import dev.howdah.cli.world.Logins.Attempt;
import dev.howdah.cli.world.SecretSeen;
import dev.howdah.cli.world.World;
import dev.howdah.plan.LoginTried;
import dev.howdah.plan.LoginTried.Rights;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One look at a claim's login.
 *
 * @param via where to try it instead of where applications go
 * @param reveal whether the password is shown
 */
record Connecting(
        DatabaseClaim claim,
        AccessStatus access,
        World world,
        Collection<Language> languages,
        @Nullable WayIn via,
        boolean reveal) {

    private String key() {
        return claim.getMetadata().getNamespace() + "/" + claim.getMetadata().getName();
    }

    /** What is known without the Secret. */
    ConnectAnswer untried(Trial trial, String says, @Nullable String wayOut) {
        return answer(trial, says, wayOut, null, null, null);
    }

    /** @param logins {@code null} where no login is to be tried */
    ConnectAnswer with(SecretSeen seen, @Nullable Logins logins) {
        return switch (seen) {
            case SecretSeen.NotAsked() -> untried(Trial.NotTried, "No login was tried.", null);
            case SecretSeen.Missing() ->
                untried(
                        Trial.NoSecret,
                        "The Secret is gone.",
                        "The operator makes it anew, with a new password: see `howdah status %s`".formatted(key()));
            case SecretSeen.Forbidden() ->
                untried(
                        Trial.NoSecret,
                        "This user may not read the Secret, so no login was tried.",
                        "Ask for `get` of secrets in namespace \"%s\", or leave the trial out with --no-login"
                                .formatted(claim.getMetadata().getNamespace()));
            case SecretSeen.Found found -> with(found, logins);
        };
    }

    private ConnectAnswer with(SecretSeen.Found secret, @Nullable Logins logins) {
        var uid = claim.getMetadata().getUid();
        var host = secret.text("host").orElse("");
        var port = WayIn.port(secret.text("port").orElse(""));
        var password = secret.text("password").orElse(null);
        var user = secret.text("username").orElse(access.username());
        if (uid != null && !secret.ownedBy(uid)) {
            return untried(
                    Trial.NoSecret,
                    "The Secret of that name is not the claim's own.",
                    "Rename or delete it, or give the access entry another `secretName`; see docs/reasons/SecretConflict.md");
        }
        if (host.isEmpty() || port == null || password == null) {
            return untried(
                    Trial.NoSecret,
                    "The Secret is not whole.",
                    "Somebody has changed it. Delete it: the operator makes it anew, with a new password");
        }
        var there = new WayIn(host, port);
        var shown = reveal ? password : null;
        if (logins == null) {
            return answer(Trial.NotTried, "No login was tried.", null, there, shown, null);
        }
        var here = via == null ? there : via;
        var attempt = new Attempt(
                here.host(),
                here.port(),
                secret.text("database").orElse(String.valueOf(database())),
                user,
                password,
                secret.text("PGSSLMODE").orElse("require"),
                secret.text("certificates").orElse(null));
        return switch (logins.attempt(attempt)) {
            case LoginTried.Works(var rights) ->
                answer(
                        Trial.Works,
                        "The login works from here: PostgreSQL %s at %s.".formatted(rights.server(), here),
                        null,
                        there,
                        shown,
                        rights);
            case LoginTried.Refused(var message) ->
                answer(
                        Trial.Refused,
                        "The login was refused at %s: %s".formatted(here, message),
                        "See `howdah status %s` for what the operator says of it, and docs/reasons/LoginFailed.md"
                                .formatted(key()),
                        there,
                        shown,
                        null);
            case LoginTried.Full(var message) ->
                answer(
                        Trial.Full,
                        "The login is right, and every session it may hold is in use: " + message,
                        "Close some, or ask for more `connections`; see docs/reasons/ConnectionsExhausted.md",
                        there,
                        shown,
                        null);
            case LoginTried.Unreachable(var message) ->
                answer(
                        Trial.Unreachable,
                        "%s cannot be reached from here: %s".formatted(here, message),
                        via == null ? there.detour(key()) : "Check that the way there is still open",
                        there,
                        shown,
                        null);
        };
    }

    private @Nullable String database() {
        DatabaseClaimStatus status = Objects.requireNonNull(claim.getStatus());
        return status.database();
    }

    private ConnectAnswer answer(
            Trial trial,
            String says,
            @Nullable String wayOut,
            @Nullable WayIn there,
            @Nullable String password,
            @Nullable Rights rights) {
        var namespace = claim.getMetadata().getNamespace();
        return new ConnectAnswer(
                key(),
                access.name(),
                access.role().name(),
                access.secretName(),
                access.username(),
                String.valueOf(database()),
                there == null ? null : there.toString(),
                password,
                trial,
                says,
                wayOut,
                rights,
                Form.of(languages, namespace, access.secretName()),
                world.faults(),
                world.notes());
    }
}

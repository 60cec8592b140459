// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.status;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.AccessStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.Finding;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.UnmanagedObject;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.cli.output.Asides;
import dev.howdah.cli.output.Page;
import dev.howdah.cli.state.Annotations;
import dev.howdah.cli.state.Conditions;
import dev.howdah.cli.state.Trouble;
import dev.howdah.cli.world.Fault;
import dev.howdah.cli.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one claim is.
 *
 * @param ready the status of that condition, {@code Unknown} where nobody has said so yet
 * @param behind whether the status is about an earlier spec
 * @param serverReady what the server's own condition says, {@code null} where that is not known
 * @param rotation what became of the rotation that was last asked for, {@code null} where none was
 */
public record ClaimStatus(
        String claim,
        boolean well,
        String ready,
        String reason,
        boolean behind,
        boolean paused,
        boolean deleting,
        @Nullable String className,
        @Nullable String server,
        @Nullable String version,
        @Nullable String serverReady,
        @Nullable String database,
        List<LoginStatus> logins,
        @Nullable String rotation,
        List<Condition> conditions,
        List<Trouble> troubles,
        List<UnmanagedObject> unmanaged,
        List<Finding> findings,
        List<Fault> faults,
        List<String> notes) {

    /** A published login. */
    public record LoginStatus(
            String name,
            AccessRole role,
            String username,
            String secret,
            @Nullable String rotated) {
        static LoginStatus of(AccessStatus access) {
            return new LoginStatus(
                    access.name(), access.role(), access.username(), access.secretName(), access.rotationTime());
        }
    }

    static ClaimStatus of(DatabaseClaim claim, World world) {
        var status = claim.getStatus();
        var conditions = status == null ? List.<Condition>of() : Conditions.orNone(status.conditions());
        var ready = Conditions.find(conditions, "Ready");
        var hosting = status == null ? null : status.server();
        var meta = claim.getMetadata();
        var behind = status != null
                && status.observedGeneration() != null
                && meta.getGeneration() != null
                && status.observedGeneration() < meta.getGeneration();
        var amiss = Conditions.amiss(conditions);
        return new ClaimStatus(
                meta.getNamespace() + "/" + meta.getName(),
                ready.isPresent() && amiss.isEmpty() && !behind,
                ready.map(Condition::status).orElse("Unknown"),
                ready.map(Condition::reason).orElse("Pending"),
                behind,
                Howdah.isPaused(claim),
                meta.getDeletionTimestamp() != null,
                status == null || status.className() == null ? claim.getSpec().className() : status.className(),
                hosting == null ? null : hosting.name(),
                hosting == null ? null : hosting.version(),
                hosting == null ? null : serverReady(world, hosting.name()),
                status == null ? null : status.database(),
                status == null || status.access() == null
                        ? List.of()
                        : status.access().stream().map(LoginStatus::of).toList(),
                rotation(claim),
                conditions,
                Trouble.of(amiss),
                status == null || status.unmanaged() == null ? List.of() : status.unmanaged(),
                status == null || status.findings() == null ? List.of() : status.findings(),
                world.faults(),
                world.notes());
    }

    private static @Nullable String serverReady(World world, String name) {
        var server = world.servers().get(name);
        return server == null || server.getStatus() == null
                ? null
                : Conditions.find(server.getStatus().conditions(), "Ready")
                        .map(Conditions::text)
                        .orElse(null);
    }

    private static @Nullable String rotation(DatabaseClaim claim) {
        var status = claim.getStatus();
        var handled = status == null ? null : status.lastHandledRotate();
        var asked = new ArrayList<String>();
        Annotations.get(claim, Howdah.ROTATE).ifPresent(asked::add);
        Annotations.get(claim, Howdah.ROTATE_NOW).ifPresent(asked::add);
        var pending = Conditions.find(status == null ? null : status.conditions(), "Ready")
                .filter(ready -> ready.reason().equals("RotationPending"))
                .isPresent();
        if (pending) {
            return "asked for, and waits for the login before";
        }
        if (handled == null) {
            return null;
        }
        return asked.isEmpty() || asked.contains(handled)
                ? "the last one asked for (\"%s\") is made".formatted(handled)
                : "the one asked for with \"%s\" is made; the claim now says \"%s\""
                        .formatted(handled, String.join("\", \"", asked));
    }

    /** What is wrong, in a line. */
    String inShort() {
        return behind ? "its last change was not looked at yet" : paused ? "paused" : deleting ? "being deleted" : "";
    }

    Page page() {
        var page = new Page();
        page.line("%s: %s".formatted(claim, headline()));
        if (server != null) {
            page.line(
                    2,
                    "class %s, PostgreSQL %s on server %s%s, database %s"
                            .formatted(
                                    className,
                                    version,
                                    server,
                                    serverReady == null ? "" : " (%s)".formatted(serverReady),
                                    database));
        } else {
            page.line(2, className == null ? "no database yet" : "class %s, no database yet".formatted(className));
        }
        logins(page);
        if (rotation != null) {
            page.blank().line("Rotation: " + rotation);
        }
        conditions(page);
        troubles(page);
        if (!unmanaged.isEmpty()) {
            page.blank().line("Left in place");
            unmanaged.forEach(one -> page.item(2, "-", "%s %s: %s".formatted(one.kind(), one.name(), one.message())));
        }
        if (!findings.isEmpty()) {
            page.blank().line("To know about");
            findings.forEach(one -> page.item(2, "-", "%s %s: %s".formatted(one.kind(), one.name(), one.message())));
        }
        Asides.show(page, faults, notes);
        return page;
    }

    private String headline() {
        var word = ready.equals("True") ? "ready" : ready.equals("False") ? "not ready" : "not known to be ready";
        var aside = inShort();
        return word + (reason.equals("Provisioned") ? "" : ", " + reason) + (aside.isEmpty() ? "" : "; " + aside);
    }

    private void logins(Page page) {
        if (!logins.isEmpty()) {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("LOGIN", "ROLE", "USER", "SECRET", "PASSWORD OF"));
            logins.forEach(login -> rows.add(List.of(
                    login.name(),
                    login.role().name(),
                    login.username(),
                    login.secret(),
                    Objects.requireNonNullElse(login.rotated(), "not known"))));
            page.blank().table(0, rows);
        }
    }

    private void conditions(Page page) {
        if (!conditions.isEmpty()) {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("CONDITION", "STATUS", "REASON", "SINCE"));
            conditions.forEach(
                    one -> rows.add(List.of(one.type(), one.status(), one.reason(), since(one.lastTransitionTime()))));
            page.blank().table(0, rows);
        }
    }

    /** What the schema's default writes was never a transition. */
    private static String since(String time) {
        return time.startsWith("1970-01-01") ? "-" : time;
    }

    private void troubles(Page page) {
        if (!troubles.isEmpty()) {
            page.blank().line("What is not as it should be");
            troubles.forEach(trouble -> trouble.show(page, 2));
        }
    }
}

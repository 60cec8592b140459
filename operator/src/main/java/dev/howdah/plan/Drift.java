// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.plan.Finding.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What differs from what was last agreed. What is missing is what {@link Planner} would do for the agreed claim, so that
 * repairing and changing are one and the same; what is there and should not be comes from {@link Strays}.
 */
public final class Drift {
    private Drift() {}

    /** The claim as it was last agreed, with nothing new to publish; {@code null} before that. */
    public static @Nullable Desired agreed(LedgerClaim row, ServerFacts server) {
        var accepted = row.accepted();
        return accepted == null
                ? null
                : new Desired(
                        row.identity(),
                        new dev.howdah.policy.ClaimNames(row.database()),
                        accepted.claim(),
                        accepted.terms(),
                        accepted.generation(),
                        accepted.grounds(),
                        Map.of(),
                        server,
                        Rotation.Asked.NOTHING,
                        false);
    }

    /**
     * Everything that differs.
     *
     * @param contents the inside of the database, {@code null} when it was not looked at
     * @return empty when all is as agreed; a conflict, such as a missing database, is not among it
     */
    public static List<Finding> find(
            Desired agreed, Observed observed, @Nullable Contents contents, Operators operators) {
        var owner = owner(agreed, observed);
        if (owner != null) {
            return List.of(owner);
        }
        var found = new ArrayList<Finding>();
        for (var step : steps(agreed, observed, contents)) {
            var finding = DriftWords.of(step);
            if (finding != null) {
                found.add(finding);
            }
        }
        found.addAll(Strays.find(agreed, observed, operators));
        if (contents != null) {
            found.addAll(Strays.inside(agreed, contents));
        }
        return List.copyOf(found);
    }

    /** The same of a database that is kept without its claim: nobody's login is open, and nothing foreign has come near. */
    public static List<Finding> findRetained(
            LedgerClaim row, Observed observed, Operators operators, ServerFacts server) {
        var fixed = new dev.howdah.policy.ClaimNames(row.database()).fixedRoles();
        var found = new ArrayList<Finding>();
        for (var role : row.roles()) {
            var held = observed.roles().get(role);
            if (held != null && held.login()) {
                found.add(Finding.extra(
                        Kind.ROLE,
                        "login \"%s\" of a retained database was opened".formatted(role),
                        new Step.AlterLogin(role, false, fixed.contains(role) ? -1 : 0, null),
                        new Step.EndSessions(List.of(role))));
            }
        }
        var agreed = agreed(row, server);
        var database = observed.database();
        if (agreed != null
                && database != null
                && database.owner().equals(agreed.names().databaseRole())) {
            found.addAll(Strays.around(agreed, observed, operators));
        }
        return List.copyOf(found);
    }

    /** What the operator roles that exist get in a database just made or taken back. */
    public static List<Step> admit(Desired desired, Observed observed, Operators operators) {
        var names = desired.names();
        var steps = new ArrayList<Step>();
        for (var role : operators.listed()) {
            if (observed.surroundings().operators().contains(role)) {
                steps.add(new Step.GrantOnDatabase(names.database(), names.databaseRole(), List.of("CONNECT"), role));
                if (operators.readers().contains(role)) {
                    steps.add(new Step.GrantRole(names.readOnlyGroup(), role, true));
                }
            }
        }
        return steps;
    }

    /** Whether it takes a look by the claim itself: a conflict that only its reconciliation tells of. */
    public static boolean conflict(Desired agreed, Observed observed) {
        return owner(agreed, observed) == null && Ownership.conflict(agreed, observed) != null;
    }

    /** The database is the claim's, for what is in it is, and was given to another role. */
    public static @Nullable Finding owner(Desired agreed, Observed observed) {
        var row = observed.row();
        var database = observed.database();
        var names = agreed.names();
        if (row == null
                || row.accepted() == null
                || database == null
                || database.broken()
                || database.owner().equals(names.databaseRole())
                || !observed.surroundings().lived()
                || !row.identity().equals(agreed.identity())) {
            return null;
        }
        var server = agreed.server();
        var beyond = !server.superuser() && !database.owner().equals(server.admin());
        var repair = new ArrayList<Step>();
        if (!beyond && !observed.roles().containsKey(names.databaseRole())) {
            // Dropped or renamed after it had given the database away.
            repair.addAll(RolePlan.make(agreed, observed));
        }
        repair.add(new Step.TakeDatabaseBack(names.database(), names.databaseRole()));
        return Finding.missing(
                        Kind.OWNER,
                        "database \"%s\" was given to \"%s\"".formatted(names.database(), database.owner()),
                        repair.toArray(Step[]::new))
                .beyond(beyond);
    }

    /**
     * The part of a plan that was asked for: what would be done although the claim were as agreed is not in it. Without a
     * change of the claim, and with its Secrets in place, nothing is.
     */
    public static Plan asked(Plan plan, Desired agreed, Observed observed, @Nullable Contents contents) {
        var drift = new HashSet<>(steps(agreed, observed, contents));
        return new Plan(
                plan.steps().stream().filter(step -> !drift.contains(step)).toList());
    }

    /** Without memberships that others granted and that a plain REVOKE would not take back: those are {@link Strays}. */
    public static Observed plannable(Observed observed, Desired agreed) {
        var foreign = new HashSet<String>();
        for (var held : observed.surroundings().memberships()) {
            if (!held.own() && Strays.isStray(held, agreed, Operators.NONE)) {
                foreign.add(held.group() + "\u0000" + held.member());
            }
        }
        if (foreign.isEmpty()) {
            return observed;
        }
        var left = new HashSet<>(observed.memberships());
        left.removeIf(m -> foreign.contains(m.group() + "\u0000" + m.member()));
        return new Observed(
                observed.row(),
                observed.roles(),
                left,
                observed.settings(),
                observed.database(),
                observed.surroundings());
    }

    private static List<Step> steps(Desired agreed, Observed observed, @Nullable Contents contents) {
        var seen = plannable(observed, agreed);
        if (!(Planner.prepare(agreed, seen, contents) instanceof Planner.Outcome.Steps(var prepare))) {
            return List.of();
        }
        var steps = new ArrayList<>(prepare.steps());
        steps.addAll(Planner.open(agreed, seen, contents, List.of()).steps());
        return steps;
    }
}

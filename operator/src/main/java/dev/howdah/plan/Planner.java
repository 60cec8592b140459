// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ExtensionStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.Finding;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.UnmanagedObject;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.policy.Accepted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * From what should be and what is to the steps between. Two plans make a claim: {@link #prepare} builds everything while
 * the doors are closed, {@link #open} lets the logins in and records what was agreed. Both are differences, so creating,
 * changing, restoring and going on after a crash are one and the same.
 */
public final class Planner {
    /** The schema that holds a claim's extensions; the admin's, so that no tenant can drop it. */
    public static final String EXTENSIONS_SCHEMA = "extensions";

    private Planner() {}

    /** What comes of planning. */
    public sealed interface Outcome {
        record Steps(Plan plan) implements Outcome {}

        record Blocked(Conflict conflict) implements Outcome {}
    }

    /** Whether the inside of the database has to be looked at before a plan can be made. */
    public static boolean mustLookInside(Desired desired, Observed observed) {
        var row = observed.row();
        var database = observed.database();
        if (row == null || database == null || database.broken() || Ownership.conflict(desired, observed) != null) {
            return false;
        }
        var accepted = row.accepted();
        return row.state() != State.Active
                || accepted == null
                || !accepted.claim().schemas().equals(desired.claim().schemas())
                || !accepted.claim().extensions().equals(desired.claim().extensions())
                || !RolePlan.handedOver(desired, observed).isEmpty();
    }

    /**
     * Everything up to the point where the claim's logins may come in.
     *
     * @param contents the inside of the database, {@code null} when {@link #mustLookInside} asked for none
     */
    public static Outcome prepare(Desired desired, Observed observed, @Nullable Contents contents) {
        var conflict = Ownership.conflict(desired, observed);
        if (conflict != null) {
            return new Outcome.Blocked(conflict);
        }
        var inside = DatabasePlan.willBeFresh(observed) ? Contents.FRESH : contents;
        var obstacle = inside == null ? null : ContentsPlan.obstacle(desired, inside);
        if (obstacle != null) {
            return new Outcome.Blocked(obstacle);
        }
        var steps = new ArrayList<Step>();
        steps.addAll(reserve(desired, observed));
        steps.addAll(RolePlan.make(desired, observed));
        steps.addAll(RolePlan.close(desired, observed));
        steps.addAll(DatabasePlan.make(desired, observed));
        steps.addAll(RolePlan.settings(desired, observed));
        if (inside != null) {
            steps.addAll(ContentsPlan.make(desired, observed, inside));
        }
        steps.addAll(RolePlan.drop(desired, observed));
        return new Outcome.Steps(new Plan(steps));
    }

    /**
     * Opens the doors: rights to connect, logins with their new passwords, and the ledger's word that this is now so.
     *
     * @param contents the inside after {@link #prepare} was carried out, {@code null} when it was not looked at
     * @param rolesLeft those that {@link #prepare} was to drop and that are there all the same
     */
    public static Plan open(
            Desired desired, Observed observed, @Nullable Contents contents, Collection<String> rolesLeft) {
        var steps = new ArrayList<Step>();
        steps.addAll(DatabasePlan.open(desired, observed));
        steps.addAll(RolePlan.open(desired, observed));
        var row = observed.row();
        var accepted = accepted(desired, observed, contents, rolesLeft);
        if (row == null
                || row.state() != State.Active
                || rebinds(row, desired, observed)
                || row.accepted() == null
                || !says(accepted, row.accepted())) {
            steps.add(new Step.RecordAccepted(desired.identity().uid(), accepted));
        }
        return new Plan(steps);
    }

    private static List<Step> reserve(Desired desired, Observed observed) {
        var row = observed.row();
        var roles = desired.roles();
        var claim = desired.claim();
        if (row == null) {
            return List.of(
                    new Step.ReserveClaim(desired.identity(), desired.names().database(), roles, claim.demand()));
        }
        var all = new LinkedHashSet<>(row.roles());
        all.addAll(roles);
        if (rebinds(row, desired, observed)) {
            // Provisioning alone lets a database be made anew, and looked into afterwards however far that came.
            var state = DatabasePlan.willBeFresh(observed) ? State.Provisioning : State.Retained;
            return List.of(new Step.RebindClaim(
                    row.database(),
                    desired.identity(),
                    List.copyOf(all),
                    state,
                    desired.handover() == Handover.ByPair));
        }
        return all.size() == row.roles().size() && row.demand().equals(claim.demand())
                ? List.of()
                : List.of(new Step.RecordReservation(desired.identity().uid(), List.copyOf(all), claim.demand()));
    }

    private static boolean rebinds(LedgerClaim row, Desired desired, Observed observed) {
        return !row.identity().equals(desired.identity())
                || (DatabasePlan.willBeFresh(observed) && row.state() != State.Provisioning);
    }

    /** Whether both say the same. What the policies behind them have become meanwhile takes no writing down. */
    private static boolean says(Accepted now, Accepted before) {
        return now.claim().equals(before.claim())
                && now.terms().equals(before.terms())
                && now.generation() == before.generation()
                && now.grounds().sameAs(before.grounds())
                && now.installed().equals(before.installed())
                && now.unmanaged().equals(before.unmanaged())
                && now.findings().equals(before.findings());
    }

    private static Accepted accepted(
            Desired desired, Observed observed, @Nullable Contents contents, Collection<String> rolesLeft) {
        var before = observed.row() == null ? null : observed.row().accepted();
        var installed = before == null ? List.<ExtensionStatus>of() : before.installed();
        return new Accepted(
                desired.claim(),
                desired.terms(),
                desired.generation(),
                desired.grounds(),
                contents == null ? installed : installed(desired, contents),
                unmanaged(desired, observed, contents, rolesLeft),
                findings(before, contents));
    }

    private static List<Finding> findings(@Nullable Accepted before, @Nullable Contents contents) {
        if (contents == null) {
            return before == null ? List.of() : before.findings();
        }
        return InsideFindings.of(contents);
    }

    private static List<ExtensionStatus> installed(Desired desired, Contents contents) {
        var installed = new ArrayList<ExtensionStatus>();
        for (var name : wantedExtensions(desired)) {
            var extension = contents.extensions().get(name);
            if (extension != null) {
                installed.add(new ExtensionStatus(name, extension.version(), extension.schema()));
            }
        }
        return List.copyOf(installed);
    }

    private static List<UnmanagedObject> unmanaged(
            Desired desired, Observed observed, @Nullable Contents contents, Collection<String> rolesLeft) {
        var left = new ArrayList<UnmanagedObject>();
        var before = observed.row() == null ? null : observed.row().accepted();
        if (before != null) {
            left.addAll(contents == null ? Unmanaged.inside(before) : inside(desired, before, contents));
        }
        Adoption.broughtAlong(desired, observed, before == null ? contents : null).stream()
                .filter(object -> left.stream()
                        .noneMatch(listed -> listed.kind().equals(object.kind())
                                && listed.name().equals(object.name())))
                .forEach(left::add);
        for (var parameter : DatabasePlan.foreignParameters(desired, observed)) {
            left.add(Unmanaged.parameter(parameter, desired.names().database()));
        }
        var roles = new TreeSet<>(rolesLeft);
        roles.addAll(RolePlan.left(desired, observed));
        roles.forEach(role -> left.add(Unmanaged.role(role)));
        return List.copyOf(left);
    }

    private static List<UnmanagedObject> inside(Desired desired, Accepted before, Contents contents) {
        var left = new ArrayList<UnmanagedObject>();
        for (var schema : Unmanaged.schemasNoLongerAsked(desired, before)) {
            if (contents.schemas().containsKey(schema)) {
                left.add(Unmanaged.schema(schema));
            }
        }
        for (var extension : Unmanaged.extensionsNoLongerAsked(desired, before)) {
            if (contents.extensions().containsKey(extension)) {
                left.add(Unmanaged.extension(extension));
            }
        }
        return left;
    }

    static Set<String> wantedExtensions(Desired desired) {
        return desired.server().extensions().withRequired(desired.claim().extensionNames());
    }
}

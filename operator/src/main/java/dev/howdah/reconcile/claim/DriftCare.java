// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.PostgresServerSpec;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Contents;
import dev.howdah.plan.Credential;
import dev.howdah.plan.Desired;
import dev.howdah.plan.Drift;
import dev.howdah.plan.Finding;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Plan;
import dev.howdah.plan.Step;
import dev.howdah.postgres.ClaimWork;
import dev.howdah.postgres.SqlFailure;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.claim.ClaimProvisioning.Order;
import dev.howdah.reconcile.fleet.DriftBook;
import dev.howdah.reconcile.fleet.DriftBook.Open;
import dev.howdah.reconcile.fleet.Member;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of the work on a claim that has to do with what somebody else changed. A plan holds both what was asked for and
 * what puts the rest right; under {@code drift: Report} only the first is carried out.
 */
final class DriftCare {
    private final Order order;
    private final ClaimWork work;
    private final DriftBook book;
    private final InstantSource clock;
    private final boolean report;
    private final Set<Step> refused = new HashSet<>();
    private final Set<Step> done = new HashSet<>();
    private @Nullable Desired agreed;
    private @Nullable Observed observed;
    private @Nullable Contents inside;

    DriftCare(Order order, ClaimWork work, InstantSource clock) {
        this.order = order;
        this.work = work;
        this.book = order.member().drift();
        this.clock = clock;
        this.report = reports(order.member());
    }

    static boolean reports(Member member) {
        return member.resource().getSpec().driftOrDefault() == PostgresServerSpec.Drift.Report;
    }

    boolean report() {
        return report;
    }

    /** What is on the server, without what the planner would stumble over. */
    Observed observe(List<String> roles) {
        var operators = List.copyOf(book.operators().listed());
        var seen = work.observe(roles, operators);
        compareWith(seen);
        var given = given(seen);
        if (given != null && !report && !given.beyond()) {
            book.found(given);
            work.run(new Plan(given.repair()));
            book.repaired(order.identity().uid(), given);
            done.addAll(given.repair());
            seen = work.observe(roles, operators);
            compareWith(seen);
        }
        var plannable = agreed == null ? seen : Drift.plannable(seen, agreed);
        observed = seen;
        return plannable;
    }

    private void compareWith(Observed seen) {
        var row = seen.row();
        agreed = row != null && row.state() == State.Active && row.identity().equals(order.identity())
                ? Drift.agreed(row, order.open().server().facts())
                : null;
    }

    private @Nullable Finding given(Observed seen) {
        return agreed == null ? null : Drift.owner(agreed, seen);
    }

    /** The database belongs to somebody else now, and stays so: nothing can be done about the rest. */
    @Nullable
    Told givenAway() {
        var given = observed == null ? null : given(observed);
        if (given == null) {
            return null;
        }
        var open = open(given, given.beyond());
        leave(List.of(open), false);
        return ClaimOutcome.told(Standing.Conflict, reason(List.of(open), report), open.words(), ClaimFlow.LOOK_AGAIN);
    }

    /** Logins of the claim whose password somebody changed; none where nothing is to be done about it. */
    Set<String> changedPasswords() {
        return report || agreed == null || observed == null
                ? Set.of()
                : observed.surroundings().changedPasswords();
    }

    /**
     * Whether the inside is looked at without a reason of the claim's: once in a while, when a group is gone, and when
     * nothing in it is the claim's: then it was made anew by hand.
     */
    boolean looksInside(boolean due) {
        var seen = observed;
        var database = seen == null ? null : seen.database();
        return agreed != null
                && seen != null
                && (due
                        || !seen.surroundings().lived()
                        || !seen.roles().keySet().containsAll(agreed.names().fixedRoles()))
                && database != null
                && database.allowConnections()
                && !database.broken()
                && database.owner().equals(agreed.names().databaseRole());
    }

    void lookedInside(@Nullable Contents contents) {
        inside = contents;
    }

    /** What of a plan is carried out. */
    Plan allowed(Plan plan) {
        return report ? asked(plan) : plan;
    }

    /** What of a plan the claim asked for. */
    Plan asked(Plan plan) {
        return agreed == null || observed == null ? plan : Drift.asked(plan, agreed, observed, inside);
    }

    /** The same for both plans of a piece of work. A new password for one that was changed is not the claim's asking. */
    List<Plan> asked(Plan preparation, Plan opening) {
        return Stream.of(preparation, opening)
                .map(this::asked)
                .map(plan -> changedPasswords().isEmpty()
                        ? plan
                        : new Plan(plan.steps().stream()
                                .filter(step -> !publishes(step))
                                .toList()))
                .toList();
    }

    private static boolean publishes(Step step) {
        return step instanceof Step.RecordLogin
                || (step instanceof Step.AlterLogin login && login.credential() != null);
    }

    /** What operator roles get in a database that is made or taken back. */
    Plan withOperators(Plan opening, Desired desired) {
        var seen = observed;
        if (agreed != null || seen == null) {
            return opening;
        }
        var steps = new ArrayList<>(opening.steps());
        steps.addAll(Drift.admit(desired, seen, book.operators()));
        return new Plan(steps);
    }

    /** Carries a plan out. What only puts right does not fail as a whole: what the admin may not do is left. */
    @Nullable
    Contents run(Plan plan) {
        try {
            var contents = work.run(plan);
            done.addAll(plan.steps());
            return contents;
        } catch (SqlFailure e) {
            if (e.kind() != SqlFailure.Kind.NeedsAction
                    || agreed == null
                    || !asked(plan).isEmpty()) {
                throw e;
            }
        }
        Contents contents = null;
        for (var step : plan.steps()) {
            var after = attempt(step);
            contents = after == null ? contents : after;
        }
        return contents;
    }

    private @Nullable Contents attempt(Step step) {
        try {
            var contents = work.run(new Plan(List.of(step)));
            done.add(step);
            return contents;
        } catch (SqlFailure e) {
            if (e.kind() != SqlFailure.Kind.NeedsAction && !done(e)) {
                throw e;
            }
            refused.add(step);
            return null;
        }
    }

    /** A REVOKE that found nothing to revoke only warns: the next look tells. */
    private static boolean done(SqlFailure e) {
        return e.sqlState().equals("01000") || e.sqlState().equals("42704");
    }

    /**
     * Puts right what the planner does not know of, and tells what is left.
     *
     * @param asked whether the claim changed with this work: then the rest is looked at anew afterwards
     * @return whether to look again
     */
    boolean mend(boolean asked, Map<String, Credential> fresh) {
        var seen = observed;
        var as = agreed;
        var uid = order.identity().uid();
        if (as == null || seen == null) {
            book.lookAgain(uid);
            leave(List.of(), true);
            return false;
        }
        var findings = Drift.find(as, seen, inside, book.operators());
        if (asked || !done.isEmpty() || !findings.isEmpty()) {
            book.lookAgain(uid);
        }
        if (asked && !findings.isEmpty()) {
            return true;
        }
        var left = new ArrayList<Open>();
        for (var finding : findings) {
            var news = !book.open(uid).stream().map(Open::finding).toList().contains(finding);
            if (finding.kind() == Finding.Kind.PASSWORD) {
                settle(finding, !fresh.isEmpty(), false, news, left);
            } else if (report && !finding.asked()) {
                left.add(open(finding, false));
            } else if (finding.beyond()) {
                left.add(open(finding, true));
            } else {
                finding.repair().stream()
                        .filter(step -> !done.contains(step) && !refused.contains(step))
                        .forEach(this::attempt);
                settle(finding, finding.repair().stream().noneMatch(refused::contains), true, news, left);
            }
        }
        leave(left, inside != null);
        return false;
    }

    private void settle(Finding finding, boolean repaired, boolean refusal, boolean news, List<Open> left) {
        if (!repaired) {
            left.add(open(finding, refusal));
            return;
        }
        if (news) {
            book.found(finding);
        }
        if (finding.kind() != Finding.Kind.OPERATOR) {
            book.repaired(order.identity().uid(), finding);
        }
    }

    private void leave(List<Open> left, boolean lookedInside) {
        book.leave(order.identity().uid(), order.names().database(), left, lookedInside, clock.instant());
    }

    private Open open(Finding finding, boolean refused) {
        return Open.of(order.open().server(), finding, refused);
    }

    static Reason reason(List<Open> open, boolean report) {
        return !report && open.stream().anyMatch(Open::refused) ? Reason.InsufficientPrivilege : Reason.DriftFound;
    }

    static String words(List<Open> open) {
        return open.stream().map(Open::words).collect(Collectors.joining(". "));
    }

    /** A claim that lacks something it was promised is not ready, although its login may still work. */
    static ClaimOutcome judged(Told told, Member member, String uid) {
        var breaking = member.drift().open(uid).stream()
                .filter(open -> open.finding().breaks())
                .toList();
        return told.standing() != Standing.Ready || breaking.isEmpty()
                ? told
                : told.but(Standing.Conflict, reason(breaking, reports(member)), words(breaking));
    }
}

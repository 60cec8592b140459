// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.AdoptionPlan;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Adopted;
import dev.howdah.plan.Adoption;
import dev.howdah.plan.Brownfield;
import dev.howdah.plan.Desired;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Observed;
import dev.howdah.policy.ClaimNames;
import dev.howdah.postgres.ClaimWork;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.claim.ClaimProvisioning.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Databases that were there before and that a DBA gives to claims. The plan is shown first; it is carried out once its hash
 * stands beside the pair, and not if it has become another one meanwhile.
 */
final class Adoptions {
    private static final int SHOWN = 64;
    private static final int LONGEST_STEP = 1024;

    /** Who was seen to use a database since its plan was first made: a session that ends for a moment changes no plan. */
    private final Map<String, Set<String>> users = new ConcurrentHashMap<>();

    /** What became of it. */
    sealed interface Result {
        record Waits(Told told) implements Result {}

        /** It is the claim's, and what is there now. */
        record Done(Observed observed) implements Result {}
    }

    /** Whether this claim is to get a database that was there before, or is about to. */
    static boolean concerns(Order order, Observed observed) {
        var row = observed.row();
        return row == null
                ? order.offered() != null
                : Adoption.underWay(row) && row.identity().hasNameOf(order.identity());
    }

    Result adopt(ClaimWork work, Order order, Desired desired, Observed observed) {
        if (observed.row() != null) {
            var found = work.survey();
            work.run(Adoption.goOn(desired, observed, found));
            return carryOut(work, order, desired, found);
        }
        var found = mayBeLookedInto(desired.names(), observed) ? seen(order, work.survey()) : null;
        return switch (Adoption.plan(desired, observed, found)) {
            case Adoption.Outcome.Blocked(var conflict) ->
                new Result.Waits(ClaimOutcome.told(
                        Standing.Conflict, conflict.reason(), conflict.message(), ClaimFlow.LOOK_AGAIN));
            case Adoption.Outcome.Ready ready
            when !ready.hash().equals(consented(order)) -> new Result.Waits(awaiting(order, ready));
            case Adoption.Outcome.Ready ready -> {
                order.member().wrote(begun(desired, ready.adopted()));
                work.run(ready.begin());
                yield carryOut(work, order, desired, Objects.requireNonNull(found));
            }
        };
    }

    private Result carryOut(ClaimWork work, Order order, Desired desired, Brownfield found) {
        work.takeOver(Adoption.inside(desired, found));
        work.run(Adoption.finish(desired, work.observe(desired.roles()), found));
        users.remove(order.identity().uid());
        return new Result.Done(work.observe(desired.roles()));
    }

    void forget(String uid) {
        users.remove(uid);
    }

    private static boolean mayBeLookedInto(ClaimNames names, Observed observed) {
        return !ClaimNames.reserved(names.database())
                && observed.database() != null
                && !observed.database().broken();
    }

    private Brownfield seen(Order order, Brownfield found) {
        var all = users.computeIfAbsent(order.identity().uid(), uid -> ConcurrentHashMap.newKeySet());
        all.addAll(found.users());
        all.retainAll(found.roles().keySet());
        return found.usedBy(all);
    }

    private static @Nullable String consented(Order order) {
        var offered = order.offered();
        return offered == null ? null : offered.planHash();
    }

    private static Told awaiting(Order order, Adoption.Outcome.Ready ready) {
        var consented = consented(order);
        var database = order.names().database();
        var server = order.member().name();
        var message = consented == null
                ? "server \"%s\" offers the database \"%s\" to this claim; `status.plan` shows what would be done. A DBA agrees to it by `planHash: \"%s\"` beside the pair in `spec.adoptions` of the server; until then nothing is done"
                        .formatted(server, database, ready.hash())
                : "the plan for the database \"%s\" is not the one that was agreed to (%s): something has changed since. `status.plan` shows it as it is now; a DBA agrees to it by `planHash: \"%s\"` in `spec.adoptions` of server \"%s\"; until then nothing is done"
                        .formatted(database, consented, ready.hash(), server);
        return ClaimOutcome.told(Standing.Conflict, Reason.AwaitingConsent, message, ClaimFlow.LOOK_AGAIN)
                .with(new AdoptionPlan(ready.hash(), shown(ready.lines())));
    }

    private static List<String> shown(List<String> lines) {
        var shown = new ArrayList<String>();
        lines.stream()
                .limit(lines.size() > SHOWN ? SHOWN - 1 : SHOWN)
                .map(line -> line.length() <= LONGEST_STEP ? line : line.substring(0, LONGEST_STEP - 1) + "…")
                .forEach(shown::add);
        if (lines.size() > SHOWN) {
            shown.add("and %d more of the same kinds".formatted(lines.size() - shown.size()));
        }
        return List.copyOf(shown);
    }

    private static LedgerClaim begun(Desired desired, Adopted adopted) {
        return new LedgerClaim(
                desired.identity(),
                desired.names().database(),
                desired.roles(),
                State.Provisioning,
                desired.claim().storage(),
                desired.claim().connections(),
                null,
                null,
                Map.of(),
                new LedgerClaim.History(null, null, null, true, adopted));
    }
}

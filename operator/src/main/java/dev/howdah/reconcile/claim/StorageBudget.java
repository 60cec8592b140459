// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.StorageText;
import dev.howdah.reconcile.claim.ClaimDecisions.Decision;
import dev.howdah.reconcile.claim.ClaimOutcome.News;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.fleet.BudgetUse;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.status.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says when a database has used up most or all of its storage budget. A claim stays ready: a budget is no wall. What is
 * said holds no figure that moves, so that a status is written only when a threshold is crossed.
 */
final class StorageBudget {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final InstantSource clock;

    StorageBudget(InstantSource clock) {
        this.clock = clock;
    }

    /** A ready claim is told of its budget, and looked at again when time alone may change what holds for it. */
    Told watch(DatabaseClaim claim, Told told, Member member, Decision.Agreed agreed) {
        var timed = agreed.changesAt() == null ? told : told.sooner(until(agreed.changesAt()));
        var home = told.home();
        if (told.standing() != Standing.Ready || home == null) {
            return timed;
        }
        var size = member.sizes().get(home.row().database());
        var message = size == null
                ? kept(claim)
                : message(size, agreed.claim().storage(), home.row().database());
        if (message == null) {
            return timed;
        }
        var known =
                ready(claim).filter(ready -> ready.message().endsWith(message)).isPresent();
        var said = told.reason() == Reason.Provisioned
                ? timed.but(Standing.Ready, Reason.StorageBudgetExceeded, message)
                : timed.but(Standing.Ready, told.reason(), told.message() + "; " + message);
        return known || said.news() != null ? said : said.with(new News(Reason.StorageBudgetExceeded, message));
    }

    private Duration until(Instant instant) {
        var left = Duration.between(clock.instant(), instant);
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    /** Not measured yet since the start: what was said last stands. */
    private static @Nullable String kept(DatabaseClaim claim) {
        return ready(claim)
                .filter(ready -> ready.reason().equals(Reason.StorageBudgetExceeded.name()))
                .map(Condition::message)
                .orElse(null);
    }

    private static Optional<Condition> ready(DatabaseClaim claim) {
        return Conditions.find(
                claim.getStatus() == null ? null : claim.getStatus().conditions(), Conditions.READY);
    }

    private static @Nullable String message(long size, long budget, String database) {
        var use = BudgetUse.of(size, budget);
        if (use == BudgetUse.Fine) {
            return null;
        }
        return "database \"%s\" takes %s of its storage budget of %s; nothing is stopped. Delete what is not needed, or raise `storage`"
                .formatted(
                        database, use == BudgetUse.Most ? "80 % or more" : "all or more", StorageText.format(budget));
    }
}

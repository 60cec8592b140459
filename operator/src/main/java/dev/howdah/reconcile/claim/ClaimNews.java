// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Plan;
import dev.howdah.reconcile.claim.ClaimOutcome.News;
import dev.howdah.reconcile.claim.ClaimProvisioning.Order;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of work that was done. */
final class ClaimNews {
    private ClaimNews() {}

    static @Nullable News of(Observed observed, Plan preparation, Plan opening, Order order) {
        if (preparation.isEmpty() && opening.isEmpty()) {
            return null;
        }
        var before = observed.row();
        var what = new LinkedHashSet<String>();
        List.of(preparation, opening).forEach(plan -> plan.steps().forEach(step -> what.add(step.summary())));
        if (before == null || before.accepted() == null) {
            return new News(
                    Reason.Provisioned,
                    "database \"%s\" %s on server \"%s\""
                            .formatted(
                                    order.names().database(),
                                    before != null && before.history().adopted() != null
                                            ? "was adopted with its data, and is ready,"
                                            : "is ready",
                                    order.member().name()));
        }
        if (before.state() != State.Active
                || !before.identity().uid().equals(order.identity().uid())) {
            return new News(
                    Reason.Restored,
                    "database \"%s\" was taken back with its data; the passwords are new".formatted(before.database()));
        }
        return new News(Reason.Updated, String.join("; ", what));
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import static dev.howdah.reconcile.status.Conditions.FALSE;
import static dev.howdah.reconcile.status.Conditions.IN_SYNC;
import static dev.howdah.reconcile.status.Conditions.TRUE;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.reconcile.fleet.DriftBook.Open;
import dev.howdah.reconcile.status.Conditions;
import dev.howdah.reconcile.status.Conditions.Wanted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a claim's database is as it was agreed.
 *
 * @param open what differs
 * @param repaired what was put right just now
 * @param report whether nothing is put right here
 */
record Sync(List<Open> open, List<String> repaired, boolean report) {
    /** What was put right last stays said until something else is to be said, or the claim changes. */
    Wanted wanted(@Nullable List<Condition> before, @Nullable Long generation) {
        if (!open.isEmpty()) {
            return new Wanted(IN_SYNC, FALSE, reason(), message());
        }
        if (!repaired.isEmpty()) {
            return new Wanted(IN_SYNC, TRUE, Reason.DriftRepaired, "put right: " + String.join("; ", repaired));
        }
        return Conditions.find(before, IN_SYNC)
                .filter(c -> c.reason().equals(Reason.DriftRepaired.name())
                        && c.status().equals(TRUE)
                        && c.observedGeneration() != null
                        && c.observedGeneration().equals(generation))
                .map(c -> new Wanted(IN_SYNC, TRUE, Reason.DriftRepaired, c.message()))
                .orElseGet(() -> new Wanted(IN_SYNC, TRUE, Reason.InSync, "all is as agreed"));
    }

    Reason reason() {
        return DriftCare.reason(open, report);
    }

    String message() {
        return DriftCare.words(open) + (report ? ". Nothing is put right while the server says `drift: Report`" : "");
    }
}

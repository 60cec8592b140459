// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.policy.Charge;
import dev.howdah.policy.Demand;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.merge.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Who comes first where a quota does not suffice for all. The requests of a namespace are tried in their order; one that
 * does not fit, or is refused for something else, does not block a smaller one behind it. So the outcome depends on what
 * there is, never on the order in which it was heard of.
 */
public final class QuotaLine {
    /** Who asked first; those of the same second by their names. */
    public static final Comparator<DatabaseClaim> ORDER = Comparator.comparing(
                    (DatabaseClaim claim) -> String.valueOf(claim.getMetadata().getCreationTimestamp()))
            .thenComparing(claim -> claim.getMetadata().getName());

    private QuotaLine() {}

    /** Whether a quota has a say, so that the line matters at all. */
    public static boolean matters(Subject subject) {
        return subject
                .rulebook()
                .matching(subject.namespaceLabels(), subject.terms().className())
                .stream()
                .anyMatch(policy -> policy.enforces() && !policy.quota().none());
    }

    /**
     * Judges a claim after those that wait before it.
     *
     * @param before the requests of the same namespace that come before it, in order
     */
    public static Review review(Subject subject, List<Subject> before) {
        var charges = new ArrayList<>(subject.charges());
        for (var earlier : before) {
            var others = without(charges, earlier);
            if (ClaimReview.review(earlier.with(others)).verdict() instanceof Verdict.Admitted admitted) {
                var held = held(charges, earlier);
                charges.clear();
                charges.addAll(others);
                charges.add(new Charge(
                        earlier.name(),
                        earlier.terms().className(),
                        admitted.claim().demand().max(held),
                        false));
            }
        }
        return ClaimReview.review(subject.with(List.copyOf(charges)));
    }

    /** What the ledgers still hold for it: what it is about to give back is not free yet. */
    private static Demand held(List<Charge> charges, Subject claim) {
        return charges.stream()
                .filter(charge -> !charge.retained() && charge.claim().equals(claim.name()))
                .map(Charge::demand)
                .reduce(Demand.NONE, Demand::max);
    }

    private static List<Charge> without(List<Charge> charges, Subject claim) {
        return charges.stream()
                .filter(charge -> charge.retained() || !charge.claim().equals(claim.name()))
                .toList();
    }
}

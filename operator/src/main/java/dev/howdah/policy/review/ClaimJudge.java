// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.policy.Violation;
import java.util.List;
import java.util.Optional;

/** Judges a claim as the reconciler would at this moment, with all that the ledgers hold. */
@FunctionalInterface
public interface ClaimJudge {

    /**
     * The judgement on a claim as it is or as it is about to be; changes nothing.
     *
     * @return empty where there is no opinion: another process leads, or not everything that counts is known yet
     */
    Optional<Judgement> judge(DatabaseClaim claim);

    /**
     * What is said.
     *
     * @param refused why the spec is refused; empty when it is agreed to
     * @param warned what breaks a rule and goes through all the same
     */
    record Judgement(List<Violation> refused, List<Violation> warned) {
        public boolean admitted() {
            return refused.isEmpty();
        }
    }
}

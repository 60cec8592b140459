// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is to say about a claim's spec.
 *
 * @param violations all of them: also what stood already, and what only a policy in Warn or Audit minds
 * @param changesAt when time alone will change it, {@code null} for never
 */
public record Review(
        Verdict verdict,
        Merged merged,
        List<Violation> violations,
        @Nullable Instant changesAt) {

    /** What the team is told: not what policies in Audit note for themselves. */
    public List<Violation> told() {
        return violations.stream()
                .filter(violation -> violation.mode() != Enforcement.Audit)
                .toList();
    }

    /** Why the claim is not compliant, where it is not. */
    public Optional<Reason> breach(@Nullable Accepted accepted) {
        var told = told();
        if (told.isEmpty()) {
            return Optional.empty();
        }
        var ended = accepted != null
                && told.stream()
                        .anyMatch(violation -> violation.blocks()
                                && accepted.grounds().waived().containsKey(violation.path()));
        if (ended) {
            return Optional.of(Reason.WaiverExpired);
        }
        return told.stream().anyMatch(violation -> violation.policy() != null)
                ? Optional.of(Reason.PolicyViolation)
                : Optional.of(told.getFirst().reason());
    }
}

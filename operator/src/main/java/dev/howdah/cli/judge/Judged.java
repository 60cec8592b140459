// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.judge;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.policy.ValueChain;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.review.Review;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A claim and what is said about it.
 *
 * @param subject what was judged, {@code null} when no class can be told
 * @param review {@code null} likewise
 * @param classless why no class can be told; empty otherwise
 */
public record Judged(
        DatabaseClaim claim,
        @Nullable Subject subject,
        @Nullable Review review,
        List<Violation> classless) {

    /** {@code namespace/name}. */
    public String key() {
        return claim.getMetadata().getNamespace() + "/" + claim.getMetadata().getName();
    }

    public String namespace() {
        return claim.getMetadata().getNamespace();
    }

    /** Whether it has a database already. */
    public boolean bound() {
        return Standing.bound(claim);
    }

    /** The values that its status says are in force, by their paths. */
    public SortedMap<String, EffectiveValue> inForce() {
        return Standing.effective(claim.getStatus());
    }

    /** Why the spec is refused; empty when it is agreed to. */
    public List<Violation> refusals() {
        return review != null && review.verdict() instanceof Verdict.Denied(var violations) ? violations : classless;
    }

    public boolean agreed() {
        return refusals().isEmpty();
    }

    /** What breaks a rule of a policy in Enforce or Warn and is agreed to all the same. */
    public List<Violation> standing() {
        return review == null
                ? List.of()
                : review.told().stream()
                        .filter(violation -> !refusals().contains(violation))
                        .toList();
    }

    /** What only a policy in Audit minds. */
    public List<Violation> noted() {
        return review == null
                ? List.of()
                : review.violations().stream()
                        .filter(violation -> !review.told().contains(violation))
                        .toList();
    }

    public Optional<Merged> merged() {
        return Optional.ofNullable(review).map(Review::merged);
    }

    public Optional<ValueChain> chain(String path) {
        return merged().flatMap(merged -> merged.chains().stream()
                .filter(chain -> chain.path().equals(path))
                .findFirst());
    }
}

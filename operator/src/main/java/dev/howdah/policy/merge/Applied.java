// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import dev.howdah.policy.rulebook.Limits;
import dev.howdah.policy.rulebook.PolicyTerms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A policy that is for a claim, and its limits as the claim's waivers widen them. */
public record Applied(PolicyTerms policy, Limits limits) {

    /** The policies for a claim, the one that ranks highest first; {@code lifted} is what its waivers allow. */
    static List<Applied> of(Subject subject, Limits lifted) {
        var all = new ArrayList<Applied>();
        for (var policy : subject.rulebook()
                .matching(subject.namespaceLabels(), subject.terms().className())) {
            all.add(new Applied(
                    policy,
                    lifted == Limits.NONE ? policy.limits() : policy.limits().widenedBy(lifted)));
        }
        return all;
    }

    /** Whether the policy lets no claim have an extension any more that has not got it. */
    public boolean hasRetired(String extension, Instant now) {
        var time = limits.retirements().get(extension);
        return time != null && !now.isBefore(time);
    }

    public boolean enforces() {
        return policy.enforces();
    }
}

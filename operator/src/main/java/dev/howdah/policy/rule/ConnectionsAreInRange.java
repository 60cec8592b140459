// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.ArrayList;
import java.util.List;

/** The connections a claim asks for are within every policy's limit. The server itself holds them. */
final class ConnectionsAreInRange implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var asked = subject.spec().connections();
        if (asked == null) {
            return List.of();
        }
        long value = asked;
        var violations = new ArrayList<Violation>();
        for (var applied : merged.policies()) {
            var limit = applied.limits().connections();
            if (limit != null && !limit.contains(value)) {
                violations.add(Findings.of(
                        applied,
                        Reason.ValueOutOfRange,
                        "connections",
                        String.valueOf(value),
                        limit.beyond(value),
                        "`connections`: %s, must be %s (policy \"%s\"); change it, or ask for a waiver"
                                .formatted(
                                        asked,
                                        limit.describe(String::valueOf),
                                        applied.policy().name())));
            }
        }
        return violations;
    }
}

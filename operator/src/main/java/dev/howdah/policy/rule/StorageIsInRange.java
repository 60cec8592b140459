// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.StorageText;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.ArrayList;
import java.util.List;

/** The budget a claim asks for is within every policy's limit. */
final class StorageIsInRange implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var asked = subject.spec().storage();
        if (asked == null) {
            return List.of();
        }
        long value = StorageText.parse(asked);
        var violations = new ArrayList<Violation>();
        for (var applied : merged.policies()) {
            var limit = applied.limits().storage();
            if (limit != null && !limit.contains(value)) {
                violations.add(Findings.of(
                        applied,
                        Reason.ValueOutOfRange,
                        "storage",
                        StorageText.format(value),
                        limit.beyond(value),
                        "`storage`: %s, must be %s (policy \"%s\"); change it, or ask for a waiver"
                                .formatted(
                                        asked,
                                        limit.describe(StorageText::format),
                                        applied.policy().name())));
            }
        }
        return violations;
    }
}

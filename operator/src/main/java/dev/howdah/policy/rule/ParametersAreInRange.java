// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Applied;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.parameter.ParameterRange;
import dev.howdah.policy.parameter.ParameterValue;
import java.util.ArrayList;
import java.util.List;

/** What a claim asks for is within every policy's limit. It binds what is configured; see {@code binding}. */
final class ParametersAreInRange implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var violations = new ArrayList<Violation>();
        merged.asked().forEach((name, value) -> {
            var major = merged.claim().majorVersion();
            for (var applied : merged.policies()) {
                var range = applied.limits().parameter(major, name);
                if (range != null && !range.allows(value)) {
                    violations.add(Findings.of(
                            applied,
                            Reason.ParameterOutOfRange,
                            "parameters." + name,
                            value.text(),
                            beyond(range, value),
                            "`parameters.%s`: %s%s, must be %s (policy \"%s\")%s; change it, or ask for a waiver"
                                    .formatted(
                                            name,
                                            value.text(),
                                            value.unlimited() ? " (no limit)" : "",
                                            range.describe(),
                                            applied.policy().name(),
                                            contradiction(merged, applied, major, name, range))));
                }
            }
        });
        return violations;
    }

    private static double beyond(ParameterRange range, ParameterValue value) {
        var nearest = range.nearest(value).map(ParameterValue::number).orElse(null);
        if (nearest == null || value.number() == null) {
            return 0;
        }
        return value.unlimited() ? Double.POSITIVE_INFINITY : value.number() - nearest;
    }

    /** Where two policies leave nothing, both are named: no value of the claim could help. */
    private static String contradiction(Merged merged, Applied applied, int major, String name, ParameterRange range) {
        for (var other : merged.policies()) {
            var others = other.limits().parameter(major, name);
            if (other != applied
                    && other.enforces()
                    && others != null
                    && range.intersect(others).isEmpty()) {
                return "; policy \"%s\" wants %s, so no value satisfies both: ask a DBA to correct one of them"
                        .formatted(other.policy().name(), others.describe());
            }
        }
        return "";
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.ArrayList;
import java.util.List;

/** The class is one that the policies allow here. A bound claim keeps its class. */
final class ClassIsAllowed implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var violations = new ArrayList<Violation>();
        for (var applied : merged.policies()) {
            var allowed = applied.limits().classNames();
            var name = subject.terms().className();
            if (allowed != null && !allowed.contains(name)) {
                violations.add(Findings.of(
                        applied,
                        Reason.ValueOutOfRange,
                        "className",
                        name,
                        0,
                        "`className`: \"%s\"%s is not allowed here, must be one of: %s (policy \"%s\"); set `className` to one of these, or ask for a waiver"
                                .formatted(
                                        name,
                                        subject.spec().className() == null ? ", the default," : "",
                                        Findings.list(allowed),
                                        applied.policy().name())));
            }
        }
        return violations;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.ArrayList;
import java.util.List;

/** What happens at deletion is something the policies allow. */
final class DeletionPolicyIsAllowed implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var violations = new ArrayList<Violation>();
        var asked = subject.spec().deletionPolicy();
        for (var applied : merged.policies()) {
            var allowed = applied.limits().deletionPolicies();
            if (asked != null && allowed != null && !allowed.contains(asked)) {
                violations.add(Findings.of(
                        applied,
                        Reason.DeletionPolicyNotAllowed,
                        "deletionPolicy",
                        asked.name(),
                        0,
                        "`deletionPolicy`: %s is not allowed here, must be one of: %s (policy \"%s\"); set one of these, leave it out, or ask for a waiver"
                                .formatted(
                                        asked,
                                        Findings.list(allowed),
                                        applied.policy().name())));
            }
        }
        return violations;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.ArrayList;
import java.util.List;

/** Logins have no roles but those the policies allow. */
final class AccessRolesAreAllowed implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var violations = new ArrayList<Violation>();
        for (var applied : merged.policies()) {
            var allowed = applied.limits().accessRoles();
            for (var access : merged.claim().access()) {
                if (allowed != null && !allowed.contains(access.role())) {
                    violations.add(Findings.of(
                            applied,
                            Reason.RoleNotAllowed,
                            "access." + access.name(),
                            access.role().name(),
                            0,
                            "`access`: login \"%s\" has role %s, must be one of: %s (policy \"%s\"); %s, or ask for a waiver"
                                    .formatted(
                                            access.name(),
                                            access.role(),
                                            Findings.list(allowed),
                                            applied.policy().name(),
                                            subject.spec().access() == null
                                                    ? "list the logins you need with one of these"
                                                    : "choose one of these")));
                }
            }
        }
        return violations;
    }
}

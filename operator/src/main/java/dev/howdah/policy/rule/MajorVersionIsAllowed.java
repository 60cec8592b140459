// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.ArrayList;
import java.util.List;

/** The version is one that the policies allow. */
final class MajorVersionIsAllowed implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var violations = new ArrayList<Violation>();
        var version = merged.claim().majorVersion();
        for (var applied : merged.policies()) {
            var allowed = applied.limits().majorVersions();
            if (allowed != null && !allowed.contains(version)) {
                violations.add(Findings.of(
                        applied,
                        Reason.VersionNotOffered,
                        "majorVersion",
                        String.valueOf(version),
                        0,
                        "`majorVersion`: %d is not allowed here, must be one of: %s (policy \"%s\"); choose one of these that class \"%s\" offers (%s), or ask for a waiver"
                                .formatted(
                                        version,
                                        Findings.list(allowed),
                                        applied.policy().name(),
                                        subject.terms().className(),
                                        Findings.list(subject.terms().majorVersions()))));
            }
        }
        return violations;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.parameter.ParameterCatalog;
import java.util.List;

/** The version is one that the class offers and that is known here. A bound claim keeps its own. */
final class MajorVersionIsOffered implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var asked = subject.spec().majorVersion();
        var terms = subject.terms();
        var version = merged.claim().majorVersion();
        if (subject.accepted() != null) {
            return List.of();
        }
        if (asked != null && !terms.majorVersions().contains(asked)) {
            return List.of(finding(
                    asked,
                    "`majorVersion`: class \"%s\" offers %s, not %d; choose one of these or another class"
                            .formatted(terms.className(), terms.majorVersions(), asked)));
        }
        return ParameterCatalog.majors().contains(version)
                ? List.of()
                : List.of(finding(
                        version,
                        "`majorVersion`: class \"%s\" offers %d, which this operator does not support, only %s; choose one of these"
                                .formatted(terms.className(), version, Findings.list(ParameterCatalog.majors()))));
    }

    private static Violation finding(int version, String message) {
        return Violation.of(Reason.VersionNotOffered, "majorVersion", String.valueOf(version), message);
    }
}

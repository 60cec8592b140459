// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL has no way back from an extension's version. */
final class ExtensionVersionsOnlyRise implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var accepted = subject.accepted();
        if (accepted == null) {
            return List.of();
        }
        var violations = new ArrayList<Violation>();
        for (var request : merged.claim().extensions()) {
            for (var installed : accepted.installed()) {
                if (installed.name().equals(request.name())
                        && request.version() != null
                        && VersionOrder.compare(request.version(), installed.version()) < 0) {
                    violations.add(Violation.of(
                            Reason.FieldImmutable,
                            "extensions." + request.name(),
                            request.version(),
                            "`extensions`: \"%s\" is at %s and cannot go back to %s; set that version or a later one, or leave the version out"
                                    .formatted(request.name(), installed.version(), request.version())));
                }
            }
        }
        return violations;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.List;

/** A database stays in its class. */
final class ClassIsFixed implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var asked = subject.spec().className();
        var accepted = subject.accepted();
        return accepted == null
                        || asked == null
                        || asked.equals(accepted.claim().className())
                ? List.of()
                : List.of(Violation.of(
                        Reason.FieldImmutable,
                        "className",
                        asked,
                        "`className`: the database was made in class \"%s\" and cannot move to \"%s\"; set it back, or make a new claim and copy the data"
                                .formatted(accepted.claim().className(), asked)));
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.List;

/** A database stays at the version it was made for. */
final class MajorVersionIsFixed implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var asked = subject.spec().majorVersion();
        var accepted = subject.accepted();
        return accepted == null || asked == null || asked == accepted.claim().majorVersion()
                ? List.of()
                : List.of(Violation.of(
                        Reason.FieldImmutable,
                        "majorVersion",
                        asked.toString(),
                        "`majorVersion`: the database was made for PostgreSQL %d and cannot move to %d; set it back, or make a new claim and copy the data"
                                .formatted(accepted.claim().majorVersion(), asked)));
    }
}

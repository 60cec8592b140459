// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.List;

/** The names that a claim gets inside PostgreSQL are nobody else's. */
final class NameCanBeMade implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var names = subject.names();
        if (ClaimNames.reserved(names.database())) {
            return List.of(Violation.of(
                    Reason.InvalidSpec,
                    "metadata.name",
                    names.database(),
                    "`metadata.name`: the database would be called \"%s\", which is reserved; choose another name"
                            .formatted(names.database())));
        }
        return names.rolesReserved()
                ? List.of(Violation.of(
                        Reason.InvalidSpec,
                        "metadata.namespace",
                        subject.namespace(),
                        "`metadata.namespace`: roles of namespace \"%s\" would start with \"pg_\", which PostgreSQL reserves; use another namespace"
                                .formatted(subject.namespace())))
                : List.of();
    }
}

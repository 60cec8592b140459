// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.List;
import java.util.Set;

/** The schemas are the claim's to have. */
final class SchemasAreFree implements Rule {
    private static final Set<String> RESERVED = Set.of("information_schema", "extensions", "howdah");

    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var schemas = subject.spec().schemas();
        return schemas == null
                ? List.of()
                : schemas.stream()
                        .filter(schema -> schema.startsWith("pg_") || RESERVED.contains(schema))
                        .map(schema -> Violation.of(
                                Reason.InvalidSpec,
                                "schemas",
                                schema,
                                "`schemas`: \"%s\" is reserved (pg_*, information_schema, extensions and howdah are); choose another name"
                                        .formatted(schema)))
                        .toList();
    }
}

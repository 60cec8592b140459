// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.ClaimReview.Subject;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The rules every claim is held to, in the order in which their findings are told. What the CRD's schema says is said
 * here again where a claim that slipped past it could do harm.
 */
final class Rules {
    static final List<Rule> ALL = List.of(
            Rules::namesCanBeMade,
            Rules::classIsFixed,
            Rules::majorVersionIsFixed,
            Rules::majorVersionIsOffered,
            Rules::schemasAreFree,
            Rules::accessIsWellFormed);

    private static final Set<String> RESERVED_SCHEMAS = Set.of("information_schema", "extensions", "howdah");

    private Rules() {}

    private static List<Violation> namesCanBeMade(Subject subject) {
        var names = subject.names();
        if (ClaimNames.reserved(names.database())) {
            return violation(
                    Reason.InvalidSpec,
                    "metadata.name",
                    "`metadata.name`: the database would be called \"%s\", which is reserved; choose another name"
                            .formatted(names.database()));
        }
        if (names.rolesReserved()) {
            return violation(
                    Reason.InvalidSpec,
                    "metadata.namespace",
                    "`metadata.namespace`: roles of namespace \"%s\" would start with \"pg_\", which PostgreSQL reserves; use another namespace"
                            .formatted(subject.namespace()));
        }
        return List.of();
    }

    private static List<Violation> classIsFixed(Subject subject) {
        var asked = subject.spec().className();
        var accepted = subject.accepted();
        return accepted == null
                        || asked == null
                        || asked.equals(accepted.claim().className())
                ? List.of()
                : violation(
                        Reason.FieldImmutable,
                        "spec.className",
                        "`spec.className`: the database was made in class \"%s\" and cannot move to \"%s\"; set it back, or make a new claim and copy the data"
                                .formatted(accepted.claim().className(), asked));
    }

    private static List<Violation> majorVersionIsFixed(Subject subject) {
        var asked = subject.spec().majorVersion();
        var accepted = subject.accepted();
        return accepted == null
                        || asked == null
                        || Objects.equals(asked, accepted.claim().majorVersion())
                ? List.of()
                : violation(
                        Reason.FieldImmutable,
                        "spec.majorVersion",
                        "`spec.majorVersion`: the database was made for PostgreSQL %d and cannot move to %d; set it back, or make a new claim and copy the data"
                                .formatted(accepted.claim().majorVersion(), asked));
    }

    private static List<Violation> majorVersionIsOffered(Subject subject) {
        var asked = subject.spec().majorVersion();
        var terms = subject.terms();
        return subject.accepted() != null
                        || asked == null
                        || terms.majorVersions().contains(asked)
                ? List.of()
                : violation(
                        Reason.VersionNotOffered,
                        "spec.majorVersion",
                        "`spec.majorVersion`: class \"%s\" offers %s, not %d; choose one of these or another class"
                                .formatted(terms.className(), terms.majorVersions(), asked));
    }

    private static List<Violation> schemasAreFree(Subject subject) {
        var schemas = subject.spec().schemas();
        if (schemas == null) {
            return List.of();
        }
        return schemas.stream()
                .filter(schema -> schema.startsWith("pg_") || RESERVED_SCHEMAS.contains(schema))
                .map(schema -> new Violation(
                        Reason.InvalidSpec,
                        "spec.schemas",
                        "`spec.schemas`: \"%s\" is reserved (pg_*, information_schema, extensions and howdah are); choose another name"
                                .formatted(schema)))
                .toList();
    }

    private static List<Violation> accessIsWellFormed(Subject subject) {
        var access = subject.spec().access();
        if (access == null) {
            return List.of();
        }
        var names = new HashSet<String>();
        if (access.isEmpty() || !access.stream().allMatch(entry -> names.add(entry.name()))) {
            return violation(
                    Reason.InvalidSpec,
                    "spec.access",
                    "`spec.access`: needs at least one entry, each with a name of its own; or leave it out for one Owner login");
        }
        var bindings = access.stream()
                .filter(entry -> Boolean.TRUE.equals(entry.binding()))
                .count();
        return access.size() == 1 || bindings == 1
                ? List.of()
                : violation(
                        Reason.InvalidSpec,
                        "spec.access",
                        "`spec.access`: of several entries exactly one must have binding: true, %d have"
                                .formatted(bindings));
    }

    private static List<Violation> violation(Reason reason, String path, String message) {
        return List.of(new Violation(reason, path, message));
    }
}

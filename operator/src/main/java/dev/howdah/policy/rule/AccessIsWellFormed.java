// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.HashSet;
import java.util.List;

/** Each login has a name of its own, and one of them is the binding. */
final class AccessIsWellFormed implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var access = subject.spec().access();
        if (access == null) {
            return List.of();
        }
        var names = new HashSet<String>();
        if (access.isEmpty() || !access.stream().allMatch(entry -> names.add(entry.name()))) {
            return List.of(
                    Violation.of(
                            Reason.InvalidSpec,
                            "access",
                            "",
                            "`access`: needs at least one entry, each with a name of its own; or leave it out for one Owner login"));
        }
        var bindings = access.stream()
                .filter(entry -> Boolean.TRUE.equals(entry.binding()))
                .count();
        return access.size() == 1 || bindings == 1
                ? List.of()
                : List.of(Violation.of(
                        Reason.InvalidSpec,
                        "access",
                        String.valueOf(bindings),
                        "`access`: of several entries exactly one must have binding: true, %d have"
                                .formatted(bindings)));
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.UnknownParameter;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.parameter.ParameterCatalog;
import dev.howdah.policy.parameter.ParameterValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;

/** Each parameter is one that PostgreSQL has and that can be set for a database, with a value it takes. */
final class ParametersAreKnown implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var asked = subject.spec().parameters();
        if (asked == null) {
            return List.of();
        }
        var violations = new ArrayList<Violation>();
        var major = merged.claim().majorVersion();
        if (!ParameterCatalog.majors().contains(major)) {
            return List.of();
        }
        var seen = new HashSet<String>();
        new TreeMap<>(asked).forEach((name, text) -> {
            var path = "parameters." + name;
            var parameter = ParameterCatalog.of(major).find(name);
            if (parameter.isEmpty()) {
                violations.add(finding(Reason.ParameterUnknown, path, text, UnknownParameter.message(major, name)));
                return;
            }
            if (!seen.add(parameter.get().name())) {
                violations.add(finding(
                        Reason.InvalidSpec,
                        path,
                        text,
                        "\"%s\" is there twice, in different spellings; leave one"
                                .formatted(parameter.get().name())));
            }
            var refusal = parameter.get().refusal();
            if (refusal.isPresent()) {
                violations.add(finding(Reason.ParameterNotAllowed, path, text, refusal.get() + "; leave it out"));
            } else if (ParameterValue.parse(parameter.get(), text) instanceof ParameterValue.Fault(var message)) {
                violations.add(finding(Reason.ParameterOutOfRange, path, text, message));
            }
        });
        return violations;
    }

    private static Violation finding(Reason reason, String path, String value, String message) {
        return Violation.of(reason, path, value, "`%s`: %s".formatted(path, message));
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.parameter.Parameter;
import dev.howdah.policy.parameter.ParameterCatalog;
import dev.howdah.policy.parameter.ParameterValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A claim names a parameter that takes a superuser only where its class, a policy in Enforce or a waiver names it too; and
 * where a policy denies other parameters, only those that a policy for it names.
 */
final class ParametersAreAllowed implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var asked = subject.spec().parameters();
        var major = merged.claim().majorVersion();
        if (asked == null || !ParameterCatalog.majors().contains(major)) {
            return List.of();
        }
        var violations = new ArrayList<Violation>();
        var waived = subject.lifted().named();
        new TreeMap<>(asked)
                .forEach((given, text) -> ParameterCatalog.of(major)
                        .find(given)
                        .filter(parameter -> parameter.refusal().isEmpty())
                        .ifPresent(parameter -> {
                            var named = named(waived, merged, parameter.name());
                            superuserOnly(subject, named, parameter, text, violations);
                            denied(merged, named, parameter, text, violations);
                        }));
        return violations;
    }

    /** The same however it is written. */
    private static String value(Parameter parameter, String text) {
        return ParameterValue.parse(parameter, text) instanceof ParameterValue.Value(var value) ? value.text() : text;
    }

    private static void superuserOnly(
            Subject subject,
            @Nullable Enforcement named,
            Parameter parameter,
            String text,
            List<Violation> violations) {
        if (parameter.scope() == Parameter.Scope.POLICY
                && subject.classParameters().keySet().stream().noneMatch(parameter.name()::equalsIgnoreCase)
                && named != Enforcement.Enforce) {
            violations.add(Violation.of(
                    Reason.ParameterNotAllowed,
                    "parameters." + parameter.name(),
                    value(parameter, text),
                    "`parameters.%1$s`: only a superuser may set it, so a claim may only where its class or a policy names it; leave it out, or ask a DBA to name it"
                            .formatted(parameter.name())));
        }
    }

    private static void denied(
            Merged merged, @Nullable Enforcement named, Parameter parameter, String text, List<Violation> violations) {
        var name = parameter.name();
        for (var applied : merged.policies()) {
            if (Boolean.TRUE.equals(applied.limits().othersDenied())
                    && (named == null || named.compareTo(applied.policy().enforcement()) < 0)) {
                violations.add(Findings.of(
                        applied,
                        Reason.ParameterNotAllowed,
                        "parameters." + name,
                        value(parameter, text),
                        0,
                        "`parameters.%s`: is none of those a policy names, and others are denied (policy \"%s\"); leave it out, or ask for a waiver"
                                .formatted(name, applied.policy().name())));
            }
        }
    }

    /** The strictest mode in which a policy names it: one that only watches changes nothing. A waiver counts as the strictest. */
    private static @Nullable Enforcement named(Set<String> waived, Merged merged, String name) {
        Enforcement strictest = waived.contains(name) ? Enforcement.Enforce : null;
        for (var applied : merged.policies()) {
            var mode = applied.policy().enforcement();
            if ((strictest == null || mode.compareTo(strictest) > 0)
                    && applied.policy().names(name)) {
                strictest = mode;
            }
        }
        return strictest;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Applied;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.rulebook.Limits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How findings of policies are put. */
final class Findings {
    private Findings() {}

    /** A finding against a policy's limit. {@code beyond} is 0 where there is no more or less. */
    static Violation of(Applied applied, Reason reason, String path, String value, double beyond, String message) {
        return new Violation(
                reason,
                path,
                message,
                applied.policy().name(),
                applied.policy().enforcement(),
                new Violation.Offence(value, beyond));
    }

    /**
     * A number that a claim asks for against every policy's limit.
     *
     * @param asked as the claim has it
     */
    static List<Violation> outOfRange(
            Merged merged,
            String path,
            Object asked,
            long value,
            Function<Limits, Limits.@Nullable Span> span,
            LongFunction<String> text) {
        var violations = new ArrayList<Violation>();
        for (var applied : merged.policies()) {
            var limit = span.apply(applied.limits());
            if (limit != null && !limit.contains(value)) {
                violations.add(of(
                        applied,
                        Reason.ValueOutOfRange,
                        path,
                        text.apply(value),
                        limit.beyond(value),
                        "`%s`: %s, must be %s (policy \"%s\"); change it, or ask for a waiver"
                                .formatted(
                                        path,
                                        asked,
                                        limit.describe(text),
                                        applied.policy().name())));
            }
        }
        return violations;
    }

    /** Names, the first twenty. */
    static String list(Collection<?> names) {
        var text = names.stream().limit(20).map(String::valueOf).collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names.size() > 20 ? text + ", …" : text;
    }
}

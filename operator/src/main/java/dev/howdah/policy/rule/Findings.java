// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Applied;
import java.util.Collection;
import java.util.stream.Collectors;

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

    /** Names in quotes, the first twenty. */
    static String list(Collection<?> names) {
        var text = names.stream().limit(20).map(String::valueOf).collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names.size() > 20 ? text + ", …" : text;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.output;

import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A broken rule, as it is shown. {@code policy} and {@code mode} are {@code null} where the rule is no policy's. */
public record Finding(
        Reason reason,
        String path,
        @Nullable String policy,
        @Nullable Enforcement mode,
        String message) {

    public static Finding of(Violation violation) {
        return new Finding(
                violation.reason(), violation.path(), violation.policy(), violation.mode(), violation.message());
    }

    public static List<Finding> of(Collection<Violation> violations) {
        return violations.stream().map(Finding::of).toList();
    }

    /** The reason and the message, below one another. */
    public void show(Page page, int indent) {
        page.line(indent, mode == null ? reason.name() : "%s (%s)".formatted(reason, mode));
        page.line(indent + 2, message);
    }
}

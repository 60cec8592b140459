// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Guards;
import dev.howdah.policy.Violation;

/** What tests of rules ask. */
final class FindingsOf {
    private FindingsOf() {}

    static void holds(Guards guards, String spec) {
        assertThat(guards.refused(spec)).isEmpty();
    }

    /** Refused for this alone; these are parts of the message. */
    static Violation broken(Guards guards, String spec, Reason reason, String path, String... message) {
        var violations = guards.refused(spec);
        assertThat(violations).hasSize(1);
        var violation = violations.getFirst();
        assertThat(violation.reason()).isEqualTo(reason);
        assertThat(violation.path()).isEqualTo(path);
        for (var part : message) {
            assertThat(violation.message()).contains(part);
        }
        return violation;
    }
}

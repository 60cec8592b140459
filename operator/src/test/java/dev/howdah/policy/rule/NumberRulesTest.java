// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import static dev.howdah.policy.rule.FindingsOf.broken;
import static dev.howdah.policy.rule.FindingsOf.holds;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Guards;
import org.junit.jupiter.api.Test;

class NumberRulesTest {
    private static final Guards GUARDS =
            Guards.policy("size", "limits: {storage: {min: 1Gi, max: 20Gi}, connections: {max: 100}}");

    @Test
    void within() {
        holds(GUARDS, "{storage: 20Gi, connections: 100}");
        holds(GUARDS, "{storage: 20480Mi}");
        holds(GUARDS, "{}");
    }

    @Test
    void beyond() {
        broken(
                GUARDS,
                "storage: 21Gi",
                Reason.ValueOutOfRange,
                "storage",
                "`storage`: 21Gi, must be from 1Gi to 20Gi (policy \"size\"); change it, or ask for a waiver");
        broken(GUARDS, "storage: 500Mi", Reason.ValueOutOfRange, "storage", "500Mi, must be from 1Gi to 20Gi");
        broken(
                GUARDS,
                "connections: 101",
                Reason.ValueOutOfRange,
                "connections",
                "`connections`: 101, must be at most 100 (policy \"size\"); change it, or ask for a waiver");
    }

    @Test
    void larger_than_any_number() {
        broken(GUARDS, "storage: 999999999999999Pi", Reason.ValueOutOfRange, "storage", "must be from 1Gi to 20Gi");
    }

    @Test
    void no_number_at_all() {
        broken(GUARDS, "storage: plenty", Reason.InvalidSpec, "storage", "\"plenty\" is not a size such as 10Gi");
        broken(GUARDS, "storage: -5Gi", Reason.InvalidSpec, "storage", "\"-5Gi\" is not a size");
        broken(GUARDS, "storage: \"0\"", Reason.InvalidSpec, "storage", "is nothing");
        broken(GUARDS, "connections: 0", Reason.InvalidSpec, "connections", "0, must be from 1 to 262143");
        broken(GUARDS, "connections: -2147483648", Reason.InvalidSpec, "connections", "must be from 1 to 262143");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.reconcile.guard.Findings;
import dev.howdah.reconcile.guard.Findings.Finding;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Gauges per policy: how many claims it is for, and how many of them break it. Never per claim. */
final class PolicyMetrics {
    private final Findings findings;
    private final MultiGauge targets;
    private final MultiGauge violating;

    PolicyMetrics(Findings findings, MeterRegistry registry) {
        this.findings = findings;
        this.targets = MultiGauge.builder("howdah.policy.targets")
                .description("Claims that the policy is for")
                .register(registry);
        this.violating = MultiGauge.builder("howdah.policy.violating")
                .description("Claims that break the policy now, refused ones included")
                .register(registry);
    }

    /** Which policies there are is looked at from time to time, and with it what they count. */
    void describe() {
        var all = findings.all();
        var policies = new TreeSet<String>();
        all.forEach(finding -> policies.addAll(finding.targets()));
        targets.register(
                policies.stream()
                        .map(policy ->
                                row(policy, all, finding -> finding.targets().contains(policy)))
                        .toList(),
                true);
        violating.register(
                policies.stream()
                        .map(policy -> row(policy, all, finding -> breaks(finding, policy)))
                        .toList(),
                true);
    }

    private static boolean breaks(Finding finding, String policy) {
        return finding.violations().stream().anyMatch(violation -> policy.equals(violation.policy()));
    }

    private static Row<?> row(String policy, List<Finding> findings, Predicate<Finding> counted) {
        return Row.of(
                Tags.of("policy", policy), findings.stream().filter(counted).count());
    }
}

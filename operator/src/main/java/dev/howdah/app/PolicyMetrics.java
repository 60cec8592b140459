// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.policy.Violation;
import dev.howdah.reconcile.guard.Findings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        var targeted = counts(all.stream().flatMap(finding -> finding.targets().stream()));
        var broken = counts(all.stream()
                .flatMap(finding -> finding.violations().stream()
                        .map(Violation::policy)
                        .filter(Objects::nonNull)
                        .distinct()));
        targets.register(rows(targeted.keySet(), targeted), true);
        violating.register(rows(targeted.keySet(), broken), true);
    }

    private static Map<String, Long> counts(Stream<String> policies) {
        return policies.collect(Collectors.groupingBy(policy -> policy, Collectors.counting()));
    }

    private static List<Row<?>> rows(Set<String> policies, Map<String, Long> counts) {
        return policies.stream()
                .<Row<?>>map(policy -> Row.of(Tags.of("policy", policy), counts.getOrDefault(policy, 0L)))
                .toList();
    }
}

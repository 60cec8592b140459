// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.policy.Violation;
import dev.howdah.reconcile.guard.Findings.Finding;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gauges per policy: how many claims it is for, and how many of them break it. Never per claim. */
final class PolicyMetrics {
    private final MultiGauge targets;
    private final MultiGauge violating;
    private final MultiGauge violations;

    PolicyMetrics(MeterRegistry registry) {
        this.targets = MultiGauge.builder("howdah.policy.targets")
                .description("Claims that the policy is for")
                .register(registry);
        this.violating = MultiGauge.builder("howdah.policy.violating")
                .description("Claims that break the policy now, refused ones included")
                .register(registry);
        this.violations = MultiGauge.builder("howdah.policy.violations")
                .description("Ways in which claims break the policy now; a claim may in several")
                .register(registry);
    }

    /** Which policies there are is looked at from time to time, and with it what they count. */
    void describe(List<Finding> all) {
        var targeted = counts(all.stream().flatMap(finding -> finding.targets().stream()));
        var broken = counts(all.stream()
                .flatMap(finding -> finding.violations().stream()
                        .map(Violation::policy)
                        .filter(Objects::nonNull)
                        .distinct()));
        targets.register(rows(targeted.keySet(), targeted), true);
        violating.register(rows(targeted.keySet(), broken), true);
        violations.register(violations(all), true);
    }

    /** Also where there are none: a rule that is kept is worth a line, too. */
    private static List<Row<?>> violations(List<Finding> findings) {
        var modes = new HashMap<String, Enforcement>();
        findings.forEach(finding -> finding.targets()
                .forEach(name ->
                        finding.rulebook().policy(name).ifPresent(policy -> modes.put(name, policy.enforcement()))));
        var counts = counts(findings.stream()
                .flatMap(finding -> finding.violations().stream())
                .map(Violation::policy)
                .filter(Objects::nonNull));
        return modes.entrySet().stream()
                .<Row<?>>map(mode -> Row.of(
                        Tags.of(
                                "policy",
                                mode.getKey(),
                                "mode",
                                mode.getValue().name().toLowerCase(Locale.ROOT)),
                        counts.getOrDefault(mode.getKey(), 0L)))
                .toList();
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

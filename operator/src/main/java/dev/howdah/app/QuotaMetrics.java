// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.policy.Charge;
import dev.howdah.policy.rulebook.PolicyTerms;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member.Charged;
import dev.howdah.reconcile.guard.Findings.Finding;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How full the fullest namespace of each quota is. Not every namespace: policies times namespaces are too many series in a
 * large cluster, and whoever is told of the fullest finds it with {@code kubectl howdah offer}.
 */
final class QuotaMetrics {
    private final MultiGauge ratio;

    QuotaMetrics(MeterRegistry registry) {
        this.ratio = MultiGauge.builder("howdah.policy.quota.used.ratio")
                .description("How much of a policy's quota the namespace that uses most of it uses; 1 is all")
                .register(registry);
    }

    void describe(List<Finding> findings, Fleet fleet) {
        ratio.register(rows(findings, fleet), true);
    }

    private static List<Row<?>> rows(List<Finding> findings, Fleet fleet) {
        var policies = new TreeMap<String, PolicyTerms>();
        var namespaces = new HashMap<String, Set<String>>();
        for (var finding : findings) {
            for (var name : finding.targets()) {
                finding.rulebook()
                        .policy(name)
                        .filter(policy -> !policy.quota().none())
                        .ifPresent(policy -> {
                            policies.merge(name, policy, (a, b) -> a.generation() < b.generation() ? b : a);
                            namespaces
                                    .computeIfAbsent(name, n -> new TreeSet<>())
                                    .add(finding.claim().getNamespace().orElse(""));
                        });
            }
        }
        if (policies.isEmpty()) {
            return List.of();
        }
        Map<String, List<Charge>> charges = fleet.members().stream()
                .flatMap(member -> member.charged(_ -> true))
                .collect(Collectors.groupingBy(
                        charged -> charged.identity().namespace(),
                        Collectors.mapping(Charged::charge, Collectors.toList())));
        var rows = new ArrayList<Row<?>>();
        policies.forEach((name, policy) -> {
            var pools = namespaces.getOrDefault(name, Set.of()).stream()
                    .map(namespace -> charges.getOrDefault(namespace, List.of()).stream()
                            .filter(charge -> policy.isFor(charge.className()))
                            .toList())
                    .toList();
            row(rows, name, "databases", policy.quota().databases(), pools, charge -> 1);
            row(
                    rows,
                    name,
                    "storage",
                    policy.quota().storage(),
                    pools,
                    charge -> charge.demand().storage());
            row(
                    rows,
                    name,
                    "connections",
                    policy.quota().connections(),
                    pools,
                    charge -> charge.demand().connections());
        });
        return rows;
    }

    private static void row(
            List<Row<?>> rows,
            String policy,
            String resource,
            @Nullable Number limit,
            List<List<Charge>> pools,
            ToDoubleFunction<Charge> part) {
        if (limit != null) {
            var most = pools.stream()
                    .mapToDouble(charges -> charges.stream().mapToDouble(part).sum())
                    .max()
                    .orElse(0);
            // Nothing allowed and nothing used is full all the same: the next one is refused.
            rows.add(Row.of(
                    Tags.of("policy", policy, "resource", resource),
                    limit.doubleValue() == 0
                            ? (most == 0 ? 1 : Double.POSITIVE_INFINITY)
                            : most / limit.doubleValue()));
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.policy.Guards;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.guard.Findings;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyMetricsTest {
    private static final long GIB = 1L << 30;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Findings findings = new Findings();
    private final Fleet fleet = new Fleet(new Signals());

    private void judged(Guards guards, String namespace, String name, String spec) {
        findings.record(new ResourceID(name, namespace), guards.rulebook(), guards.review(spec));
    }

    private void holds(String namespace, String claim, long storage, int connections) {
        var server = new PostgresServer();
        server.getMetadata().setName("main");
        fleet.describe(server)
                .wrote(new LedgerClaim(
                        new ClaimIdentity(namespace + claim, namespace, "ns", claim),
                        namespace + "_" + claim,
                        List.of(),
                        LedgerClaim.State.Active,
                        storage,
                        connections,
                        null,
                        null,
                        Map.of()));
    }

    private double value(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void a_claim_may_break_a_policy_in_several_ways() {
        var guards = Guards.policy(
                        "small",
                        "{enforcement: Warn, limits: {connections: {max: 5}, parameters: {work_mem: {max: 64MB}}}}")
                .and("kept", "{enforcement: Audit, limits: {connections: {max: 500}}}");
        judged(guards, "shop", "orders", "{connections: 20, parameters: {work_mem: 128MB}}");
        judged(guards, "shop", "baskets", "{connections: 20}");
        var metrics = new PolicyMetrics(registry);
        metrics.describe(findings.all());
        assertThat(value("howdah.policy.violations", "policy", "small", "mode", "warn"))
                .isEqualTo(3);
        assertThat(value("howdah.policy.violating", "policy", "small")).isEqualTo(2);
        assertThat(value("howdah.policy.violations", "policy", "kept", "mode", "audit"))
                .isZero();
        assertThat(value("howdah.policy.targets", "policy", "kept")).isEqualTo(2);
    }

    @Test
    void of_a_quota_the_fullest_namespace_is_told() {
        var guards = Guards.policy("capped", "quota: {databases: 4, storage: 100Gi}")
                .and("closed", "quota: {connections: 0}");
        judged(guards, "shop", "orders", "{}");
        judged(guards, "bank", "loans", "{}");
        holds("shop", "orders", 10 * GIB, 20);
        holds("shop", "baskets", 20 * GIB, 20);
        holds("bank", "loans", 90 * GIB, 20);
        holds("elsewhere", "nobodys", 999 * GIB, 20);
        new QuotaMetrics(registry).describe(findings.all(), fleet);
        assertThat(value("howdah.policy.quota.used.ratio", "policy", "capped", "resource", "databases"))
                .isEqualTo(0.5);
        assertThat(value("howdah.policy.quota.used.ratio", "policy", "capped", "resource", "storage"))
                .isEqualTo(0.9);
        assertThat(value("howdah.policy.quota.used.ratio", "policy", "closed", "resource", "connections"))
                .isInfinite();
        assertThat(registry.find("howdah.policy.quota.used.ratio")
                        .tags("policy", "capped", "resource", "connections")
                        .gauge())
                .as("what has no quota")
                .isNull();
    }
}

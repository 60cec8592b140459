// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.plan.Finding;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.fleet.Signals;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DriftMetrics metrics = new DriftMetrics(registry);

    private static Member member() {
        var server = new PostgresServer();
        server.getMetadata().setName("main");
        return new Fleet(new Signals()).describe(server);
    }

    private double found() {
        return registry.get("howdah.drift.found")
                .tags("server", "main", "kind", "grant")
                .functionCounter()
                .count();
    }

    @Test
    void aServerMadeAnewCountsForItself() {
        var finding = new Finding(Finding.Kind.GRANT, "somebody may connect", List.of(), false, false, false);
        var first = member();
        first.drift().found(finding);
        first.drift().found(finding);
        metrics.describe(List.of(first));
        assertThat(found()).isEqualTo(2);
        var second = member();
        second.drift().found(finding);
        metrics.describe(List.of(second));
        assertThat(found()).isEqualTo(1);
        metrics.describe(List.of());
        assertThat(registry.getMeters()).isEmpty();
    }
}

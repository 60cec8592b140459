// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.fleet.Signals;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SqlMetrics metrics = new SqlMetrics(registry);

    private static Member member(String name) {
        var server = new PostgresServer();
        server.getMetadata().setName(name);
        return new Fleet(new Signals()).describe(server);
    }

    private double waiting(String server) {
        return registry.get("howdah.server.claims.waiting")
                .tag("server", server)
                .gauge()
                .value();
    }

    @Test
    void a_server_that_is_not_open_has_its_rows_too() {
        metrics.describe(List.of(member("main")));
        for (var outcome : List.of("done", "failed")) {
            assertThat(registry.get("howdah.sql")
                            .tags("server", "main", "outcome", outcome)
                            .functionTimer()
                            .count())
                    .isZero();
        }
        assertThat(registry.get("howdah.server.sessions").gauges())
                .hasSize(2)
                .allSatisfy(sessions -> assertThat(sessions.value()).isZero());
        assertThat(registry.get("howdah.server.journal.lost").functionCounter().count())
                .isZero();
    }

    @Test
    void claims_that_wait_are_counted_where_they_wait() {
        var main = member("main");
        var other = member("other");
        metrics.describe(List.of(main, other));
        main.parking().park(new ResourceID("orders", "shop"));
        main.parking().park(new ResourceID("orders", "shop"));
        main.parking().park(new ResourceID("baskets", "shop"));
        assertThat(waiting("main")).isEqualTo(2);
        assertThat(waiting("other")).isZero();
    }

    @Test
    void a_server_that_goes_takes_its_meters_along() {
        metrics.describe(List.of(member("main")));
        metrics.describe(List.of());
        assertThat(registry.getMeters()).isEmpty();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.reconcile.claim.ClaimCensus;
import dev.howdah.reconcile.claim.ClaimCensus.Kind;
import dev.howdah.reconcile.claim.ClaimCensus.Waiting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClaimMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ClaimMetrics metrics = new ClaimMetrics(registry);

    @Test
    void claims_are_counted_by_what_they_read_like_now() {
        metrics.describe(new ClaimCensus(
                Map.of(new Kind("standard", "True", "Provisioned"), 3L, new Kind("", "Unknown", "Pending"), 1L),
                Map.of(new Waiting("", "Pending"), Duration.ofSeconds(90))));
        assertThat(registry.get("howdah.claims")
                        .tags("class", "standard", "ready", "True", "reason", "Provisioned")
                        .gauge()
                        .value())
                .isEqualTo(3);
        assertThat(registry.get("howdah.claims.unready")
                        .tags("class", "", "reason", "Pending")
                        .gauge()
                        .value())
                .isEqualTo(90);

        metrics.describe(new ClaimCensus(Map.of(new Kind("standard", "True", "Provisioned"), 4L), Map.of()));
        assertThat(registry.get("howdah.claims").gauges())
                .singleElement()
                .satisfies(gauge -> assertThat(gauge.value()).isEqualTo(4));
        assertThat(registry.find("howdah.claims.unready").gauges()).isEmpty();
    }

    @Test
    void the_time_to_ready_is_kept_by_class() {
        metrics.ready("standard", Duration.ofSeconds(2));
        metrics.ready("standard", Duration.ofSeconds(4));
        metrics.ready("large", Duration.ofSeconds(1));
        var standard =
                registry.get("howdah.claim.ready").tag("class", "standard").timer();
        assertThat(standard.count()).isEqualTo(2);
        assertThat(standard.totalTime(TimeUnit.SECONDS)).isEqualTo(6);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailureMetricsTest {
    @Test
    void every_kind_is_there_before_anything_fails() {
        var registry = new SimpleMeterRegistry();
        var metrics = new FailureMetrics(registry);
        assertThat(registry.get("howdah.reconciliations.failed").counters()).hasSize(5);
        metrics.reconciliationFailed(new DatabaseClaim(), null, new IllegalStateException(), Map.of());
        assertThat(registry.get("howdah.reconciliations.failed")
                        .tag("kind", "DatabaseClaim")
                        .counter()
                        .count())
                .isOne();
    }
}

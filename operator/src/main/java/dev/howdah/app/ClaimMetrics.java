// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.reconcile.claim.ClaimCensus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.Collectors;

/** Claims by their class and by what their condition {@code Ready} says, and how long they took to get there. */
final class ClaimMetrics {
    /** From what a claim takes on an idle server to what somebody has to look into. */
    private static final Duration[] STEPS = {
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofHours(1)
    };

    private final MeterRegistry registry;
    private final MultiGauge claims;
    private final MultiGauge waiting;

    ClaimMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.claims = MultiGauge.builder("howdah.claims")
                .description("Claims, by their class and what their condition Ready says")
                .register(registry);
        this.waiting = MultiGauge.builder("howdah.claims.unready")
                .baseUnit("seconds")
                .description("How long the claim that waits longest is not ready; refused and paused ones do not wait")
                .register(registry);
    }

    void describe(ClaimCensus census) {
        claims.register(
                census.claims().entrySet().stream()
                        .<Row<?>>map(entry -> Row.of(
                                Tags.of(
                                        "class",
                                        entry.getKey().className(),
                                        "ready",
                                        entry.getKey().ready(),
                                        "reason",
                                        entry.getKey().reason()),
                                entry.getValue()))
                        .collect(Collectors.toList()),
                true);
        waiting.register(
                census.waiting().entrySet().stream()
                        .<Row<?>>map(entry -> Row.of(
                                Tags.of(
                                        "class",
                                        entry.getKey().className(),
                                        "reason",
                                        entry.getKey().reason()),
                                Math.max(0, entry.getValue().toSeconds())))
                        .collect(Collectors.toList()),
                true);
    }

    /** A claim is ready for the first time. */
    void ready(String className, Duration took) {
        Timer.builder("howdah.claim.ready")
                .description("From a claim's creation until it was ready for the first time")
                .tag("class", className)
                .serviceLevelObjectives(STEPS)
                .register(registry)
                .record(took);
    }
}

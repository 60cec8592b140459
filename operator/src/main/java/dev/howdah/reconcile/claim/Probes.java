// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * When each claim's login is tried again: daily, at a time of its own, so that a restart or a busy hour does not try all
 * of them at once.
 */
final class Probes {
    private final Map<ResourceID, Instant> next = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final DoubleSupplier jitter;
    private final Duration interval;

    /** {@code jitter} gives numbers from 0 to 1. */
    Probes(InstantSource clock, DoubleSupplier jitter, Duration interval) {
        this.clock = clock;
        this.jitter = jitter;
        this.interval = interval;
    }

    boolean due(ResourceID claim) {
        return !time(claim).isAfter(clock.instant());
    }

    void worked(ResourceID claim) {
        next.put(claim, clock.instant().plus(interval).minusMillis((long)
                (jitter.getAsDouble() * interval.toMillis() / 24)));
    }

    Duration next(ResourceID claim) {
        var wait = Duration.between(clock.instant(), time(claim));
        return wait.isPositive() ? wait : Duration.ofSeconds(1);
    }

    void forget(ResourceID claim) {
        next.remove(claim);
    }

    private Instant time(ResourceID claim) {
        return next.computeIfAbsent(
                claim, c -> clock.instant().plusMillis((long) (jitter.getAsDouble() * interval.toMillis())));
    }
}

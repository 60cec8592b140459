// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.status;

import dev.howdah.api.v1alpha1.Condition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts in a status move with every claim and are written at most once in ten seconds; conditions are told at once. */
public final class CountInterval {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Map<String, Instant> written = new ConcurrentHashMap<>();
    private final Clock clock;

    public CountInterval(Clock clock) {
        this.clock = clock;
    }

    /**
     * How long to wait before a status may be written; empty for not at all, and then it counts as written now.
     *
     * @param name of the object
     * @param before its conditions, {@code null} where nothing was written yet
     */
    public Optional<Duration> waitFor(String name, @Nullable List<Condition> before, @Nullable List<Condition> now) {
        var last = written.get(name);
        if (last != null && before != null && Objects.equals(before, now)) {
            var wait = Duration.between(clock.instant(), last.plus(INTERVAL));
            if (wait.isPositive()) {
                return Optional.of(wait);
            }
        }
        written.put(name, clock.instant());
        return Optional.empty();
    }
}

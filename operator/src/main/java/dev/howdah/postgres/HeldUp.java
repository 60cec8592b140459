// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Namespaces whose work waited in vain for a lock lately. A team can bring that about on its own objects as often as it
 * likes, and each time a place is taken for seconds: so all such work together has one place, and the other is left for
 * everybody else.
 */
final class HeldUp {
    /** Longer than the longest wait between two tries. */
    private static final Duration MEMORY = Duration.ofMinutes(10);

    private final Map<String, Instant> last = new ConcurrentHashMap<>();
    private final Semaphore place = new Semaphore(1);
    private final InstantSource clock;

    HeldUp(InstantSource clock) {
        this.clock = clock;
    }

    void failed(String namespace, SqlFailure failure) {
        if (failure.sqlState().equals(SqlFailure.LOCKED)) {
            last.put(namespace, clock.instant());
        }
    }

    boolean contains(String namespace) {
        var until = clock.instant().minus(MEMORY);
        last.values().removeIf(time -> time.isBefore(until));
        return last.containsKey(namespace);
    }

    boolean tryEnter() {
        return place.tryAcquire();
    }

    void leave() {
        place.release();
    }
}

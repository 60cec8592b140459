// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Growing waits for what goes away by itself. They never end. */
final class Retries {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 9;

    private final Map<ResourceID, Integer> attempts = new ConcurrentHashMap<>();

    Duration next(ResourceID claim) {
        var attempt = attempts.merge(claim, 1, Integer::sum) - 1;
        var wait = FIRST.multipliedBy(1L << Math.min(attempt, MOST_DOUBLINGS));
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }

    int count(ResourceID claim) {
        return attempts.getOrDefault(claim, 0);
    }

    void reset(ResourceID claim) {
        attempts.remove(claim);
    }
}

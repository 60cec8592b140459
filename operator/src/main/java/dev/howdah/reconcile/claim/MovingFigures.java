// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What claims that wait are told of how full servers are. The figures move with every database that others get or give back;
 * were each of these moves told, one deletion would write to every claim that waits.
 */
final class MovingFigures {
    static final Duration STAND = Duration.ofMinutes(5);

    private final Map<String, Said> said = new ConcurrentHashMap<>();

    private record Said(String message, String lasting, Instant since) {}

    /**
     * What to tell: a former message for a while, where but such figures are others.
     *
     * @param lasting the message without such figures
     */
    String tell(String uid, String message, String lasting, Instant now) {
        return said.compute(
                        uid,
                        (_, before) -> before != null
                                        && before.lasting().equals(lasting)
                                        && now.isBefore(before.since().plus(STAND))
                                ? before
                                : new Said(message, lasting, now))
                .message();
    }

    void forget(String uid) {
        said.remove(uid);
    }
}

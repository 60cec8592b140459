// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the sweep of a server met with, by claim UID: rows without a claim or database, and what stands in the way of a drop. */
public final class Troubles {
    private final Map<String, Instant> gone = new ConcurrentHashMap<>();
    private final Map<String, Instant> dropped = new ConcurrentHashMap<>();
    private final Map<String, String> known = new ConcurrentHashMap<>();
    private final Map<String, String> twins = new ConcurrentHashMap<>();

    /** Since when the claim of a row has not been seen; empty while it is there. */
    public Optional<Instant> goneSince(String uid, boolean exists, Instant now) {
        return since(gone, uid, exists, now);
    }

    /** Since when a kept database has not been seen; empty while it is there. */
    public Optional<Instant> droppedSince(String uid, boolean exists, Instant now) {
        return since(dropped, uid, exists, now);
    }

    private static Optional<Instant> since(Map<String, Instant> times, String uid, boolean exists, Instant now) {
        if (exists) {
            times.remove(uid);
            return Optional.empty();
        }
        return Optional.of(times.computeIfAbsent(uid, u -> now));
    }

    /** Whether it is news. */
    public boolean areNews(String uid, String trouble) {
        return !trouble.equals(known.put(uid, trouble));
    }

    /** Whether it is news that the claim of this row lives elsewhere: beside a trouble that the row may have too. */
    public boolean isNewTwin(String uid, String words) {
        return !words.equals(twins.put(uid, words));
    }

    void forget(String uid) {
        known.remove(uid);
        twins.remove(uid);
        gone.remove(uid);
        dropped.remove(uid);
    }
}

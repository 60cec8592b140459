// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the operator sent to one server since it knows of it. Kept where messages are sent, so that none goes uncounted, and
 * read by whoever shows numbers; it outlives the server's being opened anew.
 */
public final class SqlTraffic {
    private final Messages done = new Messages();
    private final Messages failed = new Messages();
    private final LongAdder opened = new LongAdder();
    private final LongAdder journalLost = new LongAdder();

    /** Messages that ended alike. Each is one round trip, however many statements it holds. */
    public static final class Messages {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        public long count() {
            return count.sum();
        }

        /** How long they took together. */
        public long nanos() {
            return nanos.sum();
        }
    }

    /** A message was answered, or given up; a clock that was set back meanwhile counts as no time. */
    void sent(Instant begun, Instant over, boolean well) {
        var messages = well ? done : failed;
        messages.count.increment();
        messages.nanos.add(Math.max(0, Duration.between(begun, over).toNanos()));
    }

    /** A connection was opened beside the warm sessions. */
    void opened() {
        opened.increment();
    }

    /** So many lines of the journal could not be written. */
    void journalLost(int lines) {
        journalLost.add(lines);
    }

    public Messages done() {
        return done;
    }

    /** With an error, or without an answer. */
    public Messages failed() {
        return failed;
    }

    public long openedConnections() {
        return opened.sum();
    }

    public long lostJournalLines() {
        return journalLost.sum();
    }
}

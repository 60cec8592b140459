// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

/** How far the journal of a ledger has come, as this process saw it; a ledger behind that was restored to an earlier time. */
public final class JournalPosition {
    private volatile long now;
    private volatile long settled;
    private volatile long epoch;

    /** It was looked at. */
    public void reached(long position) {
        settled = now;
        now = Math.max(now, position);
    }

    /** As last looked at; 0 before that. */
    public long now() {
        return now;
    }

    /**
     * As it was at the look before: what was read a moment ago may not be on disk yet, and a crash would make it seem that
     * the ledger went back.
     */
    public long settled() {
        return settled;
    }

    /** The highest epoch seen in the ledger; a lower one means that the ledger was restored to an earlier time. */
    public long epoch() {
        return epoch;
    }

    void opened(long epochNow) {
        now = 0;
        settled = 0;
        epoch = Math.max(epoch, epochNow);
    }
}

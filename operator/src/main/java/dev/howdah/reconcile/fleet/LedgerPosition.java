// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far a ledger has come, as this process saw it; one that is behind was restored to an earlier time. */
public final class LedgerPosition {
    private static final Duration JOURNAL_INTERVAL = Duration.ofHours(6);

    private volatile long now;
    private volatile long settled;
    private volatile long epoch;
    private volatile @Nullable Instant journalKept;

    /** The journal was looked at. */
    public void reached(long position) {
        settled = now;
        now = Math.max(now, position);
    }

    /** How far the journal had come when it was last looked at; 0 before that. */
    public long now() {
        return now;
    }

    /** As it was at the look before: a standby that takes over may lack the last moment's lines, and that is no restore. */
    public long settled() {
        return settled;
    }

    /** Whether a journal that has come so far has gone back. */
    public boolean isBehind(long position) {
        return position < settled;
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

    /** Whether the journal is to be cared for; true once in a while. */
    public boolean journalIsDue(Instant time) {
        var last = journalKept;
        if (last != null && last.plus(JOURNAL_INTERVAL).isAfter(time)) {
            return false;
        }
        journalKept = time;
        return true;
    }
}

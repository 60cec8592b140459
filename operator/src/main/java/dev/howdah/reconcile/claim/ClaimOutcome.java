// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LedgerClaim;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of looking at a claim. */
sealed interface ClaimOutcome {

    /**
     * Nothing is said yet: it waits for a moment, or a cache is not full. It comes again by a signal, or after
     * {@code again}.
     */
    record Later(Duration again) implements ClaimOutcome {}

    /**
     * Something is to be said.
     *
     * @param home where it lives, {@code null} without a ledger row
     * @param again when to look again
     * @param news what just happened, for an event; {@code null} when nothing did
     * @param note something about a ready claim that does not make it less ready, such as a class that is gone
     */
    record Told(
            Standing standing,
            Reason reason,
            String message,
            @Nullable Home home,
            Duration again,
            @Nullable News news,
            @Nullable News note)
            implements ClaimOutcome {

        Told withHome(@Nullable Home other) {
            return new Told(standing, reason, message, other, again, news, note);
        }
    }

    /** Where a claim lives. */
    record Home(String server, String version, LedgerClaim row) {}

    /** Something that happened. */
    record News(Reason reason, String message) {}

    /** How a claim stands. */
    enum Standing {
        /** A login with its Secret works. */
        Ready,
        /** Something may come by itself. */
        Waiting,
        /** It had everything, and its server does not answer now. */
        OutOfSight,
        /** The spec is not agreed to: the claim has to change, or a rule. */
        Refused,
        /** Something foreign stands in the way. */
        Conflict,
        /** Ours to fix. */
        Failed,
        Paused
    }

    static Told told(Standing standing, Reason reason, String message, Duration again) {
        return new Told(standing, reason, message, null, again, null, null);
    }
}

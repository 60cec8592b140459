// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.AdoptionPlan;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.policy.Violation;
import java.time.Duration;
import java.util.List;
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
     * @param compliance what the policies say of it, {@code null} when they were not asked
     * @param plan what waits for a DBA's consent, {@code null} for nothing
     */
    record Told(
            Standing standing,
            Reason reason,
            String message,
            @Nullable Home home,
            Duration again,
            @Nullable News news,
            @Nullable News note,
            @Nullable Compliance compliance,
            @Nullable AdoptionPlan plan)
            implements ClaimOutcome {

        /** Of a claim that waits for no consent. */
        Told(
                Standing standing,
                Reason reason,
                String message,
                @Nullable Home home,
                Duration again,
                @Nullable News news,
                @Nullable News note,
                @Nullable Compliance compliance) {
            this(standing, reason, message, home, again, news, note, compliance, null);
        }

        Told with(AdoptionPlan shown) {
            return new Told(standing, reason, message, home, again, news, note, compliance, shown);
        }

        Told withHome(@Nullable Home other) {
            return new Told(standing, reason, message, other, again, news, note, compliance, plan);
        }

        Told with(Compliance asked) {
            return new Told(standing, reason, message, home, again, news, note, asked, plan);
        }

        Told with(News happened) {
            return new Told(standing, reason, message, home, again, happened, note, compliance, plan);
        }

        /** A refusal is told instead. */
        Told withoutNewsOf(Reason other) {
            return news != null && news.reason() == other
                    ? new Told(standing, reason, message, home, again, null, note, compliance, plan)
                    : this;
        }

        Told sooner(Duration other) {
            var next = other.compareTo(again) < 0 ? other : again;
            return new Told(standing, reason, message, home, next, news, note, compliance, plan);
        }

        /** The database runs on, and something is to be said first. */
        Told but(Standing other, Reason why, String words) {
            return new Told(other, why, words, home, again, news, note, compliance, plan);
        }
    }

    /**
     * How a claim stands with the policies for it.
     *
     * @param breach why it does not comply, {@code null} when it does
     */
    record Compliance(@Nullable Reason breach, List<Violation> violations) {}

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
        return new Told(standing, reason, message, null, again, null, null, null, null);
    }
}

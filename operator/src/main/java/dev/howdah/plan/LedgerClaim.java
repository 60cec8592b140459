// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedBecause;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.Demand;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A claim as the ledger of its server knows it.
 *
 * @param roles every role made for it
 * @param storage the budget in bytes
 * @param accepted what was last carried out, {@code null} until the first time
 * @param dropAfter when the sweep drops the database, {@code null} for never
 * @param logins by access name
 * @param history how it came to be as it is
 */
public record LedgerClaim(
        ClaimIdentity identity,
        String database,
        List<String> roles,
        State state,
        long storage,
        int connections,
        @Nullable Accepted accepted,
        @Nullable Instant dropAfter,
        Map<String, Login> logins,
        History history) {

    /** A row with nothing behind it. */
    public LedgerClaim(
            ClaimIdentity identity,
            String database,
            List<String> roles,
            State state,
            long storage,
            int connections,
            @Nullable Accepted accepted,
            @Nullable Instant dropAfter,
            Map<String, Login> logins) {
        this(identity, database, roles, state, storage, connections, accepted, dropAfter, logins, History.NONE);
    }

    /** Of two rows of one claim: the one that runs, and of two that run the one whose logins were made last. */
    public static final Comparator<LedgerClaim> BY_STANDING =
            Comparator.comparing(LedgerClaim::runs).thenComparing(LedgerClaim::lastPublished);

    private boolean runs() {
        return state == State.Active && accepted != null;
    }

    /** When the youngest of its logins got its password; whoever has the older one was replaced since. */
    public Instant lastPublished() {
        return logins.values().stream()
                .map(Login::rotated)
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }

    /**
     * How a row came to be as it is.
     *
     * @param retainedAt since when it is kept without a claim, {@code null} while it has one
     * @param because why it is kept
     * @param formerInstallation the lost cluster it was recovered from, until a claim here has it; else {@code null}
     * @param consentUsed whether the pair that stands in the server's adoptions was acted on already
     * @param adopted what was there before, where the operator did not make the database
     */
    public record History(
            @Nullable Instant retainedAt,
            @Nullable RetainedBecause because,
            @Nullable String formerInstallation,
            boolean consentUsed,
            @Nullable Adopted adopted) {
        public static final History NONE = new History(null, null, null, false, null);

        History retained(Instant at, RetainedBecause why) {
            return new History(
                    retainedAt == null ? at : retainedAt,
                    because == null ? why : because,
                    formerInstallation,
                    consentUsed,
                    adopted);
        }

        /** A claim has it now. */
        public History bound(boolean consentUsedNow) {
            return new History(null, null, null, consentUsed || consentUsedNow, adopted);
        }

        History withoutConsent() {
            return new History(retainedAt, because, formerInstallation, false, adopted);
        }
    }

    /** Where a claim is in its life. */
    public enum State {
        Provisioning,
        Active,
        Retained,
        Dropping
    }

    /** What it takes of a quota and of its server. */
    public Demand demand() {
        return new Demand(storage, connections);
    }

    /** The same row taken over by another object of the same claim; it is not open before that is agreed to anew. */
    public LedgerClaim boundTo(ClaimIdentity other) {
        return new LedgerClaim(
                other, database, roles, State.Retained, storage, connections, accepted, null, logins, history);
    }

    /** The same row with these logins. */
    public LedgerClaim with(Map<String, Login> others) {
        return new LedgerClaim(
                identity,
                database,
                roles,
                state,
                storage,
                connections,
                accepted,
                dropAfter,
                Map.copyOf(others),
                history);
    }

    /** The same row after its logins were closed; the first time counts. */
    public LedgerClaim retained(Instant at, RetainedBecause because, @Nullable Duration dropIn) {
        var first = history.retainedAt() == null;
        return new LedgerClaim(
                identity,
                database,
                roles,
                State.Retained,
                storage,
                connections,
                accepted,
                first ? dropIn == null ? null : at.plus(dropIn) : dropAfter,
                logins,
                history.retained(at, because));
    }

    /** The same row once the pair that was acted on no longer stands in the server's adoptions. */
    public LedgerClaim withoutConsent() {
        return new LedgerClaim(
                identity,
                database,
                roles,
                state,
                storage,
                connections,
                accepted,
                dropAfter,
                logins,
                history.withoutConsent());
    }
}

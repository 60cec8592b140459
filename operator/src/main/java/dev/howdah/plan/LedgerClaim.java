// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.Demand;
import java.time.Instant;
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
        Map<String, Login> logins) {

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
        return new LedgerClaim(other, database, roles, State.Retained, storage, connections, accepted, null, logins);
    }

    /** The same row with these logins. */
    public LedgerClaim with(Map<String, Login> others) {
        return new LedgerClaim(
                identity, database, roles, state, storage, connections, accepted, dropAfter, Map.copyOf(others));
    }

    /** The same row after its logins were closed. */
    public LedgerClaim retained() {
        return new LedgerClaim(
                identity, database, roles, State.Retained, storage, connections, accepted, dropAfter, logins);
    }
}

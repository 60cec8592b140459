// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.reconcile.claim.ClaimOutcome.Later;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.fleet.Unusable;
import dev.howdah.reconcile.status.Annotations;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a claim was last seen, against what the ledgers say: it gets no other database in silence. */
final class Whereabouts {
    private final Fleet fleet;

    Whereabouts(Fleet fleet) {
        this.fleet = fleet;
    }

    /** A claim whose status names a database that no ledger knows is not given an empty one. */
    @Nullable
    ClaimOutcome lost(DatabaseClaim claim) {
        var database = database(claim);
        var host = ClaimSubjects.lastHost(claim);
        // Where its own server's ledger is known, that of another tells nothing of it.
        var known = host != null && fleet.member(host).map(Member::ledgerKnown).orElse(false);
        var unread = known ? List.<String>of() : fleet.unread();
        if (database == null || (unread.isEmpty() && lossIsAccepted(claim))) {
            return null;
        }
        fleet.waits(ResourceID.fromResource(claim));
        return unread.isEmpty()
                ? ClaimOutcome.told(
                        Standing.Conflict,
                        Reason.DatabaseMissing,
                        "this claim had the database \"%s\" and no ledger knows of it any more: its server was given up or is not published now. It heals when that server is back; to go on with an empty database instead, annotate the claim with %s=%s"
                                .formatted(database, Howdah.ACCEPT_LOSS, database),
                        ClaimFlow.LOOK_AGAIN)
                : ClaimOutcome.told(
                        Standing.OutOfSight,
                        Reason.LedgerUnreadable,
                        Unusable.ledgers(fleet, unread) + ", so it is not known where this claim's database is",
                        ClaimFlow.LOOK_AGAIN);
    }

    /**
     * A ledger may still have a claim that lives on another server by now, as when that one was given up and came back. So
     * the ledger of the server that the claim was last seen on is heard before any other, and what another server has is not
     * taken in its stead unasked.
     */
    @Nullable
    ClaimOutcome elsewhere(DatabaseClaim claim, Fleet.@Nullable Home home) {
        var seen = ClaimSubjects.lastHost(claim);
        if (seen == null || home == null || seen.equals(home.member().name())) {
            return null;
        }
        if (!fleet.visited()) {
            fleet.waits(ResourceID.fromResource(claim));
            return new Later(ClaimFlow.MOMENT);
        }
        var host = fleet.member(seen).orElse(null);
        if (host == null) {
            // Its server may have another name now.
            return null;
        }
        if (!host.ledgerKnown()) {
            fleet.waits(ResourceID.fromResource(claim));
            return ClaimOutcome.told(
                    Standing.OutOfSight,
                    Reason.LedgerUnreadable,
                    "%s, and this claim was there when it was last seen; what server \"%s\" has of it is not used before that"
                            .formatted(
                                    Unusable.ledgers(fleet, List.of(seen)),
                                    home.member().name()),
                    ClaimFlow.LOOK_AGAIN);
        }
        var database = database(claim);
        // Of two objects for one server, the one that does not serve the ledger is never open.
        if (database == null || host.open().isEmpty() || lossIsAccepted(claim)) {
            return null;
        }
        fleet.waits(ResourceID.fromResource(claim));
        return ClaimOutcome.told(
                Standing.Conflict,
                Reason.DatabaseMissing,
                "this claim had the database \"%s\" on server \"%s\", whose ledger knows of it no more. Server \"%s\" keeps an earlier one of this claim's name, which is not taken in its stead unasked. It heals when that ledger is back; to go on with the earlier one, annotate the claim with %s=%s"
                        .formatted(database, seen, home.member().name(), Howdah.ACCEPT_LOSS, database),
                ClaimFlow.LOOK_AGAIN);
    }

    private static @Nullable String database(DatabaseClaim claim) {
        return claim.getStatus() == null ? null : claim.getStatus().database();
    }

    private static boolean lossIsAccepted(DatabaseClaim claim) {
        return Annotations.get(claim, Howdah.ACCEPT_LOSS)
                .filter(consent -> consent.equals(database(claim)))
                .isPresent();
    }
}

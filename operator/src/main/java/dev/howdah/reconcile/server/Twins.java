// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Fleet.Home;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.status.EventRecorder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.Optional;

/** A server that comes late may bring a database of a claim that was given another one meanwhile: nobody may miss that. */
final class Twins {
    private final KubernetesClient client;
    private final Fleet fleet;
    private final EventRecorder events;

    Twins(KubernetesClient client, Fleet fleet, EventRecorder events) {
        this.client = client;
        this.fleet = fleet;
        this.events = events;
    }

    /** Tells the claim and the server, once each. */
    void tell(Member member, Collection<LedgerClaim> live) {
        for (var row : live) {
            livesElsewhere(member, row).ifPresent(home -> tell(member, row, home));
        }
    }

    private void tell(Member member, LedgerClaim row, Home home) {
        var identity = row.identity();
        var words =
                "server \"%s\" has a database \"%s\" of claim %s/%s too, which was given another one on server \"%s\". Both are kept, and the claim goes on with the latter. To have the former back: delete the claim, have a DBA discard the latter, and apply the claim again"
                        .formatted(
                                member.name(),
                                row.database(),
                                identity.namespace(),
                                identity.name(),
                                home.member().name());
        if (!member.troubles().isNewTwin(identity.uid(), words)) {
            return;
        }
        events.warning(member.resource(), Reason.DatabaseConflict, words);
        var claim = client.resources(DatabaseClaim.class)
                .inNamespace(identity.namespace())
                .withName(identity.name())
                .get();
        if (claim != null) {
            events.warning(claim, Reason.DatabaseConflict, words);
        }
    }

    private Optional<Home> livesElsewhere(Member member, LedgerClaim row) {
        var uid = row.identity().uid();
        if (fleet.claimExists(row.identity())) {
            return fleet.home(uid).filter(home -> home.member() != member);
        }
        return fleet.members().stream()
                .filter(other -> other != member)
                .flatMap(other -> other.rows().stream().map(found -> new Home(other, found)))
                .filter(home -> isOfThatClaim(home.row(), row)
                        && fleet.claimExists(home.row().identity()))
                .findFirst();
    }

    private static boolean isOfThatClaim(LedgerClaim other, LedgerClaim row) {
        return other.state() == State.Active
                && other.identity().hasNameOf(row.identity())
                && other.identity().namespaceUid().equals(row.identity().namespaceUid());
    }
}

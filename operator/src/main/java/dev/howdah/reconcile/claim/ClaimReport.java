// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.status.Annotations;
import dev.howdah.reconcile.status.EventRecorder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.util.Objects;

/** Says what became of a claim: in its status, in events, and by taking away consent that was used. */
final class ClaimReport {
    private final EventRecorder events;
    private final Clock clock;

    ClaimReport(EventRecorder events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /** Consent to a loss counts once: left standing, it would consent to the next one too. */
    void useUpConsent(DatabaseClaim claim, Context<DatabaseClaim> context) {
        if (Annotations.get(claim, Howdah.ACCEPT_LOSS).isPresent()) {
            Annotations.remove(context.getClient(), claim, Howdah.ACCEPT_LOSS);
            events.normal(
                    claim,
                    Reason.Updated,
                    "the annotation %s was taken away: there is a database now, and it counts once"
                            .formatted(Howdah.ACCEPT_LOSS));
        }
    }

    UpdateControl<DatabaseClaim> tell(DatabaseClaim claim, Told told) {
        var before = claim.getStatus();
        var status = ClaimStatusFactory.status(before, claim.getMetadata().getGeneration(), told, clock.instant());
        Transitions.tell(events, claim, told);
        if (status.equals(before)) {
            return UpdateControl.<DatabaseClaim>noUpdate().rescheduleAfter(told.again());
        }
        var patch = bare(claim);
        patch.setStatus(status);
        return UpdateControl.patchStatus(patch).rescheduleAfter(told.again());
    }

    void tellWhileDeleting(DatabaseClaim claim, Told told, Context<DatabaseClaim> context) {
        var before = claim.getStatus();
        var status = ClaimStatusFactory.status(before, claim.getMetadata().getGeneration(), told, clock.instant());
        if (!Objects.equals(status, before)) {
            Transitions.tell(events, claim, told);
            var patch = bare(claim);
            patch.setStatus(status);
            context.resourceOperations().serverSideApplyPrimaryStatus(patch);
        }
    }

    private static DatabaseClaim bare(DatabaseClaim claim) {
        var bare = new DatabaseClaim();
        bare.getMetadata().setName(claim.getMetadata().getName());
        bare.getMetadata().setNamespace(claim.getMetadata().getNamespace());
        return bare;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.status.Annotations;
import dev.howdah.reconcile.status.Conditions;
import dev.howdah.reconcile.status.EventRecorder;
import dev.howdah.reconcile.status.StatusWrite;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Says what became of a claim: in its status, in events, and by taking away consent that was used. */
final class ClaimReport {
    private final Fleet fleet;
    private final EventRecorder events;
    private final Clock clock;
    private final OpenReports reports;
    /** By UID: those that are told something else first. */
    private final Set<String> unready = ConcurrentHashMap.newKeySet();

    private volatile FirstReady firstReady = (className, took) -> {};

    ClaimReport(Fleet fleet, EventRecorder events, Clock clock) {
        this.fleet = fleet;
        this.events = events;
        this.clock = clock;
        this.reports = new OpenReports(clock);
    }

    void listen(FirstReady heard) {
        firstReady = heard;
    }

    void forget(DatabaseClaim claim) {
        unready.remove(claim.getMetadata().getUid());
    }

    /** Only a claim that had no place yet can become ready for the first time. */
    private void note(DatabaseClaim claim, Told told, DatabaseClaimStatus status) {
        var before = claim.getStatus();
        var uid = claim.getMetadata().getUid();
        var fresh = before == null || before.server() == null;
        if (told.standing() != Standing.Ready) {
            if (fresh) {
                unready.add(uid);
            }
        } else if (unready.remove(uid) || fresh) {
            firstReady.became(
                    status.className() == null ? "" : status.className(),
                    Duration.between(Instant.parse(claim.getMetadata().getCreationTimestamp()), clock.instant()));
        }
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

    UpdateControl<DatabaseClaim> tell(DatabaseClaim claim, Told told, Context<DatabaseClaim> context) {
        var before = claim.getStatus();
        var sync = sync(told, before == null ? null : before.conditions());
        var status =
                ClaimStatusFactory.status(before, claim.getMetadata().getGeneration(), told, sync, clock.instant());
        Transitions.tell(events, claim, told);
        Transitions.tell(events, claim, sync);
        Transitions.tellLeft(events, claim, status);
        if (status.equals(before)) {
            return UpdateControl.<DatabaseClaim>noUpdate().rescheduleAfter(told.again());
        }
        var patch = bare(claim);
        patch.setStatus(status);
        note(claim, told, status);
        reports.tell(claim, before, status, context.getClient());
        return UpdateControl.<DatabaseClaim>noUpdate()
                .rescheduleAfter(StatusWrite.write(claim, patch, told.again(), context));
    }

    /** What is known of drift where the claim lives; what was put right is told once. */
    private @Nullable Sync sync(Told told, @Nullable List<Condition> before) {
        var home = told.home();
        var member = home == null ? null : fleet.member(home.server()).orElse(null);
        if (home == null || member == null || told.standing() == Standing.Paused) {
            return null;
        }
        var book = member.drift();
        var uid = home.row().identity().uid();
        var sync = new Sync(book.open(uid), book.takeRepaired(uid), DriftCare.reports(member));
        var nothing = sync.open().isEmpty() && sync.repaired().isEmpty();
        // What an earlier process found stands until this one has looked.
        return nothing
                        && !book.isSwept()
                        && Conditions.find(before, Conditions.IN_SYNC).isPresent()
                ? null
                : sync;
    }

    /** @return when to look again */
    Duration tellWhileDeleting(DatabaseClaim claim, Told told, Duration again, Context<DatabaseClaim> context) {
        var before = claim.getStatus();
        var status = ClaimStatusFactory.status(before, claim.getMetadata().getGeneration(), told, clock.instant());
        if (!Objects.equals(status, before)) {
            Transitions.tell(events, claim, told);
            var patch = bare(claim);
            patch.setStatus(status);
            return StatusWrite.write(claim, patch, again, context);
        }
        return again;
    }

    private static DatabaseClaim bare(DatabaseClaim claim) {
        var bare = new DatabaseClaim();
        bare.getMetadata().setName(claim.getMetadata().getName());
        bare.getMetadata().setNamespace(claim.getMetadata().getNamespace());
        return bare;
    }
}

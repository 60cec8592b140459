// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.policy;

import static dev.howdah.reconcile.status.Conditions.ACCEPTED;
import static dev.howdah.reconcile.status.Conditions.PROGRAMMED;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.DatabaseWaiverStatus;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.rulebook.WaiverTerms;
import dev.howdah.reconcile.guard.Guardrails;
import dev.howdah.reconcile.status.Conditions;
import dev.howdah.reconcile.status.Conditions.Wanted;
import dev.howdah.reconcile.status.EventRecorder;
import dev.howdah.reconcile.status.Generations;
import dev.howdah.reconcile.status.MeaningfulUpdate;
import dev.howdah.reconcile.status.StatusWrite;
import dev.howdah.reconcile.status.Telling;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells how a waiver stands, and its claim's team and DBA three days and one day before it ends. */
@ControllerConfiguration(
        name = "databasewaiver",
        fieldManager = Howdah.FIELD_MANAGER,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = MeaningfulUpdate.class))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60_000)
public class WaiverReconciler implements Reconciler<DatabaseWaiver>, Telling<DatabaseWaiver> {
    private static final List<Duration> NOTICE = List.of(Duration.ofHours(72), Duration.ofHours(24));
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofHours(1);

    private final Guardrails guardrails;
    private final EventRecorder events;
    private final Clock clock;
    private @Nullable InformerEventSource<DatabaseClaim, DatabaseWaiver> claims;

    public WaiverReconciler(Guardrails guardrails, EventRecorder events, Clock clock) {
        this.guardrails = guardrails;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, DatabaseWaiver>> prepareEventSources(EventSourceContext<DatabaseWaiver> context) {
        var waivers = context.getPrimaryCache();
        var known = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(DatabaseClaim.class, DatabaseWaiver.class)
                        .withName("waived-claims")
                        // Only whether there is one matters.
                        .withOnUpdateFilter((now, before) -> false)
                        .withSecondaryToPrimaryMapper(claim -> waivers.list(waiver -> isFor(waiver, claim))
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .build(),
                context);
        claims = known;
        return List.of(known);
    }

    private static boolean isFor(DatabaseWaiver waiver, DatabaseClaim claim) {
        var ref = waiver.getSpec().claimRef();
        return ref.namespace().equals(claim.getMetadata().getNamespace())
                && ref.name().equals(claim.getMetadata().getName());
    }

    @Override
    public UpdateControl<DatabaseWaiver> reconcile(DatabaseWaiver waiver, Context<DatabaseWaiver> context) {
        var name = waiver.getMetadata().getName();
        var rulebook = guardrails.rulebook();
        var ref = waiver.getSpec().claimRef();
        var faults = rulebook.waiverFaults(name);
        var terms = rulebook.waiversOf(ref.namespace(), ref.name()).stream()
                .filter(known -> known.name().equals(name))
                .findFirst();
        if (rulebook.generationOfWaiver(name) != Generations.of(waiver)) {
            return UpdateControl.<DatabaseWaiver>noUpdate().rescheduleAfter(MOMENT);
        }
        var source = claims;
        var claim = source == null
                ? null
                : source.get(new ResourceID(ref.name(), ref.namespace())).orElse(null);
        var before = waiver.getStatus();
        var generation = waiver.getMetadata().getGeneration();
        var wanted = wanted(ref.namespace() + "/" + ref.name(), faults, terms.orElse(null), claim);
        var status = new DatabaseWaiverStatus(
                generation,
                Conditions.judged(before == null ? null : before.conditions(), wanted, generation, clock.instant()));
        var again = terms.map(this::again).orElse(LOOK_AGAIN);
        if (status.equals(before)) {
            return UpdateControl.<DatabaseWaiver>noUpdate().rescheduleAfter(again);
        }
        tell(waiver, claim, before, wanted, terms.flatMap(this::notice).isPresent());
        var patch = new DatabaseWaiver();
        patch.getMetadata().setName(name);
        patch.setStatus(status);
        return UpdateControl.<DatabaseWaiver>noUpdate()
                .rescheduleAfter(StatusWrite.write(waiver, patch, again, context));
    }

    private List<Wanted> wanted(
            String claim, List<String> faults, @Nullable WaiverTerms terms, @Nullable DatabaseClaim found) {
        if (terms == null || !faults.isEmpty()) {
            var message = String.join("; ", faults)
                    + (terms == null
                            ? ". The waiver lifts nothing until this is corrected"
                            : ". The edit changes nothing: what was lifted before stays so until this is corrected, or the operator restarts");
            return both(false, Reason.Invalid, message);
        }
        if (terms.ended(clock.instant())) {
            return both(
                    false,
                    Reason.WaiverExpired,
                    "ended at %s; the limits hold again for %s. Delete it, or set a later expirationTime"
                            .formatted(terms.expires(), claim));
        }
        var accepted = Wanted.of(ACCEPTED, true, Reason.Valid, message(terms));
        return found == null
                ? List.of(
                        accepted,
                        Wanted.of(
                                PROGRAMMED,
                                false,
                                Reason.Pending,
                                "there is no claim %s; correct claimRef, or create the claim and it counts"
                                        .formatted(claim)))
                : List.of(accepted, Wanted.of(PROGRAMMED, true, Reason.Valid, "counts for " + claim));
    }

    /** Its message changes as notice is given, and with it the status: so each notice is given once, restarts or not. */
    private String message(WaiverTerms terms) {
        return notice(terms)
                .map(notice -> "ends at %s, in less than %d hours".formatted(terms.expires(), notice.toHours()))
                .orElseGet(() -> "ends at %s".formatted(terms.expires()));
    }

    /** The shortest notice that is due. */
    private Optional<Duration> notice(WaiverTerms terms) {
        var left = Duration.between(clock.instant(), terms.expires());
        return NOTICE.stream().filter(notice -> left.compareTo(notice) <= 0).min(Duration::compareTo);
    }

    private Duration again(WaiverTerms terms) {
        var left = Duration.between(clock.instant(), terms.expires());
        var next = NOTICE.stream()
                .map(left::minus)
                .filter(Duration::isPositive)
                .min(Duration::compareTo)
                .orElse(left);
        return next.isPositive() ? next.plusMillis(1) : LOOK_AGAIN;
    }

    private static List<Wanted> both(boolean status, Reason reason, String message) {
        return List.of(Wanted.of(ACCEPTED, status, reason, message), Wanted.of(PROGRAMMED, status, reason, message));
    }

    private void tell(
            DatabaseWaiver waiver,
            @Nullable DatabaseClaim claim,
            @Nullable DatabaseWaiverStatus before,
            List<Wanted> wanted,
            boolean notice) {
        for (var condition : wanted) {
            var known = Conditions.find(before == null ? null : before.conditions(), condition.type())
                    .filter(c -> c.message().equals(condition.message()))
                    .isPresent();
            var accepted = condition.type().equals(ACCEPTED);
            if (!known && notice && accepted && condition.status().equals(Conditions.TRUE)) {
                var message = "waiver \"%s\" of %s: %s"
                        .formatted(
                                waiver.getMetadata().getName(), waiver.getSpec().owner(), condition.message());
                events.warning(waiver, Reason.WaiverExpired, message);
                if (claim != null) {
                    events.warning(claim, Reason.WaiverExpired, message);
                }
            } else if (!known && accepted && condition.status().equals(Conditions.FALSE)) {
                events.warning(waiver, condition.reason(), condition.message());
            }
        }
    }
}

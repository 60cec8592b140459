// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.offer;

import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabaseClassStatus;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.ClassChoice;
import dev.howdah.policy.Source;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.guard.Findings;
import dev.howdah.reconcile.status.Conditions;
import dev.howdah.reconcile.status.CountInterval;
import dev.howdah.reconcile.status.MeaningfulUpdate;
import dev.howdah.reconcile.status.StatusWrite;
import dev.howdah.reconcile.status.Telling;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Tells how a class is used. Everything else about a class happens when a claim refers to it. */
@ControllerConfiguration(
        name = "databaseclass",
        fieldManager = Howdah.FIELD_MANAGER,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = MeaningfulUpdate.class))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60_000)
public class ClassReconciler implements Reconciler<DatabaseClass>, Telling<DatabaseClass> {
    private static final int TOLD = 20;
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

    private final Fleet fleet;
    private final Findings findings;
    private final BooleanSupplier judged;
    private final Signals signals;
    private final Clock clock;
    private final CountInterval counts;

    public ClassReconciler(Fleet fleet, Findings findings, BooleanSupplier judged, Signals signals, Clock clock) {
        this.fleet = fleet;
        this.findings = findings;
        this.judged = judged;
        this.signals = signals;
        this.clock = clock;
        this.counts = new CountInterval(clock);
    }

    @Override
    public List<EventSource<?, DatabaseClass>> prepareEventSources(EventSourceContext<DatabaseClass> context) {
        return List.of(signals.classes());
    }

    @Override
    public UpdateControl<DatabaseClass> reconcile(DatabaseClass databaseClass, Context<DatabaseClass> context) {
        var name = databaseClass.getMetadata().getName();
        if (!fleet.visited() || !judged.getAsBoolean()) {
            // Counting before every server was asked once would tell less than there is.
            return UpdateControl.<DatabaseClass>noUpdate().rescheduleAfter(Duration.ofSeconds(2));
        }
        var before = databaseClass.getStatus();
        var generation = databaseClass.getMetadata().getGeneration();
        var status = new DatabaseClassStatus(
                generation,
                Conditions.judged(
                        before == null ? null : before.conditions(),
                        List.of(accepted(databaseClass)),
                        generation,
                        clock.instant()),
                fleet.claimsOf(name),
                fleet.selectedBy(databaseClass.getSpec().serverSelector()).size());
        if (status.equals(before)) {
            return UpdateControl.<DatabaseClass>noUpdate().rescheduleAfter(LOOK_AGAIN);
        }
        var wait = counts.waitFor(name, before == null ? null : before.conditions(), status.conditions());
        if (wait.isPresent()) {
            return UpdateControl.<DatabaseClass>noUpdate().rescheduleAfter(wait.get());
        }
        var patch = new DatabaseClass();
        patch.getMetadata().setName(name);
        patch.setStatus(status);
        return UpdateControl.<DatabaseClass>noUpdate()
                .rescheduleAfter(StatusWrite.write(databaseClass, patch, LOOK_AGAIN, context));
    }

    /** A value of the class that breaks a policy's limit is passed over for the claims of that policy. */
    private Conditions.Wanted accepted(DatabaseClass databaseClass) {
        var self = Source.ofClass(databaseClass.getMetadata().getName());
        var conflicts = new TreeSet<String>();
        findings.all()
                .forEach(finding -> finding.conflicts().stream()
                        .filter(conflict -> conflict.author().equals(self))
                        .forEach(conflict -> conflicts.add(conflict.message())));
        if (!conflicts.isEmpty()) {
            return Conditions.Wanted.of(
                    Conditions.ACCEPTED,
                    false,
                    Reason.Conflicted,
                    "these values are passed over where policies do not allow them: "
                            + conflicts.stream().limit(TOLD).collect(Collectors.joining("; ")));
        }
        return Conditions.Wanted.of(
                Conditions.ACCEPTED,
                true,
                Reason.Valid,
                ClassChoice.isDefault(databaseClass)
                        ? "offered, and the default of claims without a class"
                        : "offered");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.review.ClaimJudge;
import dev.howdah.postgres.ServerRefused;
import dev.howdah.postgres.SqlFailure;
import dev.howdah.reconcile.Settings;
import dev.howdah.reconcile.claim.ClaimOutcome.Later;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.guard.Findings;
import dev.howdah.reconcile.guard.Guardrails;
import dev.howdah.reconcile.status.EventRecorder;
import dev.howdah.reconcile.status.MeaningfulUpdate;
import dev.howdah.reconcile.status.Telling;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** A claim becomes a database, and is told of what it waits for. */
@ControllerConfiguration(
        name = "databaseclaim",
        finalizerName = Howdah.FINALIZER,
        fieldManager = Howdah.FIELD_MANAGER,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = MeaningfulUpdate.class))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 300_000)
public class ClaimReconciler implements Reconciler<DatabaseClaim>, Cleaner<DatabaseClaim>, Telling<DatabaseClaim> {
    private final Fleet fleet;
    private final ClaimSources sources;
    private final ClaimProvisioning provisioning;
    private final ClaimFlow flow;
    private final ClaimSubjects subjects;
    private final Findings findings;
    private final ClaimJudge judge;
    private final ClaimEnding ending;
    private final Probes probes;
    private final Failures failures;
    private final EventRecorder events;
    private final ClaimReport report;
    private final Clock clock;

    public ClaimReconciler(
            Fleet fleet,
            Guardrails guardrails,
            Findings findings,
            Signals signals,
            Settings settings,
            EventRecorder events,
            Passwords passwords,
            DoubleSupplier jitter,
            Clock clock) {
        this.fleet = fleet;
        this.sources = new ClaimSources(fleet, guardrails, signals);
        this.findings = findings;
        this.subjects = new ClaimSubjects(fleet, guardrails, sources::claims, clock);
        var decisions = new ClaimDecisions(fleet, subjects, findings);
        this.judge = new LedgerJudge(fleet, sources, subjects, decisions);
        this.failures = new Failures(fleet, signals);
        this.probes = new Probes(clock, jitter, settings.lookInterval());
        this.provisioning = new ClaimProvisioning(fleet, new Credentials(passwords, clock), probes, clock);
        this.flow = new ClaimFlow(fleet, subjects, decisions, findings, provisioning, failures, clock);
        this.ending = new ClaimEnding(fleet, subjects, signals, settings, clock);
        this.events = events;
        this.report = new ClaimReport(fleet, events, clock);
        this.clock = clock;
    }

    /** Judges as this reconciler does. */
    public ClaimJudge judge() {
        return judge;
    }

    /** The claims that are judged, for those who count them: whoever is going is not, and keeps nobody waiting. */
    public List<ResourceID> judged() {
        return sources.claims().stream()
                .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
                .map(ResourceID::fromResource)
                .toList();
    }

    /** All claims there are, counted. */
    public ClaimCensus census() {
        return ClaimCensus.of(sources.claims(), sources.classes(), clock.instant());
    }

    /** Who hears of claims that become ready for the first time. */
    public void listen(FirstReady heard) {
        report.listen(heard);
    }

    @Override
    public List<EventSource<?, DatabaseClaim>> prepareEventSources(EventSourceContext<DatabaseClaim> context) {
        var claims = context.getPrimaryCache();
        findings.claimsAreIn(claim -> claims.get(claim).isPresent());
        var prepared = new ArrayList<>(sources.prepare(context));
        prepared.add(new Departures(this::forget));
        return List.copyOf(prepared);
    }

    @Override
    public UpdateControl<DatabaseClaim> reconcile(DatabaseClaim claim, Context<DatabaseClaim> context) {
        ClaimOutcome outcome;
        try {
            outcome = flow.run(
                    claim,
                    sources.namespace(claim),
                    () -> ClaimSources.namespaceNow(claim, context),
                    sources.classes(),
                    secrets(claim, context));
        } catch (KubernetesClientException e) {
            outcome = failures.outcome(e);
        }
        return switch (outcome) {
            case Later later -> UpdateControl.<DatabaseClaim>noUpdate().rescheduleAfter(later.again());
            case Told told -> {
                // Also where something else is wrong with the claim, such as a spec that is refused.
                if (provisioning.usedConsent(claim) || told.standing() == ClaimOutcome.Standing.Ready) {
                    report.useUpConsent(claim, context);
                }
                yield report.tell(claim, told, context);
            }
        };
    }

    @Override
    public DeleteControl cleanup(DatabaseClaim claim, Context<DatabaseClaim> context) {
        if (Howdah.isPaused(claim)) {
            return DeleteControl.noFinalizerRemoval();
        }
        ClaimEnding.Result result;
        try {
            result = ending.end(claim, sources.namespace(claim), sources.classes(), secrets(claim, context));
        } catch (SqlFailure e) {
            result = waiting(failures.outcome(claim, e));
        } catch (ServerRefused e) {
            result = waiting(failures.outcome(claim, e));
        } catch (KubernetesClientException e) {
            result = waiting(failures.outcome(e));
        }
        return switch (result) {
            case ClaimEnding.Result.Done done -> {
                if (done.news() != null) {
                    events.normal(claim, Reason.Updated, done.news());
                }
                yield DeleteControl.defaultDelete();
            }
            case ClaimEnding.Result.Wait wait -> {
                var told = wait.told();
                var again = told == null ? wait.again() : report.tellWhileDeleting(claim, told, wait.again(), context);
                yield DeleteControl.noFinalizerRemoval().rescheduleAfter(again);
            }
        };
    }

    private void forget(DatabaseClaim claim) {
        var id = ResourceID.fromResource(claim);
        failures.over(id);
        probes.forget(id);
        report.forget(claim);
        flow.forget(claim);
        provisioning.forget(claim);
        subjects.forget(id);
        findings.forget(id);
        fleet.settled(id);
        fleet.release(claim.getMetadata().getUid());
    }

    private static ClaimEnding.Result waiting(ClaimOutcome outcome) {
        return switch (outcome) {
            case Later later -> new ClaimEnding.Result.Wait(later.again(), null);
            case Told told -> new ClaimEnding.Result.Wait(told.again(), told);
        };
    }

    private ClaimSecrets secrets(DatabaseClaim claim, Context<DatabaseClaim> context) {
        return new ClaimSecrets(claim, context, sources.secrets(), clock);
    }
}

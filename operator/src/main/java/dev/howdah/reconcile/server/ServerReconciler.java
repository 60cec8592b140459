// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerStatus;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.reconcile.Leadership;
import dev.howdah.reconcile.Settings;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.status.Annotations;
import dev.howdah.reconcile.status.EventRecorder;
import dev.howdah.reconcile.status.MeaningfulUpdate;
import dev.howdah.reconcile.status.StatusWrite;
import dev.howdah.reconcile.status.Telling;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Keeps the operator's knowledge of a server current, and its status. All contact with the server is in visits. */
@ControllerConfiguration(
        name = "postgresserver",
        finalizerName = Howdah.FINALIZER,
        fieldManager = Howdah.FIELD_MANAGER,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = MeaningfulUpdate.class))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60_000)
public class ServerReconciler implements Reconciler<PostgresServer>, Cleaner<PostgresServer>, Telling<PostgresServer> {
    /** Usage is told of at most this often. */
    private static final Duration USAGE_INTERVAL = Duration.ofSeconds(10);

    private static final Duration WHILE_VISITING = Duration.ofSeconds(30);

    private final Fleet fleet;
    private final Signals signals;
    private final ServerSources sources;
    private final Clock clock;
    private final EventRecorder events;
    private final Visits visits;
    private final Map<String, Instant> written = new ConcurrentHashMap<>();

    public ServerReconciler(
            KubernetesClient client,
            Fleet fleet,
            Signals signals,
            Leadership leadership,
            Settings settings,
            EventRecorder events,
            Executor visiting,
            Clock clock) {
        this.fleet = fleet;
        this.signals = signals;
        this.sources = new ServerSources(fleet, signals, settings.namespace());
        this.clock = clock;
        this.events = events;
        this.visits = new Visits(
                new ServerVisit(client, fleet, leadership, settings, events, clock), fleet, signals, visiting, clock);
    }

    @Override
    public List<EventSource<?, PostgresServer>> prepareEventSources(EventSourceContext<PostgresServer> context) {
        return sources.prepare(context);
    }

    @Override
    public UpdateControl<PostgresServer> reconcile(PostgresServer server, Context<PostgresServer> context) {
        var member = fleet.describe(server);
        if (Howdah.isPaused(server)) {
            return paused(server, member, context);
        }
        resume(member);
        var report = visits.ask(member, Visits.Occasion.of(server, sources.secretVersion(server)));
        if (report.isEmpty()) {
            return UpdateControl.<PostgresServer>noUpdate().rescheduleAfter(WHILE_VISITING);
        }
        var status = ServerStatusFactory.status(server, member, report.get(), clock.instant());
        var next = untilNextVisit(member);
        if (status.equals(server.getStatus())) {
            return UpdateControl.<PostgresServer>noUpdate().rescheduleAfter(next);
        }
        var pause = usagePause(server, status);
        if (pause != null) {
            return UpdateControl.<PostgresServer>noUpdate().rescheduleAfter(pause);
        }
        ServerTransitions.tell(events, server, report.get());
        written.put(member.name(), clock.instant());
        return UpdateControl.<PostgresServer>noUpdate().rescheduleAfter(write(server, status, next, context));
    }

    /** @return when to look again */
    private static Duration write(
            PostgresServer server, PostgresServerStatus status, Duration again, Context<PostgresServer> context) {
        var patch = new PostgresServer();
        patch.getMetadata().setName(server.getMetadata().getName());
        patch.setStatus(status);
        return StatusWrite.write(server, patch, again, context);
    }

    /** Nothing more is sent to it. What was known of it stays known. */
    private UpdateControl<PostgresServer> paused(
            PostgresServer server, Member member, Context<PostgresServer> context) {
        var message = rest(server, member);
        var status = ServerStatusFactory.paused(server, message, clock.instant());
        if (status.equals(server.getStatus())) {
            return UpdateControl.noUpdate();
        }
        events.normal(server, Reason.Paused, message);
        return UpdateControl.<PostgresServer>noUpdate().rescheduleAfter(write(server, status, USAGE_INTERVAL, context));
    }

    /** From now on, also where this process has never looked at it: nobody waits for a visit that does not come. */
    private String rest(PostgresServer server, Member member) {
        if (isPaused(member) && member.state() instanceof Member.State.Refused resting) {
            return resting.message();
        }
        var message = ServerStatusFactory.pausedSince(server, clock.instant());
        member.refused(Reason.Paused, message, false);
        fleet.changed(member);
        return message;
    }

    private static boolean isPaused(Member member) {
        return member.state() instanceof Member.State.Refused refused && refused.reason() == Reason.Paused;
    }

    private void resume(Member member) {
        if (signals.visitWanted(member.name()) || isPaused(member)) {
            visits.want(member.name());
        }
    }

    private Duration untilNextVisit(Member member) {
        var now = clock.instant();
        return visits.next(member.name())
                .map(next -> Duration.between(now, next))
                .filter(wait -> !wait.isNegative())
                .map(wait -> wait.plusMillis(50))
                .orElse(WHILE_VISITING);
    }

    /** How long to wait before telling, when only the usage changed and that was told a moment ago. */
    private @Nullable Duration usagePause(PostgresServer server, PostgresServerStatus status) {
        var before = server.getStatus();
        var last = written.get(server.getMetadata().getName());
        if (before == null
                || last == null
                || !Objects.equals(before.conditions(), status.conditions())
                || !Objects.equals(before.extensions(), status.extensions())) {
            return null;
        }
        var wait = Duration.between(clock.instant(), last.plus(USAGE_INTERVAL));
        return wait.isNegative() || wait.isZero() ? null : wait;
    }

    @Override
    public DeleteControl cleanup(PostgresServer server, Context<PostgresServer> context) {
        var name = server.getMetadata().getName();
        var member = fleet.describe(server);
        if (Howdah.isPaused(server)) {
            rest(server, member);
            return DeleteControl.noFinalizerRemoval();
        }
        var abandoned = Annotations.get(server, Howdah.ABANDON).filter(name::equals);
        var neverOurs = server.getStatus() == null || server.getStatus().installation() == null;
        if (abandoned.isPresent() || (member.ledgerKnown() ? member.rows().isEmpty() : neverOurs)) {
            visits.forget(name);
            written.remove(name);
            fleet.remove(name);
            return DeleteControl.defaultDelete();
        }
        resume(member);
        visits.ask(member, Visits.Occasion.of(server, sources.secretVersion(server)));
        var status = ServerStatusFactory.kept(server, member, clock.instant());
        return DeleteControl.noFinalizerRemoval()
                .rescheduleAfter(
                        status.equals(server.getStatus())
                                ? USAGE_INTERVAL
                                : write(server, status, USAGE_INTERVAL, context));
    }
}

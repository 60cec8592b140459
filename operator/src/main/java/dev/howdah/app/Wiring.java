// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.policy.review.ClaimJudge;
import dev.howdah.reconcile.Leadership;
import dev.howdah.reconcile.Settings;
import dev.howdah.reconcile.claim.ClaimReconciler;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.guard.Findings;
import dev.howdah.reconcile.guard.Guardrails;
import dev.howdah.reconcile.offer.ClassReconciler;
import dev.howdah.reconcile.policy.PolicyReconciler;
import dev.howdah.reconcile.policy.WaiverReconciler;
import dev.howdah.reconcile.server.ServerReconciler;
import dev.howdah.reconcile.status.EventRecorder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The operator's parts put together, without a framework: tests do the same as the application. */
public final class Wiring implements AutoCloseable {
    private final Fleet fleet;
    private final ExecutorService visits = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("server-visit-", 0).factory());
    private final ClaimReconciler claims;
    private final ClassReconciler classes;
    private final ServerReconciler servers;
    private final PolicyReconciler policies;
    private final WaiverReconciler waivers;
    private final Findings findings;

    public Wiring(KubernetesClient client, Settings settings, Leadership leadership, Clock clock, Randomness random) {
        var signals = new Signals();
        this.fleet = new Fleet(signals);
        var guardrails = new Guardrails();
        var findings = new Findings();
        findings.listen(changed -> {
            changed.policies().forEach(signals::policy);
            changed.classes().forEach(signals::databaseClass);
        });
        var events = new EventRecorder(client, clock, leadership.holder());
        this.claims = new ClaimReconciler(
                fleet, guardrails, findings, signals, settings, events, random::password, random::fraction, clock);
        this.classes = new ClassReconciler(fleet, findings, () -> findings.know(claims.judged()), signals, clock);
        this.policies = new PolicyReconciler(guardrails, findings, signals, events, claims::judged, clock);
        this.waivers = new WaiverReconciler(guardrails, events, clock);
        this.findings = findings;
        this.servers = new ServerReconciler(client, fleet, signals, leadership, settings, events, visits, clock);
    }

    public Fleet fleet() {
        return fleet;
    }

    public ClaimReconciler claims() {
        return claims;
    }

    public ClassReconciler classes() {
        return classes;
    }

    public PolicyReconciler policies() {
        return policies;
    }

    public WaiverReconciler waivers() {
        return waivers;
    }

    public Findings findings() {
        return findings;
    }

    /** Judges claims as the reconciler does. */
    public ClaimJudge judge() {
        return claims.judge();
    }

    /** In the order in which they are to be registered. */
    public List<Reconciler<?>> reconcilers() {
        return List.of(servers, classes, policies, waivers, claims);
    }

    public ServerReconciler servers() {
        return servers;
    }

    /** Gives back every session. The reconcilers must have stopped. */
    @Override
    public void close() {
        visits.shutdownNow();
        fleet.members()
                .forEach(member -> member.open().ifPresent(open -> open.server().close()));
    }
}

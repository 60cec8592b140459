// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.reconcile.Leadership;
import dev.howdah.reconcile.Settings;
import dev.howdah.reconcile.claim.ClaimReconciler;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.offer.ClassReconciler;
import dev.howdah.reconcile.server.ServerReconciler;
import dev.howdah.reconcile.status.EventRecorder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
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

    public Wiring(KubernetesClient client, Settings settings, Leadership leadership, Clock clock, Randomness random) {
        var signals = new Signals();
        this.fleet = new Fleet(signals);
        var events = new EventRecorder(client, clock, leadership.holder());
        this.claims = new ClaimReconciler(fleet, signals, settings, events, random::password, random::fraction, clock);
        this.classes = new ClassReconciler(fleet, signals, clock);
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

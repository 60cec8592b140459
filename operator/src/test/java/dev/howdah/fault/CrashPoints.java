// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Halts the operator before and after every exchange of a scenario, as Sieve does: an undisturbed run teaches the list of
 * exchanges and the end state; then, for each of them, the operator dies there, another one starts, and comes to that end.
 */
final class CrashPoints {
    /** A drop that did not come off is tried again after a minute. */
    private static final Duration CONVERGES = Duration.ofSeconds(100);

    private final Rig rig;
    final Invariants invariants;

    CrashPoints(Rig rig) {
        this.rig = rig;
        this.invariants = new Invariants(rig);
    }

    /** Where to halt: at the n-th exchange of this name, before it gets out or before its answer comes in. */
    record Point(Scenario scenario, String call, int nth, boolean after) {
        /** Short, the same on every run, and without anything a shell or make would take for its own. */
        String id() {
            return scenario + " " + Integer.toHexString(toString().hashCode());
        }

        @Override
        public String toString() {
            return scenario + (after ? " after " : " before ") + call + " #" + nth;
        }
    }

    /** What was learned of a scenario. */
    record Reference(Scenario scenario, List<Point> points, Fingerprint end) {}

    Reference learn(Scenario scenario) {
        rig.ready();
        var name = Rig.freshName();
        scenario.prepare(rig, name);
        rig.quiet();
        var seen = new ArrayList<Point>();
        var counts = new HashMap<String, Integer>();
        rig.wire.tap(new Tap() {
            @Override
            public synchronized Fate before(Call call) {
                int nth = counts.merge(call.side() + " " + call.name(), 1, Integer::sum);
                seen.add(new Point(scenario, call.side() + " " + call.name(), nth, false));
                return Fate.PASS;
            }
        });
        scenario.act(rig, name);
        Rig.await(scenario + " is through", () -> scenario.done(rig, name));
        rig.quiet();
        rig.wire.tap(Tap.NONE);
        var end = Fingerprint.of(rig, name);
        var points = new ArrayList<Point>();
        synchronized (seen) {
            for (var point : List.copyOf(seen)) {
                points.add(point);
                points.add(new Point(scenario, point.call(), point.nth(), true));
            }
        }
        remove(scenario, name);
        return new Reference(scenario, points, end);
    }

    /** Returns what is wrong afterwards; empty when nothing is. */
    List<String> halt(Point point, Reference reference) {
        var wrong = new ArrayList<String>();
        var scenario = point.scenario();
        var name = Rig.freshName();
        try {
            rig.ready();
            scenario.prepare(rig, name);
            rig.quiet();
            var reached = new CountDownLatch(1);
            // Only when nothing gets through any more; the tap itself is asked before that.
            rig.wire.onHalt(reached::countDown);
            rig.wire.tap(halting(point));
            scenario.act(rig, name);
            met(point, reached, name);
            rig.wire.cut();
            if (scenario != Scenario.found) {
                invariants.rights().forEach(broken -> wrong.add("13: while the operator was dead, " + broken));
            }
            if (scenario.keepsCredentials()) {
                credentials(name, wrong);
            }
            rig.kill();
            rig.wire.tap(Tap.NONE);
            rig.start();
            converge(scenario, name, reference.end(), wrong);
            stays(name, wrong);
        } catch (AssertionError | KubernetesClientException e) {
            wrong.add(e + (e.getCause() == null ? "" : ": " + e.getCause()));
        }
        rig.wire.tap(Tap.NONE);
        wrong.addAll(invariants.broken());
        remove(scenario, name);
        return wrong;
    }

    /** The point, or the end of the scenario where this run came without it: then it dies at rest. */
    private void met(Point point, CountDownLatch reached, String name) {
        var deadline = System.nanoTime() + CONVERGES.toNanos();
        try {
            while (!reached.await(50, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("neither reached the point nor the end");
                }
                if (point.scenario().done(rig, name) && rig.rests()) {
                    missed.merge(point.toString(), 1, Integer::sum);
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final Map<String, Integer> missed = new ConcurrentHashMap<>();

    /** Points at which a run came by without that exchange, because threads took turns in another order. */
    Map<String, Integer> missed() {
        return missed;
    }

    private static Tap halting(Point point) {
        var count = new HashMap<String, Integer>();
        var armed = new ConcurrentHashMap<Call, Boolean>();
        return new Tap() {
            @Override
            public synchronized Fate before(Call call) {
                var key = call.side() + " " + call.name();
                if (!key.equals(point.call()) || count.merge(key, 1, Integer::sum) != point.nth()) {
                    return Fate.PASS;
                }
                if (point.after()) {
                    armed.put(call, true);
                    return Fate.PASS;
                }
                return Fate.HALT;
            }

            @Override
            public Fate after(Call call) {
                if (armed.remove(call) == null) {
                    return Fate.PASS;
                }
                return Fate.HALT;
            }
        };
    }

    /** 9: nobody is locked out while the operator is dead. */
    private void credentials(String name, List<String> wrong) {
        for (var secret : rig.cluster
                .client
                .secrets()
                .inNamespace(rig.cluster.namespace)
                .list()
                .getItems()) {
            if (secret.getMetadata().getName().equals(name + "-db")) {
                var login = Fingerprint.logsIn(rig, secret);
                if (!login.startsWith("logs in")) {
                    wrong.add("8, 9: while the operator was dead, "
                            + secret.getMetadata().getName() + " " + login);
                }
                invariants.remember(secret);
            }
        }
    }

    /** 6: the same end as without the fault. */
    void converge(Scenario scenario, String name, Fingerprint end, List<String> wrong) {
        Rig.await(scenario + " of " + name + " is through", CONVERGES, () -> scenario.done(rig, name));
        rig.quiet();
        var now = Fingerprint.of(rig, name);
        var deadline = System.nanoTime() + CONVERGES.toNanos();
        while (!now.equals(end) && System.nanoTime() < deadline) {
            Wire.pause(300);
            now = Fingerprint.of(rig, name);
        }
        if (!now.equals(end)) {
            wrong.add("6: another end than without the fault: " + now.difference(end));
        }
        if (scenario.keepsData() && !"all of it".equals(Scenario.data(rig, name))) {
            wrong.add("1: the data is gone");
        }
    }

    /** 6, 7: and it stays, also when everything is looked at once more: nothing is written. */
    private void stays(String name, List<String> wrong) {
        var claim = version(name);
        var transactions = rig.catalog.transactions();
        Cluster.poke(rig.cluster.serverObject());
        Wire.pause(100);
        rig.quiet();
        if (rig.catalog.transactions() != transactions) {
            wrong.add("6: %d transactions wrote after the end was reached"
                    .formatted(rig.catalog.transactions() - transactions));
        }
        if (!claim.equals(version(name))) {
            wrong.add("6: the claim or its Secrets were written after the end was reached");
        }
    }

    private String version(String name) {
        var claim = rig.cluster.claim(name).get();
        var text = new StringBuilder(claim == null ? "" : claim.getMetadata().getResourceVersion());
        rig.cluster.client.secrets().inNamespace(rig.cluster.namespace).list().getItems().stream()
                .filter(s -> s.getMetadata().getName().startsWith(name + "-"))
                .forEach(s -> text.append(' ').append(s.getMetadata().getResourceVersion()));
        return text.toString();
    }

    /** Makes room for the next; the operator's memory of it goes with the operator. */
    void remove(Scenario scenario, String name) {
        scenario.clean(rig, name);
        if (rig.cluster.claim(name).get() != null) {
            rig.cluster.claim(name).delete();
            try {
                Rig.await(
                        name + " goes",
                        Duration.ofSeconds(15),
                        () -> rig.cluster.claim(name).get() == null);
            } catch (AssertionError e) {
                Cluster.patch(rig.cluster.claim(name), "metadata: {finalizers: null}");
            }
        }
        rig.cluster.secretOf(name).delete();
        rig.forget(name);
    }
}

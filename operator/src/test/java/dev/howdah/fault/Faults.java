// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Runs a fault against a scenario, both chosen and timed by a seed, and looks what is left when it is over. */
final class Faults {
    private final Rig rig;
    private final CrashPoints undisturbed;
    private final Map<Scenario, Fingerprint> ends = new EnumMap<>(Scenario.class);
    private int unmet;

    Faults(Rig rig) {
        this.rig = rig;
        this.undisturbed = new CrashPoints(rig);
    }

    /** What a seed makes of a fault. */
    static Scenario scenario(Fault fault, long seed) {
        var scenarios = fault.scenarios();
        return scenarios.get(random(fault, seed).nextInt(scenarios.size()));
    }

    /** Neighbouring seeds of {@link Random} begin alike; these do not. */
    private static Random random(Fault fault, long seed) {
        return new Random((seed + fault.name().hashCode()) * 0x9E3779B97F4A7C15L);
    }

    /** Returns what is wrong afterwards; empty when nothing is. */
    List<String> run(Fault fault, long seed) {
        var scenario = scenario(fault, seed);
        var run = new Run(rig, random(fault, ~seed), scenario);
        var wrong = new ArrayList<String>();
        try {
            rig.ready();
            var story = fault.story();
            if (story != null) {
                story.accept(run);
            } else {
                disturb(fault, run, seed, wrong);
            }
        } catch (AssertionError | KubernetesClientException e) {
            wrong.add(e + (e.getCause() == null ? "" : ": " + e.getCause()));
        }
        calm();
        wrong.addAll(run.all());
        try {
            wrong.addAll(undisturbed.invariants.broken());
        } catch (AssertionError e) {
            wrong.add(e + (e.getCause() == null ? "" : ": " + e.getCause()));
        }
        undisturbed.remove(scenario, run.name);
        return wrong;
    }

    private void disturb(Fault fault, Run run, long seed, List<String> wrong) {
        var scenario = run.scenario;
        if (!ends.containsKey(scenario)) {
            ends.put(scenario, undisturbed.learn(scenario).end());
        }
        scenario.prepare(rig, run.name);
        rig.quiet();
        int exchanges = rig.wire.exchanges();
        int disturbed = rig.wire.disturbed();
        fault.act(run);
        var heal = fault.strike(run);
        heal.heal();
        var met = rig.wire.tap() == Tap.NONE
                ? rig.wire.exchanges() > exchanges
                : rig.wire.disturbed() > disturbed
                        || rig.wire.tap().watchDelay().isPositive();
        if (!met) {
            unmet++;
        }
        rig.wire.tap(Tap.NONE);
        look(run.name, seed);
        undisturbed.converge(scenario, run.name, Objects.requireNonNull(ends.get(scenario)), wrong);
    }

    /** Somebody looks, so that no wait of a minute is sat out; every tenth run sits it out. */
    private void look(String name, long seed) {
        if (seed % 10 == 0) {
            return;
        }
        Cluster.poke(rig.cluster.serverObject());
        try {
            Rig.await("the server answers again", () -> rig.cluster.serverIsReady());
            if (rig.cluster.claim(name).get() != null) {
                Cluster.poke(rig.cluster.claim(name));
            }
        } catch (KubernetesClientException e) {
            // It went in this moment.
        }
    }

    /** Whatever a story left behind. */
    private void calm() {
        rig.wire.tap(Tap.NONE);
        rig.api.refuse(false);
        rig.sql.refuse(false);
        rig.clock.ahead(Duration.ZERO);
        rig.endOfFormerLeader();
    }

    /** In how many runs the scenario was through before the fault met any exchange. */
    int unmet() {
        return unmet;
    }

    /** An own operator for the next: after a failure nothing is taken for granted. */
    void afresh() {
        rig.kill();
    }

    List<String> leaked() {
        return undisturbed.invariants.leaked();
    }
}

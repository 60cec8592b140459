// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.time.Duration;
import java.util.List;

/** Faults that disturb no {@link Scenario} but are a story of their own. */
final class Stories {
    private Stories() {}

    static void madeAnewWhileTheOperatorIsDown(Run run) {
        var name = run.name;
        run.rig.cluster.createClaim(name, "{className: standard, connections: 5}");
        Scenario.awaitReady(run.rig, name);
        Scenario.leaveData(run.rig, name);
        run.rig.kill();
        Cluster.patch(run.rig.cluster.claim(name), "metadata: {finalizers: null}");
        run.rig.endClaim(name);
        if (run.random.nextBoolean()) {
            run.rig.start();
            Wire.pause(run.random.nextInt(3000));
            run.rig.kill();
        }
        run.rig.cluster.createClaim(name, "{className: standard, connections: 5}");
        run.rig.start();
        Scenario.awaitReady(run.rig, name);
        run.expect("its data", "all of it", String.valueOf(Scenario.data(run.rig, name)));
    }

    static void aYearAheadDropsNothing(Run run) {
        var name = run.name;
        run.rig.cluster.createClaim(name, "{className: standard, deletionPolicy: Delete, connections: 5}");
        Scenario.awaitReady(run.rig, name);
        Scenario.leaveData(run.rig, name);
        run.rig.endClaim(name);
        run.rig.clock.ahead(Duration.ofDays(300L + run.random.nextInt(100)));
        try {
            for (int i = 0; i < 3; i++) {
                Cluster.poke(run.rig.cluster.serverObject());
                Wire.pause(200);
                run.rig.quiet();
            }
            if (run.random.nextBoolean()) {
                run.rig.restart();
                run.rig.ready();
                run.rig.quiet();
            }
            run.expect("its data", "all of it", String.valueOf(Scenario.data(run.rig, name)));
        } finally {
            run.rig.clock.ahead(Duration.ZERO);
        }
    }

    static void theNamespaceGoes(Run run) {
        var ns = run.name + "-ns";
        run.rig.cluster.createNamespace(ns);
        run.rig.cluster.createClaimIn(ns, "orders", "{className: standard, connections: 5}");
        if (run.random.nextBoolean()) {
            Rig.await(
                    "ready",
                    () -> Cluster.says(run.rig.cluster.claimIn(ns, "orders").get(), "Ready", "True", null));
        } else {
            Wire.pause(run.random.nextInt(900));
        }
        run.rig.cluster.client.namespaces().withName(ns).delete();
        Rig.await(
                "the namespace goes",
                () -> run.rig.cluster.client.namespaces().withName(ns).get() == null);
        run.rig.quiet();
        Rig.await(
                "nothing of it is open",
                () -> run.rig
                        .catalog
                        .rows("SELECT rolname FROM pg_roles WHERE rolcanlogin AND starts_with(rolname, '" + ns + "_')")
                        .isEmpty());
        var rows = run.rig.catalog.rows("howdah", "SELECT state FROM howdah.claim WHERE namespace = '" + ns + "'");
        var databases = run.rig.catalog.rows("SELECT 1 FROM pg_database WHERE starts_with(datname, '" + ns + "_')");
        if (databases.isEmpty() ? rows.contains("Active") : !rows.equals(List.of("Retained"))) {
            run.wrong("the ledger says " + rows);
        }
        run.rig.catalog.forgetDatabase(ns + "_orders");
        run.rig.catalog.rows("howdah", "DELETE FROM howdah.claim WHERE namespace = '" + ns + "'");
    }

    static void theServerIsGoneForGood(Run run) {
        var name = run.name;
        run.rig.cluster.createClaim(name, "{className: standard, connections: 5}");
        Scenario.awaitReady(run.rig, name);
        Scenario.leaveData(run.rig, name);
        run.rig.sql.refuse(true);
        run.rig.sql.breakConnections();
        Cluster.poke(run.rig.cluster.serverObject());
        Rig.await("the server is missed", () -> !run.rig.cluster.serverIsReady());
        run.rig.cluster.claim(name).delete();
        Wire.pause(300 + run.random.nextInt(600));
        if (run.rig.cluster.claim(name).get() == null) {
            run.wrong("the claim did not wait for its server");
        }
        run.rig.clock.ahead(Duration.ofMinutes(11));
        try {
            run.rig.restart();
            Rig.await("the claim goes", () -> run.rig.cluster.claim(name).get() == null);
        } finally {
            run.rig.clock.ahead(Duration.ZERO);
            run.rig.sql.refuse(false);
        }
        run.rig.restart();
        run.rig.ready();
        Rig.await("its row is closed", () -> {
            Cluster.poke(run.rig.cluster.serverObject());
            Wire.pause(300);
            return run.rig.ledgerStates(name).equals(List.of("Retained"));
        });
        run.expect("its data", "all of it", String.valueOf(Scenario.data(run.rig, name)));
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * The bad days. Most disturb any {@link Scenario} for a while; what remains is the end of an undisturbed run. The numbers
 * are those of the catalogue in {@code docs/reliability.md}.
 */
enum Fault {
    F05_watchesAreLate {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.slowWatch(Duration.ofMillis(300 + run.random.nextInt(1700))));
            return after(run.random.nextInt(2500), () -> {});
        }
    },
    F06_watchesAreLost {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.expiredWatch(run.random));
            return repeat(
                    12,
                    150,
                    () -> run.rig.wire.breakConnections(
                            socket -> socket instanceof ApiProxy.Link link && link.watching));
        }
    },
    F07_madeAnewWhileTheOperatorIsDown {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.orphan);
        }

        @Override
        void happen(Run run) {
            var name = run.name;
            run.rig.createClaim(name, "{className: standard, connections: 5}");
            Scenario.awaitReady(run.rig, name);
            Scenario.leaveData(run.rig, name);
            run.rig.kill();
            Rig.patch(run.rig.claim(name), "metadata: {finalizers: null}");
            run.rig.claim(name).delete();
            Rig.await("gone", () -> run.rig.claim(name).get() == null);
            if (run.random.nextBoolean()) {
                run.rig.start();
                Wire.pause(run.random.nextInt(3000));
                run.rig.kill();
            }
            run.rig.createClaim(name, "{className: standard, connections: 5}");
            run.rig.start();
            Scenario.awaitReady(run.rig, name);
            run.expect("its data", "all of it", String.valueOf(Scenario.data(run.rig, name)));
        }
    },
    F08_theApiServerFails {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.answers(run.random, 30, 500, 503, 504, 429));
            return after(1000 + run.random.nextInt(2500), () -> {});
        }
    },
    F08_theApiServerResets {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.resets(Call.Side.API, run.random, 25));
            return after(1000 + run.random.nextInt(2500), () -> {});
        }
    },
    F08_theApiServerIsSlow {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.late(Call.Side.API, run.random, 40, Duration.ofMillis(900)));
            return after(1000 + run.random.nextInt(2000), () -> {});
        }
    },
    F08_theApiServerIsGone {
        @Override
        Heal strike(Run run) {
            Wire.pause(run.random.nextInt(400));
            run.rig.api.refuse(true);
            run.rig.wire.breakConnections(socket -> socket instanceof ApiProxy.Link);
            return after(500 + run.random.nextInt(2500), () -> run.rig.api.refuse(false));
        }
    },
    F10_conflictsStorm {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.answers(run.random, 20, 409));
            return repeat(60, 20, () -> {
                if (run.rig.claim(run.name).get() != null) {
                    Rig.patch(run.rig.claim(run.name), "metadata: {labels: {storm: \"" + run.random.nextInt() + "\"}}");
                }
            });
        }
    },
    F11_theLeaseIsLost {
        @Override
        Heal strike(Run run) {
            Wire.pause(run.random.nextInt(600));
            run.rig.sibling();
            // The former leader goes on trying: it does not know yet.
            return after(1000 + run.random.nextInt(1500), run.rig::endOfFormerLeader);
        }
    },
    F15_theClockJumps {
        @Override
        Heal strike(Run run) {
            var jump = List.of(Duration.ofHours(2), Duration.ofHours(-2), Duration.ofDays(366), Duration.ofDays(-366));
            run.rig.clock.ahead(jump.get(run.random.nextInt(jump.size())));
            return after(500 + run.random.nextInt(1000), () -> run.rig.clock.ahead(Duration.ZERO));
        }
    },
    F15_aYearAheadDropsNothing {
        @Override
        void happen(Run run) {
            var name = run.name;
            run.rig.createClaim(name, "{className: standard, deletionPolicy: Delete, connections: 5}");
            Scenario.awaitReady(run.rig, name);
            Scenario.leaveData(run.rig, name);
            run.rig.claim(name).delete();
            Rig.await("gone", () -> run.rig.claim(name).get() == null);
            run.rig.clock.ahead(Duration.ofDays(300L + run.random.nextInt(100)));
            try {
                for (int i = 0; i < 3; i++) {
                    Rig.poke(run.rig.serverObject());
                    Wire.pause(200);
                    run.rig.quiet(Duration.ofMillis(150));
                }
                if (run.random.nextBoolean()) {
                    run.rig.restart();
                    run.rig.ready();
                    run.rig.quiet(Duration.ofMillis(150));
                }
                run.expect("its data", "all of it", String.valueOf(Scenario.data(run.rig, name)));
            } finally {
                run.rig.clock.ahead(Duration.ZERO);
            }
        }
    },
    F16_theNamespaceGoes {
        @Override
        void happen(Run run) {
            var ns = run.name + "-ns";
            run.rig.createNamespace(ns);
            run.rig.createClaimIn(ns, "orders", "{className: standard, connections: 5}");
            if (run.random.nextBoolean()) {
                Rig.await("ready", () -> Rig.says(run.rig.claimIn(ns, "orders").get(), "Ready", "True", null));
            } else {
                Wire.pause(run.random.nextInt(900));
            }
            run.rig.client.namespaces().withName(ns).delete();
            Rig.await(
                    "the namespace goes",
                    () -> run.rig.client.namespaces().withName(ns).get() == null);
            run.rig.quiet(Duration.ofMillis(150));
            Rig.await(
                    "nothing of it is open",
                    () -> run.rig
                            .rows("SELECT rolname FROM pg_roles WHERE rolcanlogin AND starts_with(rolname, '" + ns
                                    + "_')")
                            .isEmpty());
            var rows = run.rig.rows("howdah", "SELECT state FROM howdah.claim WHERE namespace = '" + ns + "'");
            var databases = run.rig.rows("SELECT 1 FROM pg_database WHERE starts_with(datname, '" + ns + "_')");
            if (databases.isEmpty() ? rows.contains("Active") : !rows.equals(List.of("Retained"))) {
                run.wrong("the ledger says " + rows);
            }
            run.rig.forgetDatabase(ns + "_orders");
            run.rig.rows("howdah", "DELETE FROM howdah.claim WHERE namespace = '" + ns + "'");
        }
    },
    F17_mayNotWriteSecrets {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.create, Scenario.change, Scenario.secretLoss, Scenario.restore, Scenario.shrink);
        }

        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.refuses("/secrets", 403));
            return after(1500 + run.random.nextInt(1000), () -> {
                if (run.rig.ready(run.name)
                        && run.rig.secret(run.name + "-db") == null
                        && run.scenario == Scenario.create) {
                    run.wrong("8: Ready=True without a Secret");
                }
            });
        }
    },
    F18_theSecretIsDamaged {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.secretLoss);
        }

        @Override
        void act(Run run) {
            var secrets =
                    run.rig.client.secrets().inNamespace(run.rig.namespace).withName(run.name + "-db");
            switch (run.random.nextInt(6)) {
                case 0 -> Rig.patch(secrets, "data: {password: null}");
                case 1 -> Rig.patch(secrets, "data: {password: \"" + "c29tZXRoaW5nIGVsc2U=" + "\"}");
                case 2 -> Rig.patch(secrets, "data: {uri: \"\", host: \"eA==\"}");
                case 3 -> Rig.patch(secrets, "metadata: {labels: null}");
                case 4 -> Rig.patch(secrets, "{immutable: true, data: {password: \"eA==\"}}");
                default -> {
                    var held = Objects.requireNonNull(secrets.get());
                    secrets.delete();
                    run.rig
                            .client
                            .resource(new SecretBuilder()
                                    .withNewMetadata()
                                    .withName(held.getMetadata().getName())
                                    .withNamespace(held.getMetadata().getNamespace())
                                    .withLabels(held.getMetadata().getLabels())
                                    .withOwnerReferences(held.getMetadata().getOwnerReferences())
                                    .endMetadata()
                                    .withType("Opaque")
                                    .withData(Map.of("password", ""))
                                    .build())
                            .create();
                }
            }
        }
    },
    F19_aForeignSecretHasTheName {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.conflict);
        }

        @Override
        Heal strike(Run run) {
            var secret = Objects.requireNonNull(run.rig.secret(run.name + "-db"));
            run.rig.wire.tap(Taps.resets(Call.Side.API, run.random, 10));
            return after(
                    1000,
                    () -> run.expect(
                            "the foreign Secret",
                            secret.getMetadata().getResourceVersion() + secret.getData(),
                            Objects.requireNonNull(run.rig.secret(run.name + "-db"))
                                            .getMetadata()
                                            .getResourceVersion()
                                    + secret.getData()));
        }
    },
    F20_theServerIsGoneForGood {
        @Override
        void happen(Run run) {
            var name = run.name;
            run.rig.createClaim(name, "{className: standard, connections: 5}");
            Scenario.awaitReady(run.rig, name);
            Scenario.leaveData(run.rig, name);
            run.rig.sql.refuse(true);
            run.rig.wire.breakConnections(socket -> !(socket instanceof ApiProxy.Link));
            Rig.poke(run.rig.serverObject());
            Rig.await("the server is missed", () -> !run.rig.serverIsReady());
            run.rig.claim(name).delete();
            Wire.pause(300 + run.random.nextInt(600));
            if (run.rig.claim(name).get() == null) {
                run.wrong("the claim did not wait for its server");
            }
            run.rig.clock.ahead(Duration.ofMinutes(11));
            try {
                run.rig.restart();
                Rig.await("the claim goes", () -> run.rig.claim(name).get() == null);
            } finally {
                run.rig.clock.ahead(Duration.ZERO);
                run.rig.sql.refuse(false);
            }
            run.rig.restart();
            run.rig.ready();
            Rig.await("its row is closed", () -> {
                Rig.poke(run.rig.serverObject());
                Wire.pause(300);
                return run.rig
                        .rows("howdah", "SELECT state FROM howdah.claim WHERE name = '" + name + "'")
                        .equals(List.of("Retained"));
            });
            run.expect("its data", "all of it", String.valueOf(Scenario.data(run.rig, name)));
        }
    },
    F21_theServerIsDown {
        @Override
        Heal strike(Run run) {
            Wire.pause(run.random.nextInt(600));
            run.rig.sql.refuse(true);
            run.rig.wire.breakConnections(socket -> !(socket instanceof ApiProxy.Link));
            return after(500 + run.random.nextInt(2500), () -> run.rig.sql.refuse(false));
        }
    },
    F22_sessionsAreEnded {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.at(
                    1 + run.random.nextInt(10),
                    () -> Thread.ofVirtual().start(() -> {
                        Wire.pause(run.random.nextInt(40));
                        run.rig.rows(
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'howdah%'");
                    })));
            return after(1500, () -> {});
        }
    },
    F23_theServerIsKilled {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.create, Scenario.drop, Scenario.retain, Scenario.change);
        }

        @Override
        Heal strike(Run run) {
            Wire.pause(run.random.nextInt(900));
            run.rig.postgres.kill();
            Wire.pause(run.random.nextInt(500));
            run.rig.postgres.startAgain();
            return after(0, () -> {});
        }
    },
    F24_anAnswerIsLost {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.lostAnswer(1 + run.random.nextInt(10)));
            return after(1500, () -> {});
        }
    },
    F24_manyAnswersAreLost {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.resets(Call.Side.SQL, run.random, 25));
            return after(1000 + run.random.nextInt(2000), () -> {});
        }
    },
    F25_aStandbyAnswers {
        @Override
        Heal strike(Run run) {
            Wire.pause(run.random.nextInt(500));
            run.rig.postgres.restartAsStandby();
            Wire.pause(run.random.nextInt(1000));
            run.rig.postgres.restartAsPrimary();
            return after(0, () -> {});
        }
    },
    F28_noConnectionIsFree {
        @Override
        Heal strike(Run run) {
            var held = new ArrayList<Connection>();
            try {
                for (int i = 0; i < 200; i++) {
                    held.add(run.rig.postgres.connect("template1"));
                }
            } catch (SQLException e) {
                // Full.
            }
            run.rig.wire.breakConnections(socket -> run.random.nextBoolean() && !(socket instanceof ApiProxy.Link));
            return after(500 + run.random.nextInt(1500), () -> held.forEach(Fault::close));
        }
    },
    F29_clientsComeBackAndBack {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.retain, Scenario.drop, Scenario.change, Scenario.shrink);
        }

        @Override
        Heal strike(Run run) {
            var secret = run.rig.secret(run.name + "-db");
            if (secret == null) {
                return after(0, () -> {});
            }
            return repeat(60, 10, () -> {
                try (var client = run.rig.login(secret)) {
                    Rig.rows(client, "SELECT pg_sleep(0.02)");
                } catch (SQLException e) {
                    // Kept out or ended.
                }
            });
        }
    },
    F30_aPreparedTransactionStands {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.drop, Scenario.retain);
        }

        @Override
        void act(Run run) {
            var database = run.rig.namespace + "_" + run.name;
            run.rig.rowsAtOnce(
                    database, "BEGIN", "CREATE TABLE public.held ()", "PREPARE TRANSACTION '" + run.name + "'");
            run.scenario.act(run.rig, run.name);
            Wire.pause(700 + run.random.nextInt(800));
            if (run.rig
                    .rows("SELECT 1 FROM pg_database WHERE datname = '" + database + "'")
                    .isEmpty()) {
                run.wrong("1: dropped in spite of a prepared transaction");
            }
            run.rig.rows("ALTER DATABASE \"" + database + "\" ALLOW_CONNECTIONS true");
            run.rig.rows(database, "ROLLBACK PREPARED '" + run.name + "'");
        }
    },
    F31_aReplicationSlotStands {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.drop);
        }

        @Override
        void act(Run run) {
            var database = run.rig.namespace + "_" + run.name;
            run.rig.rows(database, "SELECT pg_create_logical_replication_slot('" + run.name + "', 'pgoutput')::text");
            run.scenario.act(run.rig, run.name);
            Wire.pause(1000 + run.random.nextInt(500));
            if (run.rig
                    .rows("SELECT 1 FROM pg_database WHERE datname = '" + database + "'")
                    .isEmpty()) {
                run.wrong("1: dropped together with a replication slot that nobody asked for");
            } else {
                run.rig.rows("SELECT pg_drop_replication_slot('" + run.name + "')::text");
            }
        }
    },
    F32_peersLockTheCatalogs {
        @Override
        Heal strike(Run run) {
            var role = "peer_" + run.name;
            run.rig.rows("CREATE ROLE " + role);
            var end = repeat(
                    40,
                    5,
                    () -> run.rig.rows("GRANT pg_read_all_stats TO " + role + "; REVOKE pg_read_all_stats FROM " + role
                            + "; ALTER ROLE " + role + " SET work_mem = '1MB'"));
            var lock = Thread.ofVirtual().start(() -> {
                try (var peer = run.rig.postgres.connect("howdah")) {
                    Rig.rows(
                            peer,
                            "BEGIN; LOCK TABLE howdah.claim IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.8); COMMIT");
                } catch (SQLException e) {
                    // Too late for it.
                }
            });
            return () -> {
                end.heal();
                join(lock);
                run.rig.rows("DROP ROLE " + role);
            };
        }
    },
    F33_theTemplatesAreBusy {
        @Override
        Heal strike(Run run) {
            try {
                var held = run.rig.postgres.connect("template1");
                return after(1000, () -> close(held));
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    },
    F34_theDiskIsFull {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.create, Scenario.change, Scenario.secretLoss, Scenario.restore);
        }

        @Override
        Heal strike(Run run) {
            run.rig.disk().fill(run.random);
            return after(800 + run.random.nextInt(1500), () -> run.rig.disk().empty());
        }

        @Override
        boolean needsASmallDisk() {
            return true;
        }
    },
    F35_statementsHang {
        @Override
        Heal strike(Run run) {
            var stopped = new ArrayList<String>();
            run.rig.wire.tap(Taps.at(
                    1 + run.random.nextInt(8),
                    () -> stopped.addAll(
                            run.rig.rows("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'howdah%'"))));
            Wire.pause(300);
            stopped.forEach(pid -> Signals.send("STOP", pid));
            return after(500 + run.random.nextInt(1500), () -> stopped.forEach(pid -> Signals.send("CONT", pid)));
        }
    },
    F35_answersAreLate {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.late(Call.Side.SQL, run.random, 40, Duration.ofMillis(1200)));
            return after(1500, () -> {});
        }
    },
    F37_theAdminsPasswordChanges {
        @Override
        Heal strike(Run run) {
            Wire.pause(run.random.nextInt(500));
            var password = "changed-" + run.random.nextInt();
            run.rig.changeAdminPassword(password);
            run.rig.rows(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'howdah%'");
            return after(300 + run.random.nextInt(1500), () -> run.rig.adminSecret(password));
        }

        // The superuser's is also this test's.
        @Override
        boolean needsAPlainAdmin() {
            return true;
        }
    };

    /** What is undone when the bad time is over. */
    interface Heal {
        void heal();
    }

    /** One run of a fault. */
    static final class Run {
        final Rig rig;
        final Random random;
        final String name = Rig.freshName();
        final Scenario scenario;
        private final List<String> wrong = new ArrayList<>();

        Run(Rig rig, Random random, Scenario scenario) {
            this.rig = rig;
            this.random = random;
            this.scenario = scenario;
        }

        synchronized void wrong(String what) {
            wrong.add(what);
        }

        synchronized List<String> all() {
            return List.copyOf(wrong);
        }

        void expect(String what, String wanted, String found) {
            if (!wanted.equals(found)) {
                wrong(what + ": " + found + " instead of " + wanted);
            }
        }
    }

    /** The scenarios it may disturb. */
    List<Scenario> scenarios() {
        return List.of(
                Scenario.create,
                Scenario.change,
                Scenario.shrink,
                Scenario.lower,
                Scenario.secretLoss,
                Scenario.retain,
                Scenario.drop,
                Scenario.restore,
                Scenario.policy);
    }

    /** Begins right after the scenario began. */
    Heal strike(Run run) {
        return () -> {};
    }

    void act(Run run) {
        run.scenario.act(run.rig, run.name);
    }

    /** For those that are a story of their own and end without a fingerprint; {@link #isOwnStory} tells. */
    void happen(Run run) {
        throw new UnsupportedOperationException(name());
    }

    boolean isOwnStory() {
        try {
            return !getClass()
                    .getDeclaredMethod("happen", Run.class)
                    .getDeclaringClass()
                    .equals(Fault.class);
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    boolean needsASmallDisk() {
        return false;
    }

    boolean needsAPlainAdmin() {
        return false;
    }

    static Heal after(int millis, Runnable then) {
        return () -> {
            Wire.pause(millis);
            then.run();
        };
    }

    /** Goes on in the background; healing waits for its end. */
    static Heal repeat(int times, int everyMillis, Runnable what) {
        var thread = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < times; i++) {
                try {
                    what.run();
                } catch (RuntimeException | AssertionError e) {
                    // The target may be gone just now.
                }
                Wire.pause(everyMillis);
            }
        });
        return () -> join(thread);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // It is gone.
        }
    }
}

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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bad days. Most disturb any {@link Scenario} for a while; what remains is the end of an undisturbed run. The numbers
 * are those of the catalogue in {@code docs/reliability.md}.
 */
enum Fault {
    F05_watchesAreLate {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.slowWatch(Duration.ofMillis(300 + run.random.nextInt(1700))));
            return Heal.after(run.random.nextInt(2500), () -> {});
        }
    },
    F06_watchesAreLost {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.expiredWatch(run.random));
            return Heal.repeat(12, 150, () -> run.rig.api.breakWatches());
        }
    },
    F07_madeAnewWhileTheOperatorIsDown(Stories::madeAnewWhileTheOperatorIsDown),
    F08_theApiServerFails {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.answers(run.random, 30, 500, 503, 504, 429));
            return Heal.after(1000 + run.random.nextInt(2500), () -> {});
        }
    },
    F08_theApiServerResets {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.resets(Call.Side.API, run.random, 25));
            return Heal.after(1000 + run.random.nextInt(2500), () -> {});
        }
    },
    F08_theApiServerIsSlow {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.late(Call.Side.API, run.random, 40, Duration.ofMillis(900)));
            return Heal.after(1000 + run.random.nextInt(2000), () -> {});
        }
    },
    F08_theApiServerIsGone {
        @Override
        Heal strike(Run run) {
            Wire.pause(run.random.nextInt(400));
            run.rig.api.refuse(true);
            run.rig.api.breakConnections();
            return Heal.after(500 + run.random.nextInt(2500), () -> run.rig.api.refuse(false));
        }
    },
    F10_conflictsStorm {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.answers(run.random, 20, 409));
            return Heal.repeat(60, 20, () -> {
                if (run.rig.cluster.claim(run.name).get() != null) {
                    Cluster.patch(
                            run.rig.cluster.claim(run.name),
                            "metadata: {labels: {storm: \"" + run.random.nextInt() + "\"}}");
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
            return Heal.after(1000 + run.random.nextInt(1500), run.rig::endOfFormerLeader);
        }
    },
    F15_theClockJumps {
        @Override
        Heal strike(Run run) {
            var jump = List.of(Duration.ofHours(2), Duration.ofHours(-2), Duration.ofDays(366), Duration.ofDays(-366));
            run.rig.clock.ahead(jump.get(run.random.nextInt(jump.size())));
            return Heal.after(500 + run.random.nextInt(1000), () -> run.rig.clock.ahead(Duration.ZERO));
        }
    },
    F15_aYearAheadDropsNothing(Stories::aYearAheadDropsNothing),
    F16_theNamespaceGoes(Stories::theNamespaceGoes),
    F17_mayNotWriteSecrets {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.create, Scenario.change, Scenario.secretLoss, Scenario.restore, Scenario.shrink);
        }

        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.refuses("/secrets", 403));
            return Heal.after(1500 + run.random.nextInt(1000), () -> {
                if (run.rig.cluster.ready(run.name)
                        && run.rig.cluster.secret(run.name + "-db") == null
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
            var secrets = run.rig
                    .cluster
                    .client
                    .secrets()
                    .inNamespace(run.rig.cluster.namespace)
                    .withName(run.name + "-db");
            switch (run.random.nextInt(6)) {
                case 0 -> Cluster.patch(secrets, "data: {password: null}");
                case 1 -> Cluster.patch(secrets, "data: {password: \"" + "c29tZXRoaW5nIGVsc2U=" + "\"}");
                case 2 -> Cluster.patch(secrets, "data: {uri: \"\", host: \"eA==\"}");
                case 3 -> Cluster.patch(secrets, "metadata: {labels: null}");
                case 4 -> Cluster.patch(secrets, "{immutable: true, data: {password: \"eA==\"}}");
                default -> {
                    var held = Objects.requireNonNull(secrets.get());
                    secrets.delete();
                    run.rig
                            .cluster
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
            var secret = Objects.requireNonNull(run.rig.cluster.secret(run.name + "-db"));
            run.rig.wire.tap(Taps.resets(Call.Side.API, run.random, 10));
            return Heal.after(
                    1000,
                    () -> run.expect(
                            "the foreign Secret",
                            secret.getMetadata().getResourceVersion() + secret.getData(),
                            Objects.requireNonNull(run.rig.cluster.secret(run.name + "-db"))
                                            .getMetadata()
                                            .getResourceVersion()
                                    + secret.getData()));
        }
    },
    F20_theServerIsGoneForGood(Stories::theServerIsGoneForGood),
    F21_theServerIsDown {
        @Override
        Heal strike(Run run) {
            Wire.pause(run.random.nextInt(600));
            run.rig.sql.refuse(true);
            run.rig.sql.breakConnections();
            return Heal.after(500 + run.random.nextInt(2500), () -> run.rig.sql.refuse(false));
        }
    },
    F22_sessionsAreEnded {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.at(
                    1 + run.random.nextInt(10),
                    () -> Thread.ofVirtual().start(() -> {
                        Wire.pause(run.random.nextInt(40));
                        run.rig.catalog.rows(
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'howdah%'");
                    })));
            return Heal.after(1500, () -> {});
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
            return Heal.after(0, () -> {});
        }
    },
    F24_anAnswerIsLost {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.lostAnswer(1 + run.random.nextInt(10)));
            return Heal.after(1500, () -> {});
        }
    },
    F24_manyAnswersAreLost {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.resets(Call.Side.SQL, run.random, 25));
            return Heal.after(1000 + run.random.nextInt(2000), () -> {});
        }
    },
    F25_aStandbyAnswers {
        @Override
        Heal strike(Run run) {
            Wire.pause(run.random.nextInt(500));
            run.rig.postgres.restartAsStandby();
            Wire.pause(run.random.nextInt(1000));
            run.rig.postgres.restartAsPrimary();
            return Heal.after(0, () -> {});
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
            run.rig.sql.breakSome(run.random);
            return Heal.after(500 + run.random.nextInt(1500), () -> held.forEach(Fault::close));
        }
    },
    F29_clientsComeBackAndBack {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.retain, Scenario.drop, Scenario.change, Scenario.shrink);
        }

        @Override
        Heal strike(Run run) {
            var secret = run.rig.cluster.secret(run.name + "-db");
            if (secret == null) {
                return Heal.after(0, () -> {});
            }
            return Heal.repeat(60, 10, () -> {
                try (var client = run.rig.catalog.login(secret)) {
                    Catalog.rows(client, "SELECT pg_sleep(0.02)");
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
            var database = run.rig.database(run.name);
            run.rig.catalog.rowsAtOnce(
                    database, "BEGIN", "CREATE TABLE public.held ()", "PREPARE TRANSACTION '" + run.name + "'");
            run.scenario.act(run.rig, run.name);
            Wire.pause(700 + run.random.nextInt(800));
            if (!run.rig.catalog.hasDatabase(database)) {
                run.wrong("1: dropped in spite of a prepared transaction");
            }
            run.rig.catalog.rows("ALTER DATABASE \"" + database + "\" ALLOW_CONNECTIONS true");
            run.rig.catalog.rows(database, "ROLLBACK PREPARED '" + run.name + "'");
        }
    },
    F31_aReplicationSlotStands {
        @Override
        List<Scenario> scenarios() {
            return List.of(Scenario.drop);
        }

        @Override
        void act(Run run) {
            var database = run.rig.database(run.name);
            run.rig.catalog.rows(
                    database, "SELECT pg_create_logical_replication_slot('" + run.name + "', 'pgoutput')::text");
            run.scenario.act(run.rig, run.name);
            Wire.pause(1000 + run.random.nextInt(500));
            if (!run.rig.catalog.hasDatabase(database)) {
                run.wrong("1: dropped together with a replication slot that nobody asked for");
            } else {
                run.rig.catalog.rows("SELECT pg_drop_replication_slot('" + run.name + "')::text");
            }
        }
    },
    F32_peersLockTheCatalogs {
        @Override
        Heal strike(Run run) {
            var role = "peer_" + run.name;
            run.rig.catalog.rows("CREATE ROLE " + role);
            var end = Heal.repeat(
                    40,
                    5,
                    () -> run.rig.catalog.rows("GRANT pg_read_all_stats TO " + role + "; REVOKE pg_read_all_stats FROM "
                            + role + "; ALTER ROLE " + role + " SET work_mem = '1MB'"));
            var lock = Thread.ofVirtual().start(() -> {
                try (var peer = run.rig.postgres.connect("howdah")) {
                    Catalog.rows(
                            peer,
                            "BEGIN; LOCK TABLE howdah.claim IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.8); COMMIT");
                } catch (SQLException e) {
                    // Too late for it.
                }
            });
            return () -> {
                end.heal();
                Heal.join(lock);
                run.rig.catalog.rows("DROP ROLE " + role);
            };
        }
    },
    F33_theTemplatesAreBusy {
        @Override
        Heal strike(Run run) {
            try {
                var held = run.rig.postgres.connect("template1");
                return Heal.after(1000, () -> close(held));
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
            return Heal.after(
                    800 + run.random.nextInt(1500), () -> run.rig.disk().empty());
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
                    () -> stopped.addAll(run.rig.catalog.rows(
                            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'howdah%'"))));
            Wire.pause(300);
            stopped.forEach(pid -> Signals.send("STOP", pid));
            return Heal.after(500 + run.random.nextInt(1500), () -> stopped.forEach(pid -> Signals.send("CONT", pid)));
        }
    },
    F35_answersAreLate {
        @Override
        Heal strike(Run run) {
            run.rig.wire.tap(Taps.late(Call.Side.SQL, run.random, 40, Duration.ofMillis(1200)));
            return Heal.after(1500, () -> {});
        }
    },
    F37_theAdminsPasswordChanges {
        @Override
        Heal strike(Run run) {
            Wire.pause(run.random.nextInt(500));
            var password = "changed-" + run.random.nextInt();
            run.rig.changeAdminPassword(password);
            run.rig.catalog.rows(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'howdah%'");
            return Heal.after(300 + run.random.nextInt(1500), () -> run.rig.adminSecret(password));
        }

        // The superuser's is also this test's.
        @Override
        boolean needsAPlainAdmin() {
            return true;
        }
    };

    private final @Nullable Consumer<Run> story;

    Fault() {
        this.story = null;
    }

    /** A story of its own, that ends without a fingerprint. */
    Fault(Consumer<Run> story) {
        this.story = story;
    }

    /** {@code null} for those that disturb a scenario. */
    @Nullable
    Consumer<Run> story() {
        return story;
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

    boolean needsASmallDisk() {
        return false;
    }

    boolean needsAPlainAdmin() {
        return false;
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // It is gone.
        }
    }
}

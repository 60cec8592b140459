// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One server's trouble stays its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BulkheadIT {
    private static final int BURST = 100;
    private static final int MOST_CONNECTIONS = 4;
    private static final int HELD_UP = 10;

    private final TestPostgres postgres =
            TestPostgres.start(PostgresOptions.major(18).withMaxConnections(300));
    private final Stage stage = Stage.open();

    @BeforeAll
    void offer() {
        stage.server("main", postgres);
        stage.classOn("standard", "main");
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
    }

    @Test
    void aServerThatNeverAnswersDelaysNobody() throws IOException {
        var ns = stage.namespace("silent");
        stage.claim(ns, "warm", "standard");
        stage.ready(ns, "warm");
        // The kernel takes connections in its name; nobody ever reads from them.
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            stage.adminSecret("silent", "admin", "x", null);
            stage.serverObject("silent", "127.0.0.1", silent.getLocalPort(), "disable");
            stage.classOn("silent", "silent");
            Seen.until(
                    stage.servers("silent"),
                    s -> Seen.is(s.getStatus().conditions(), "Ready", "False", Reason.Unreachable),
                    "the silent server is told of");
            var before = System.nanoTime();
            stage.claim(ns, "before", "standard");
            stage.ready(ns, "before");
            var alone = Duration.ofNanos(System.nanoTime() - before);

            for (int i = 0; i < 60; i++) {
                stage.claim(ns, "stuck" + i, "silent");
            }
            stage.annotate(stage.servers("silent"), Howdah.GROUP + "/look", "again");
            var during = System.nanoTime();
            stage.claim(ns, "during", "standard");
            stage.ready(ns, "during");
            var beside = Duration.ofNanos(System.nanoTime() - during);
            // Far less than the ten seconds such a server takes to be given up, on however busy a machine.
            assertThat(beside).isLessThan(alone.multipliedBy(2).plusSeconds(3));
            stage.says(ns, "stuck59", "False", Reason.LedgerUnreadable);
            stage.annotate(stage.servers("silent"), Howdah.ABANDON, stage.named("silent"));
            stage.servers("silent").delete();
            Seen.gone(stage.servers("silent"));
        }
    }

    @Test
    void aServerThatComesBackIsFoundByItself() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("away", server);
            stage.classOn("away", "away");
            stage.serverSays("away", "True", Reason.Connected);
            var ns = stage.namespace("away");
            stage.claim(ns, "before", "away");
            stage.ready(ns, "before");
            server.stop();
            stage.serverSays("away", "False", Reason.Unreachable);
            var hidden = stage.says(ns, "before", "Unknown", Reason.ServerUnavailable);
            assertThat(Seen.condition(hidden, "Reconciling").status()).isEqualTo("True");
            assertThat(hidden.getStatus().database()).isEqualTo(ns + "_before");
            stage.claim(ns, "during", "away");
            stage.says(ns, "during", "False", Reason.ServerUnavailable);
            server.startAgain();
            stage.ready(ns, "before");
            stage.ready(ns, "during");
            assertThat(stage.reasons(stage.servers("away").get()))
                    .containsExactly("Connected", "Unreachable", "Connected");
            stage.annotate(stage.servers("away"), Howdah.ABANDON, stage.named("away"));
            stage.servers("away").delete();
            Seen.gone(stage.servers("away"));
        }
    }

    @Test
    void aHundredClaimsAtOnce() {
        var ns = stage.namespace("burst");
        for (int i = 0; i < BURST; i++) {
            stage.claim(ns, "c" + i, "standard", "connections: 1");
        }
        var most = new AtomicInteger();
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    var held = Sql.rows(
                                    postgres,
                                    "postgres",
                                    "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'howdah%'"
                                            + " AND application_name <> 'howdah probe'")
                            .size();
                    most.accumulateAndGet(held, Math::max);
                    return stage.client.resources(DatabaseClaim.class).inNamespace(ns).list().getItems().stream()
                                    .filter(c ->
                                            Seen.is(c.getStatus().conditions(), "Ready", "True", Reason.Provisioned))
                                    .count()
                            == BURST;
                });
        assertThat(most.get()).isLessThanOrEqualTo(MOST_CONNECTIONS);
        assertThat(stage.client.events().v1().events().inNamespace(ns).list().getItems())
                .allMatch(event -> event.getReason().equals("Provisioned"))
                .hasSize(BURST);
    }

    /** A GRANT that grants nothing, in a transaction left open, holds the row that a change of the claim needs. */
    @Test
    void claimsThatAreHeldUpDelayNobodyElse() throws Exception {
        var ns = stage.namespace("heldup");
        var others = stage.namespace("waiting");
        var held = new ArrayList<Connection>();
        try {
            for (int i = 0; i < HELD_UP; i++) {
                stage.claim(ns, "c" + i, "standard", "connections: 5");
            }
            for (int i = 0; i < HELD_UP; i++) {
                stage.ready(ns, "c" + i);
                var session = Sql.login(postgres, stage.secret(ns, "c" + i + "-db"));
                held.add(session);
                try (var statement = session.createStatement()) {
                    statement.execute("BEGIN; GRANT CONNECT ON DATABASE \"%s_c%d\" TO PUBLIC".formatted(ns, i));
                }
            }
            for (int i = 0; i < HELD_UP; i++) {
                stage.patchSpec(stage.claims(ns, "c" + i), "{connections: 6}");
            }
            Seen.soon(() -> assertThat(Sql.rows(
                            postgres, "howdah", "SELECT sqlstate FROM howdah.journal WHERE sqlstate = '55P03'"))
                    .isNotEmpty());
            var begun = System.nanoTime();
            stage.claim(others, "new", "standard");
            stage.ready(others, "new");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        } finally {
            for (var session : held) {
                session.close();
            }
        }
    }

    /** Such as with the API server away while Secrets are written, or here: nobody commits without its standby. */
    @Test
    void aServerWhoseSessionsAreAllAtWorkIsNotTakenForOneThatIsGone() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("busy", server);
            stage.classOn("busy", "busy");
            var ns = stage.namespace("busy");
            stage.claim(ns, "before", "busy");
            stage.ready(ns, "before");
            Sql.run(server, "postgres", "ALTER SYSTEM SET synchronous_standby_names = 'away'");
            Sql.run(server, "postgres", "SELECT pg_reload_conf()");
            stage.claim(ns, "one", "busy");
            stage.claim(ns, "two", "busy");
            Seen.soon(() -> assertThat(Sql.rows(
                            server, "postgres", "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
                    .hasSize(2));
            Seen.stays(
                    Duration.ofSeconds(20),
                    () -> assertThat(Seen.is(
                                    stage.servers("busy").get().getStatus().conditions(),
                                    "Ready",
                                    "True",
                                    Reason.Connected))
                            .isTrue());
            Sql.run(server, "postgres", "ALTER SYSTEM RESET synchronous_standby_names");
            Sql.run(server, "postgres", "SELECT pg_reload_conf()");
            stage.ready(ns, "one");
            stage.ready(ns, "two");
            stage.annotate(stage.servers("busy"), Howdah.ABANDON, stage.named("busy"));
            stage.servers("busy").delete();
            Seen.gone(stage.servers("busy"));
        }
    }

    /** What it takes of its quota is not known while any ledger was never read. */
    @Test
    void aClaimThatMayNotGrowYetIsKeptUp() {
        var ns = stage.namespace("kept-up-" + stage.id, Map.of("quota", stage.id));
        stage.policy(
                "quota",
                "Enforce",
                "target: {namespaceSelector: {matchLabels: {quota: %s}}}".formatted(stage.id),
                "quota: {storage: 100Gi}",
                "limits: {extensions: [{name: hstore}]}");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        stage.adminSecret("nowhere", "admin", "x", null);
        stage.serverObject("nowhere", "127.0.0.1", 1, "disable");
        stage.serverSays("nowhere", "False", Reason.Unreachable);
        stage.patchSpec(stage.claims(ns, "orders"), "{storage: 20Gi}");
        stage.says(ns, "orders", "False", Reason.LedgerUnreadable);
        stage.client.secrets().inNamespace(ns).withName("orders-db").delete();
        Seen.soon(() -> assertThat(stage.secret(ns, "orders-db")).isNotNull());
        stage.says(ns, "orders", "False", Reason.LedgerUnreadable);

        // What needs no counting is judged first, and the policy knows whom it is for.
        stage.claim(ns, "barred", "standard", "extensions: [{name: pg_trgm}]");
        var barred = stage.says(ns, "barred", "False", Reason.ExtensionNotAllowed);
        assertThat(Seen.condition(barred, "Accepted").status()).isEqualTo("False");
        stage.claim(ns, "new", "standard");
        var waits = stage.says(ns, "new", "False", Reason.LedgerUnreadable);
        assertThat(Seen.condition(waits, "Accepted").message()).contains("as far as can be told");
        Seen.until(
                stage.policies("quota"),
                policy -> policy.getStatus() != null
                        && Integer.valueOf(3).equals(policy.getStatus().targets())
                        && Integer.valueOf(1).equals(policy.getStatus().violating()),
                "it counts those that wait, and the one that breaks it");
        stage.servers("nowhere").delete();
        Seen.gone(stage.servers("nowhere"));
        stage.ready(ns, "orders");
        stage.ready(ns, "new");
    }
}

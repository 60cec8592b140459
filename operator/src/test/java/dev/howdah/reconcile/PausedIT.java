// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is paused is left alone, also in its deletion, and goes on where it was. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PausedIT {
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
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

    private List<String> state(TestPostgres server, String ns) {
        return Sql.ledger(
                server, "SELECT name || ' ' || state FROM howdah.claim WHERE namespace = '" + ns + "' ORDER BY 1");
    }

    @Test
    void pausedClaimIsLeftAlone() throws InterruptedException {
        var ns = stage.namespace("paused");
        stage.claim(ns, "orders", "standard");
        var before = stage.ready(ns, "orders");
        stage.annotate(stage.claims(ns, "orders"), Howdah.PAUSED, "true");
        var paused = Seen.until(
                stage.claims(ns, "orders"),
                c -> Seen.is(c.getStatus().conditions(), "Ready", "True", Reason.Paused),
                "it says that it is paused");
        assertThat(paused.getStatus().database()).isEqualTo(before.getStatus().database());
        assertThat(paused.getStatus().binding()).isEqualTo(before.getStatus().binding());
        stage.patchSpec(stage.claims(ns, "orders"), "{connections: 3}");
        stage.client.secrets().inNamespace(ns).withName("orders-db").delete();
        Thread.sleep(1_500);
        assertThat(stage.secret(ns, "orders-db")).isNull();
        assertThat(Sql.rows(
                        postgres,
                        "postgres",
                        "SELECT datconnlimit FROM pg_database WHERE datname = '" + ns + "_orders'"))
                .containsExactly("20");
        var still = stage.claims(ns, "orders").get();
        assertThat(still.getStatus().observedGeneration()).isEqualTo(1);
        assertThat(Seen.condition(still, "Accepted").observedGeneration()).isEqualTo(1);

        stage.annotate(stage.claims(ns, "orders"), Howdah.PAUSED, null);
        stage.ready(ns, "orders");
        assertThat(stage.secret(ns, "orders-db")).isNotNull();

        stage.annotate(stage.claims(ns, "orders"), Howdah.PAUSED, "true");
        stage.claims(ns, "orders").delete();
        Thread.sleep(1_500);
        assertThat(stage.claims(ns, "orders").get()).isNotNull();
        assertThat(stage.secret(ns, "orders-db")).isNotNull();
        assertThat(state(postgres, ns)).containsExactly("orders Active");
        stage.annotate(stage.claims(ns, "orders"), Howdah.PAUSED, null);
        Seen.gone(stage.claims(ns, "orders"));
        assertThat(state(postgres, ns)).containsExactly("orders Retained");
    }

    private static String message(DatabaseClaim claim) {
        return Seen.condition(claim, "Ready").message();
    }

    /** A server of this name with the claim orders, and its namespace. */
    private String withOrders(String name, TestPostgres server) {
        stage.server(name, server);
        stage.classOn(name, name);
        var ns = stage.namespace("on" + name);
        stage.claim(ns, "orders", name);
        stage.ready(ns, "orders");
        return ns;
    }

    /** What the server says of it. */
    private String paused(String name) {
        stage.annotate(stage.servers(name), Howdah.PAUSED, "true");
        var server = stage.serverSays(name, "True", Reason.Paused);
        return Seen.condition(server.getStatus().conditions(), "Ready").message();
    }

    @Test
    void aDeletionWaitsForAPausedServerNoLongerThanItSays() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            var ns = withOrders("resting", server);
            paused("resting");
            stage.claims(ns, "orders").delete();
            var deleted =
                    Seen.until(stage.claims(ns, "orders"), c -> message(c).contains("deletion"), "its deletion waits");
            var until =
                    Instant.parse(deleted.getMetadata().getDeletionTimestamp()).plus(stage.settings.unreachableGrace());
            assertThat(message(deleted))
                    .startsWith("a DBA has paused server \"" + stage.named("resting") + "\": since ")
                    .endsWith("; the logins cannot be closed yet; the deletion goes on by itself when it is resumed,"
                            + " and without it at " + until);
            stage.annotate(stage.servers("resting"), Howdah.PAUSED, null);
            Seen.gone(stage.claims(ns, "orders"));
            assertThat(state(server, ns)).containsExactly("orders Retained");
            stage.annotate(stage.servers("resting"), Howdah.ABANDON, stage.named("resting"));
            stage.servers("resting").delete();
            Seen.gone(stage.servers("resting"));
        }
    }

    @Test
    void pausedServerIsLeftAlone() throws InterruptedException {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            var ns = withOrders("paused", server);
            var rests = paused("paused");
            assertThat(rests).matches("since 20\\S+Z nothing is done on this server, .*" + Howdah.PAUSED + ".*");
            Seen.soon(() -> assertThat(Sql.rows(
                            server,
                            "postgres",
                            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'howdah%'"))
                    .containsExactly("0"));
            stage.claim(ns, "second", "paused");
            assertThat(message(stage.says(ns, "second", "False", Reason.ServerUnavailable)))
                    .isEqualTo("no suitable server is ready (\"" + stage.named("paused")
                            + "\" paused by a DBA); the claim goes on by itself when one is");
            var waits = "a DBA has paused server \"" + stage.named("paused") + "\": " + rests;
            assertThat(message(stage.says(ns, "orders", "Unknown", Reason.ServerUnavailable)))
                    .isEqualTo(waits + "; the claim goes on by itself when it is resumed");
            // Others are not kept waiting, also not by an operator that never saw this server otherwise.
            stage.stop();
            stage.start();
            stage.claim(ns, "elsewhere", "standard");
            stage.ready(ns, "elsewhere");
            assertThat(message(stage.says(ns, "orders", "Unknown", Reason.LedgerUnreadable)))
                    .as("an operator that never read its ledger")
                    .isEqualTo("the ledger of " + stage.named("paused")
                            + " (paused by a DBA) cannot be read, so it is not known where this claim's database is");
            assertThat(Seen.condition(stage.servers("paused").get().getStatus().conditions(), "Ready")
                            .message())
                    .as("since when, also by an operator that came later")
                    .isEqualTo(rests);
            assertThat(Sql.databases(server)).doesNotContain(ns + "_second");
            stage.servers("paused").delete();
            Thread.sleep(1_000);
            assertThat(stage.servers("paused").get()).isNotNull();
            // Nor by one that finds it paused and on its way out.
            stage.stop();
            stage.start();
            stage.claim(ns, "afterwards", "standard");
            stage.ready(ns, "afterwards");
            assertThat(Sql.databases(server)).doesNotContain(ns + "_second");
            stage.annotate(stage.servers("paused"), Howdah.PAUSED, null);
            stage.ready(ns, "orders");
            stage.annotate(stage.servers("paused"), Howdah.ABANDON, stage.named("paused"));
            Seen.gone(stage.servers("paused"));
        }
    }
}

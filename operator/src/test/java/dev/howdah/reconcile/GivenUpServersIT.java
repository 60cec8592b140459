// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Server objects that are given up, come back, or make room for another one: no claim moves by itself for that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GivenUpServersIT {
    private final Stage stage = Stage.open();

    @AfterAll
    void end() {
        stage.close();
    }

    private void giveUp(String name) {
        stage.annotate(stage.servers(name), Howdah.ABANDON, stage.named(name));
        stage.servers(name).delete();
        Seen.gone(stage.servers(name));
    }

    /** A server of the same tier as another one. */
    private void server(String name, TestPostgres postgres, String tier) {
        stage.server(name, postgres);
        Stage.patch(
                stage.servers(name), "{\"metadata\": {\"labels\": {\"tier\": \"%s\"}}}".formatted(stage.named(tier)));
    }

    /** A claim {@code orders} on a server of its own, in the namespace that is returned. */
    private String hosted(String name, TestPostgres server) {
        stage.server(name, server);
        stage.classOn(name, name);
        var ns = stage.namespace("on-" + name);
        stage.claim(ns, "orders", name);
        stage.ready(ns, "orders");
        return ns;
    }

    private String host(String ns) {
        return Objects.requireNonNull(
                        stage.claims(ns, "orders").get().getStatus().server())
                .name();
    }

    private String port(String ns) {
        return Secrets.value(stage.secret(ns, "orders-db"), "port");
    }

    @Test
    void a_claim_that_went_on_elsewhere_stays_there() throws SQLException {
        try (var former = TestPostgres.start(PostgresOptions.major(18));
                var present = TestPostgres.start(PostgresOptions.major(18))) {
            var ns = hosted("former", former);
            giveUp("former");
            stage.says(ns, "orders", "False", Reason.DatabaseMissing);
            server("present", present, "former");
            stage.serverSays("present", "True", Reason.Connected);
            stage.annotate(stage.claims(ns, "orders"), Howdah.ACCEPT_LOSS, ns + "_orders");
            stage.ready(ns, "orders");
            assertThat(host(ns)).isEqualTo(stage.named("present"));
            try (var app = Sql.login(present, stage.secret(ns, "orders-db"))) {
                Sql.rows(app, "CREATE TABLE kept AS SELECT 7 AS n");
            }
            var port = port(ns);

            // Its ledger knows the claim too, and a name that comes first.
            stage.server("former", former);
            stage.serverSays("former", "True", Reason.Connected);
            Seen.stays(Duration.ofSeconds(3), () -> assertThat(port(ns)).isEqualTo(port));
            for (var told : List.of(
                    stage.claims(ns, "orders").get(), stage.servers("former").get())) {
                Seen.soon(() -> assertThat(stage.reasons(told)).contains("DatabaseConflict"));
            }

            // Also for a process that meets the former one first, while the other is away.
            stage.stop();
            present.stop();
            stage.start();
            var waits = stage.says(ns, "orders", "Unknown", Reason.LedgerUnreadable);
            assertThat(Seen.condition(waits, "Ready").message())
                    .contains("ledger of " + stage.named("present"), "what server \"" + stage.named("former"));
            assertThat(port(ns)).isEqualTo(port);
            present.startAgain();
            stage.annotate(stage.servers("present"), Howdah.GROUP + "/look", "again");
            stage.ready(ns, "orders");
            assertThat(host(ns)).isEqualTo(stage.named("present"));
            try (var app = Sql.login(present, stage.secret(ns, "orders-db"))) {
                assertThat(Sql.rows(app, "SELECT n FROM kept")).containsExactly("7");
            }

            // And when its ledger is lost: what the former one has is older, and not taken unasked.
            Sql.run(present, "howdah", "DROP SCHEMA howdah CASCADE");
            stage.patchSpec(
                    stage.servers("present"),
                    "{acceptedSystemIdentifier: \"%s\"}"
                            .formatted(Sql.rows(
                                            present,
                                            "postgres",
                                            "SELECT system_identifier::text FROM pg_control_system()")
                                    .getFirst()));
            var lost = stage.says(ns, "orders", "False", Reason.DatabaseMissing);
            assertThat(Seen.condition(lost, "Ready").message())
                    .contains("on server \"" + stage.named("present"), "Server \"" + stage.named("former"));
            assertThat(port(ns)).isEqualTo(port);
            stage.annotate(stage.claims(ns, "orders"), Howdah.ACCEPT_LOSS, ns + "_orders");
            stage.ready(ns, "orders");
            assertThat(host(ns)).isEqualTo(stage.named("former"));
            for (var name : List.of("former", "present")) {
                giveUp(name);
            }
        }
    }

    @Test
    void nothing_is_made_anew_while_another_object_takes_over_a_server() throws SQLException {
        try (var server = TestPostgres.start(PostgresOptions.major(18));
                var spare = TestPostgres.start(PostgresOptions.major(18))) {
            var ns = hosted("elder", server);
            try (var app = Sql.login(server, stage.secret(ns, "orders-db"))) {
                Sql.rows(app, "CREATE TABLE kept AS SELECT 7 AS n");
            }
            stage.claims(ns, "orders").delete();
            Seen.gone(stage.claims(ns, "orders"));
            server("spare", spare, "elder");
            server("younger", server, "elder");
            stage.serverSays("spare", "True", Reason.Connected);
            stage.serverSays("younger", "False", Reason.ServerIdentityChanged);
            giveUp("elder");
            stage.claim(ns, "orders", "elder");
            Seen.untilTrue(
                    () -> {
                        var status = stage.claims(ns, "orders").get().getStatus();
                        return status != null && status.server() != null;
                    },
                    "it has a server");
            assertThat(host(ns)).isEqualTo(stage.named("younger"));
            stage.ready(ns, "orders");
            try (var app = Sql.login(server, stage.secret(ns, "orders-db"))) {
                assertThat(Sql.rows(app, "SELECT n FROM kept")).containsExactly("7");
            }
            for (var name : List.of("younger", "spare")) {
                giveUp(name);
            }
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Servers that come back as they were before, from a base backup and its WAL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoredServersIT {
    private final Stage stage = Stage.open();

    @AfterAll
    void end() {
        stage.close();
    }

    private static TestPostgres archiving() {
        return TestPostgres.start(PostgresOptions.major(18).with("archive_mode", "on"));
    }

    private static String identifier(TestPostgres server) {
        return Sql.rows(server, "postgres", "SELECT system_identifier FROM pg_control_system()")
                .getFirst();
    }

    private void write(TestPostgres server, String ns, String name, String text) throws SQLException {
        try (var app = Sql.login(server, stage.secret(ns, name + "-db"))) {
            Sql.rows(app, "CREATE TABLE IF NOT EXISTS kept (text text)");
            Sql.rows(app, "INSERT INTO kept VALUES ('" + text + "')");
        }
    }

    private List<String> kept(TestPostgres server, String ns, String name) throws SQLException {
        try (var app = Sql.login(server, stage.secret(ns, name + "-db"))) {
            return Sql.rows(app, "SELECT text FROM kept");
        }
    }

    private static List<String> ledger(TestPostgres server) {
        return Sql.ledger(server, "SELECT name FROM howdah.claim ORDER BY 1");
    }

    @Test
    void to_an_earlier_time() throws SQLException {
        try (var server = archiving()) {
            var ns = stage.namespace("earlier");
            stage.server("earlier", server);
            stage.classOn("earlier", "earlier");
            stage.claim(ns, "orders", "earlier");
            stage.ready(ns, "orders");
            var backup = Backup.of(server);
            write(server, ns, "orders", "before");
            backup.restorePoint();
            write(server, ns, "orders", "after");
            stage.claim(ns, "late", "earlier");
            stage.ready(ns, "late");
            stage.patchSpec(stage.claims(ns, "orders"), "{connections: 7}");
            stage.ready(ns, "orders");
            var position = Long.parseLong(
                    Sql.ledger(server, "SELECT max(id) FROM howdah.journal").getFirst());
            Seen.soon(() ->
                    assertThat(stage.member("earlier").position().settled()).isGreaterThanOrEqualTo(position));

            backup.restore();
            var refused = stage.serverSays("earlier", "False", Reason.ServerIdentityChanged);
            assertThat(Seen.condition(refused.getStatus().conditions(), "Ready").message())
                    .contains("went back", identifier(server));
            stage.says(ns, "orders", "Unknown", Reason.ServerUnavailable);
            stage.says(ns, "late", "Unknown", Reason.ServerUnavailable);
            assertThat(ledger(server)).containsExactly("orders");
            assertThat(Sql.databases(server)).doesNotContain(ns + "_late");

            stage.patchSpec(stage.servers("earlier"), "{acceptedSystemIdentifier: \"" + identifier(server) + "\"}");
            stage.serverSays("earlier", "True", Reason.Connected);
            stage.ready(ns, "orders");
            Seen.soon(() -> assertThat(kept(server, ns, "orders")).containsExactly("before"));
            Seen.soon(() -> assertThat(Sql.rows(
                            server,
                            "postgres",
                            "SELECT datconnlimit FROM pg_database WHERE datname = '" + ns + "_orders'"))
                    .containsExactly("7"));
            // Its database is not there any more: an empty one in its place takes consent.
            stage.says(ns, "late", "False", Reason.DatabaseMissing);
            stage.annotate(stage.claims(ns, "late"), Howdah.ACCEPT_LOSS, ns + "_late");
            stage.ready(ns, "late");
            stage.annotate(stage.servers("earlier"), Howdah.ABANDON, stage.named("earlier"));
        }
    }

    /** As a standby that lagged and was promoted: no visit came while nobody answered. */
    @Test
    void to_an_earlier_time_between_two_visits() throws SQLException {
        var hour = Duration.ofHours(1);
        try (var server = archiving();
                var patient = Stage.open(new Settings("", hour, hour, hour, hour, 90))) {
            patient.server("lagging", server);
            patient.classOn("lagging", "lagging");
            var ns = patient.namespace("lagging");
            patient.claim(ns, "orders", "lagging");
            patient.ready(ns, "orders");
            var backup = Backup.of(server);
            backup.restorePoint();
            patient.claim(ns, "late", "lagging");
            patient.ready(ns, "late");
            var position = Long.parseLong(
                    Sql.ledger(server, "SELECT max(id) FROM howdah.journal").getFirst());
            Seen.soon(() -> {
                patient.annotate(
                        patient.servers("lagging"),
                        Howdah.GROUP + "/look",
                        UUID.randomUUID().toString());
                Seen.stays(Duration.ofMillis(300), () -> {});
                assertThat(patient.member("lagging").position().settled()).isGreaterThanOrEqualTo(position);
            });

            backup.restore();
            assertThat(ledger(server)).containsExactly("orders");
            patient.annotate(patient.servers("lagging"), Howdah.GROUP + "/look", "at the server restored");
            var refused = patient.serverSays("lagging", "False", Reason.ServerIdentityChanged);
            assertThat(Seen.condition(refused.getStatus().conditions(), "Ready").message())
                    .contains("went back from journal entry", identifier(server));
            patient.patchSpec(patient.servers("lagging"), "{acceptedSystemIdentifier: \"" + identifier(server) + "\"}");
            patient.serverSays("lagging", "True", Reason.Connected);
            patient.ready(ns, "orders");
            patient.says(ns, "late", "False", Reason.DatabaseMissing);
        }
    }

    @Test
    void a_copy_beside_its_original() throws SQLException {
        try (var server = archiving();
                var copy = TestPostgres.start(PostgresOptions.major(18))) {
            var ns = stage.namespace("copied");
            stage.server("original", server);
            stage.classOn("original", "original");
            stage.claim(ns, "orders", "original");
            stage.ready(ns, "orders");
            write(server, ns, "orders", "once");
            var backup = Backup.of(server);
            backup.restorePoint();
            backup.restoreTo(copy);
            stage.adminSecret("copy", server.superuser(), server.superuserPassword(), null);
            stage.serverObject("copy", copy.host(), copy.port(), "disable");
            var refused = stage.serverSays("copy", "False", Reason.ServerIdentityChanged);
            assertThat(Seen.condition(refused.getStatus().conditions(), "Ready").message())
                    .contains(stage.named("original"));
            stage.ready(ns, "orders");
            stage.annotate(stage.servers("copy"), Howdah.ABANDON, stage.named("copy"));
            stage.annotate(stage.servers("original"), Howdah.ABANDON, stage.named("original"));
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A colleague with psql changed something: an operator that runs finds it, and puts it right or tells. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriftIT {
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final TestPostgres managed = TestPostgres.start(PostgresOptions.major(17));
    private final Stage stage = Stage.open();

    @BeforeAll
    void offer() throws SQLException {
        stage.server("main", postgres);
        stage.classOn("standard", "main");
        stage.plainServer("managed", managed);
        stage.classOn("managed", "managed", "majorVersions: [17]");
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
        managed.close();
    }

    private void byHand(String sql) {
        Sql.run(postgres, "postgres", sql);
    }

    private DatabaseClaim inSync(String ns, String name, String status, Reason reason) {
        return Seen.until(
                stage.claims(ns, name),
                c -> c.getStatus() != null && Seen.is(c.getStatus().conditions(), "InSync", status, reason),
                name + " is InSync=" + status + ", " + reason);
    }

    private PostgresServer serverInSync(String name, String status, Reason reason) {
        return Seen.until(
                stage.servers(name),
                s -> s.getStatus() != null && Seen.is(s.getStatus().conditions(), "InSync", status, reason),
                name + " is InSync=" + status + ", " + reason);
    }

    private long journal(String database) {
        return Long.parseLong(
                Sql.ledger(postgres, "SELECT count(*) FROM howdah.journal WHERE database = '" + database + "'")
                        .getFirst());
    }

    private List<String> one(String sql) {
        return Sql.rows(postgres, "postgres", sql);
    }

    private void operate(String spec) {
        stage.patchSpec(stage.servers("main"), spec);
    }

    @Test
    void what_was_done_is_undone_and_told_and_nobody_else_is_touched() throws SQLException {
        var ns = stage.namespace("undone");
        stage.claim(ns, "orders", "standard");
        stage.claim(ns, "quiet", "standard");
        stage.ready(ns, "orders");
        var quiet = stage.ready(ns, "quiet");
        inSync(ns, "orders", "True", Reason.InSync);
        var db = "\"" + ns + "_orders\"";
        var before = journal(ns + "_quiet");
        byHand("CREATE ROLE \"stranger-" + ns + "\"");
        byHand("REVOKE CONNECT ON DATABASE " + db + " FROM \"" + ns + "_orders_owner\";"
                + "GRANT CONNECT ON DATABASE " + db + " TO PUBLIC, \"stranger-" + ns + "\";"
                + "GRANT pg_read_all_data TO \"" + ns + "_orders_app_a\";"
                + "ALTER ROLE \"" + ns + "_orders_app_a\" NOLOGIN;"
                + "ALTER DATABASE " + db + " CONNECTION LIMIT 77");

        var claim = inSync(ns, "orders", "True", Reason.DriftRepaired);
        assertThat(Seen.condition(claim, "InSync").message()).contains("PUBLIC", "pg_read_all_data", "stranger-" + ns);
        Seen.soon(() -> assertThat(stage.reasons(claim)).contains("DriftRepaired"));
        try (var login = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            assertThat(Sql.rows(login, "SELECT pg_has_role('pg_read_all_data', 'MEMBER')::text"))
                    .containsExactly("false");
        }
        assertThat(one("SELECT datconnlimit FROM pg_database WHERE datname = '" + ns + "_orders'"))
                .containsExactly("20");
        assertThat(one("SELECT has_database_privilege('stranger-" + ns + "', '" + ns + "_orders', 'CONNECT')::text"))
                .containsExactly("false");
        assertThat(Sql.ledger(
                        postgres,
                        "SELECT count(*) > 0 FROM howdah.journal, unnest(steps) AS step WHERE database = '" + ns
                                + "_orders' AND step = 'revoke pg_read_all_data from " + ns + "_orders_app_a'"))
                .containsExactly("t");
        assertThat(journal(ns + "_quiet")).isEqualTo(before);
        assertThat(stage.claims(ns, "quiet").get().getMetadata().getResourceVersion())
                .isEqualTo(quiet.getMetadata().getResourceVersion());
    }

    @Test
    void a_password_changed_by_hand_is_seen_at_once_and_replaced() {
        var ns = stage.namespace("password");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        var before = Secrets.value(stage.secret(ns, "orders-db"), "password");
        byHand("ALTER ROLE \"" + ns + "_orders_app_a\" PASSWORD 'by hand'");
        var claim = inSync(ns, "orders", "True", Reason.DriftRepaired);
        Seen.soon(() -> {
            assertThat(Secrets.value(stage.secret(ns, "orders-db"), "password")).isNotEqualTo(before);
            Sql.login(postgres, stage.secret(ns, "orders-db")).close();
        });
        assertThat(Seen.condition(claim, "InSync").message()).contains("password");
    }

    @Test
    void a_renamed_database_is_missed_until_it_is_back() {
        var ns = stage.namespace("renamed");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        byHand("ALTER DATABASE \"" + ns + "_orders\" RENAME TO \"" + ns + "_elsewhere\"");
        stage.says(ns, "orders", "False", Reason.DatabaseMissing);
        assertThat(Sql.databases(postgres)).doesNotContain(ns + "_orders");
        byHand("ALTER DATABASE \"" + ns + "_elsewhere\" RENAME TO \"" + ns + "_orders\"");
        stage.ready(ns, "orders");
        inSync(ns, "orders", "True", Reason.InSync);
    }

    @Test
    void a_database_given_to_another_role_is_taken_back() {
        var ns = stage.namespace("given");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        byHand("ALTER DATABASE \"" + ns + "_orders\" OWNER TO postgres");
        inSync(ns, "orders", "True", Reason.DriftRepaired);
        assertThat(one("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '" + ns + "_orders'"))
                .containsExactly(ns + "_orders_database");
    }

    @Test
    void a_database_given_away_is_taken_back_when_its_role_is_gone_too() {
        var ns = stage.namespace("given-gone");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        byHand("ALTER DATABASE \"" + ns + "_orders\" OWNER TO postgres");
        byHand("ALTER ROLE \"" + ns + "_orders_database\" RENAME TO \"" + ns + "_aside\"");
        Seen.soon(() -> assertThat(
                        one("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '" + ns + "_orders'"))
                .containsExactly(ns + "_orders_database"));
        stage.ready(ns, "orders");
    }

    @Test
    void a_renamed_owner_group_is_missed_until_it_is_back() throws SQLException {
        var ns = stage.namespace("renamed-group");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            Sql.rows(app, "CREATE TABLE kept AS SELECT 7 AS n");
        }
        byHand("ALTER ROLE \"" + ns + "_orders_owner\" RENAME TO \"" + ns + "_aside\"");
        var missed = stage.says(ns, "orders", "False", Reason.RoleConflict);
        assertThat(Seen.condition(missed, "Ready").message())
                .contains("ALTER ROLE \"" + ns + "_aside\" RENAME TO \"" + ns + "_orders_owner\"");
        // What the logins had they still have.
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            assertThat(Sql.rows(app, "SELECT n FROM kept")).containsExactly("7");
        }
        byHand("ALTER ROLE \"" + ns + "_aside\" RENAME TO \"" + ns + "_orders_owner\"");
        stage.ready(ns, "orders");
        inSync(ns, "orders", "True", Reason.InSync);
    }

    @Test
    void a_database_made_anew_by_hand_is_furnished_at_once() {
        var ns = stage.namespace("made-anew");
        stage.claim(ns, "orders", "standard", "schemas: [public, audit]");
        stage.ready(ns, "orders");
        byHand("DROP DATABASE \"" + ns + "_orders\" WITH (FORCE)");
        byHand("CREATE DATABASE \"" + ns + "_orders\" OWNER \"" + ns + "_orders_database\"");
        Seen.soon(() -> assertThatCode(() -> {
                    try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
                        Sql.rows(app, "CREATE TABLE public.t (id int); CREATE TABLE audit.t (id int)");
                    }
                })
                .doesNotThrowAnyException());
    }

    @Test
    void a_paused_claim_is_left_until_it_goes_on() {
        var ns = stage.namespace("paused-drift");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        stage.annotate(stage.claims(ns, "orders"), Howdah.PAUSED, "true");
        stage.says(ns, "orders", "True", Reason.Paused);
        byHand("GRANT CONNECT ON DATABASE \"" + ns + "_orders\" TO PUBLIC");
        Seen.stays(
                Duration.ofSeconds(3),
                () -> assertThat(one("SELECT datacl::text LIKE '%=c/%' FROM pg_database WHERE datname = '" + ns
                                + "_orders'"))
                        .containsExactly("t"));
        stage.annotate(stage.claims(ns, "orders"), Howdah.PAUSED, null);
        inSync(ns, "orders", "True", Reason.DriftRepaired);
    }

    @Test
    void a_refused_spec_keeps_nothing_from_being_put_right() {
        var ns = stage.namespace("refused-drift");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        stage.patchSpec(stage.claims(ns, "orders"), "{parameters: {nonesuch: a}}");
        stage.says(ns, "orders", "False", Reason.ParameterUnknown);
        byHand("GRANT CONNECT ON DATABASE \"" + ns + "_orders\" TO PUBLIC");
        inSync(ns, "orders", "True", Reason.DriftRepaired);
        stage.says(ns, "orders", "False", Reason.ParameterUnknown);
    }

    @Test
    void a_retained_database_is_closed_again() {
        var ns = stage.namespace("retained-drift");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        byHand("ALTER ROLE \"" + ns + "_orders_app_a\" LOGIN CONNECTION LIMIT -1");
        Seen.soon(() -> assertThat(one("SELECT rolcanlogin FROM pg_roles WHERE rolname = '" + ns + "_orders_app_a'"))
                .containsExactly("f"));
        Seen.soon(() -> assertThat(stage.events(stage.servers("main").get()))
                .anyMatch(e ->
                        e.getReason().equals("DriftRepaired") && e.getNote().contains(ns + "_orders")));
    }

    @Test
    void under_report_only_what_is_asked_for_is_done_and_operator_roles_are_served() {
        var ns = stage.namespace("reported");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        inSync(ns, "orders", "True", Reason.InSync);
        stage.claim(ns, "kept", "standard");
        stage.ready(ns, "kept");
        var role = "monitoring-" + ns;
        operate("{drift: Report, operatorRoles: [{name: " + role + ", connect: true}]}");
        try {
            var server = serverInSync("main", "False", Reason.DriftFound);
            assertThat(Seen.condition(server.getStatus().conditions(), "InSync").message())
                    .contains("there is no role \"" + role + "\"");
            byHand("CREATE ROLE \"" + role + "\"");
            serverInSync("main", "True", Reason.InSync);
            Seen.soon(() -> assertThat(connects(role, ns)).containsExactly("t"));

            byHand("GRANT CONNECT ON DATABASE \"" + ns + "_orders\" TO PUBLIC;" + "ALTER DATABASE \"" + ns
                    + "_orders\" CONNECTION LIMIT 77");
            var claim = inSync(ns, "orders", "False", Reason.DriftFound);
            assertThat(Seen.condition(claim, "InSync").message())
                    .contains("PUBLIC", "REVOKE ALL ON DATABASE", "CONNECTION LIMIT 20", "drift: Report");
            assertThat(Seen.is(claim.getStatus().conditions(), "Ready", "True", Reason.Provisioned))
                    .isTrue();
            assertThat(Seen.condition(
                                    serverInSync("main", "False", Reason.DriftFound)
                                            .getStatus()
                                            .conditions(),
                                    "InSync")
                            .message())
                    .contains(ns + "_orders");

            stage.patchSpec(stage.claims(ns, "orders"), "{parameters: {work_mem: 32MB}}");
            Seen.soon(() -> assertThat(one("SELECT setconfig::text FROM pg_db_role_setting s JOIN pg_database d"
                            + " ON d.oid = s.setdatabase WHERE setrole = 0 AND datname = '" + ns + "_orders'"))
                    .containsExactly("{work_mem=32MB}"));
            stage.ready(ns, "orders");
            inSync(ns, "orders", "False", Reason.DriftFound);
            assertThat(one("SELECT datconnlimit FROM pg_database WHERE datname = '" + ns + "_orders'"))
                    .containsExactly("77");

            operate("{operatorRoles: [{name: " + role + ", readOnly: true}]}");
            Seen.soon(() -> assertThat(reads(role, ns)).containsExactly("t"));
            operate("{operatorRoles: [{name: " + role + ", connect: true}]}");
            Seen.soon(() -> assertThat(reads(role, ns)).containsExactly("f"));
            assertThat(connects(role, ns)).containsExactly("t");

            Seen.soon(() -> assertThat(admits(role, ns + "_kept")).containsExactly("t"));
            stage.claims(ns, "kept").delete();
            Seen.gone(stage.claims(ns, "kept"));
            operate("{operatorRoles: []}");
            Seen.soon(() -> assertThat(admits(role, ns + "_orders")).containsExactly("f"));
            Seen.soon(() -> assertThat(admits(role, ns + "_kept")).containsExactly("f"));
            Seen.soon(() -> assertThat(Sql.ledger(postgres, "SELECT operator_roles::text FROM howdah.server"))
                    .containsExactly("{}"));
        } finally {
            operate("{drift: Repair, operatorRoles: null}");
        }
        inSync(ns, "orders", "True", Reason.DriftRepaired);
        serverInSync("main", "True", Reason.InSync);
        assertThat(one("SELECT datconnlimit FROM pg_database WHERE datname = '" + ns + "_orders'"))
                .containsExactly("20");
    }

    @Test
    void under_report_a_login_that_was_closed_is_replaced_where_that_is_asked_for() throws SQLException {
        var ns = stage.namespace("closed");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        operate("{drift: Report}");
        try {
            byHand("ALTER ROLE \"" + ns + "_orders_app_a\" NOLOGIN");
            stage.says(ns, "orders", "False", Reason.DriftFound);
            stage.annotate(stage.claims(ns, "orders"), Howdah.ROTATE_NOW, "1");
            var claim = Seen.until(
                    stage.claims(ns, "orders"),
                    c -> "1".equals(c.getStatus().lastHandledRotate())
                            && Seen.is(c.getStatus().conditions(), "Ready", "True", Reason.Provisioned),
                    "it is replaced");
            var secret = stage.secret(ns, "orders-db");
            assertThat(Secrets.value(secret, "username")).isEqualTo(ns + "_orders_app_b");
            Sql.login(postgres, secret).close();
            Seen.soon(() -> assertThat(stage.reasons(claim)).contains("Rotated"));
            inSync(ns, "orders", "True", Reason.InSync);
        } finally {
            operate("{drift: Repair}");
        }
    }

    private List<String> reads(String role, String ns) {
        return one("SELECT pg_has_role('" + role + "', '" + ns + "_orders_readonly', 'MEMBER')");
    }

    private List<String> admits(String role, String database) {
        return one("SELECT datacl::text LIKE '%" + role + "%' FROM pg_database WHERE datname = '" + database + "'");
    }

    private List<String> connects(String role, String ns) {
        return one("SELECT has_database_privilege('" + role + "', '" + ns + "_orders', 'CONNECT')");
    }

    @Test
    void what_the_admin_may_not_do_is_told_and_the_rest_is_done() {
        var ns = stage.namespace("managed");
        stage.claim(ns, "orders", "managed");
        stage.ready(ns, "orders");
        var login = "\"" + ns + "_orders_app_a\"";
        Sql.run(
                managed,
                "postgres",
                "GRANT pg_read_all_data TO " + login + "; GRANT CONNECT ON DATABASE \"" + ns + "_orders\" TO PUBLIC");
        var claim = inSync(ns, "orders", "False", Reason.InsufficientPrivilege);
        var statement = "REVOKE \"pg_read_all_data\" FROM " + login + " GRANTED BY \"postgres\" CASCADE";
        assertThat(Seen.condition(claim, "InSync").message()).contains("as a superuser, run: " + statement);
        assertThat(Seen.condition(
                                serverInSync("managed", "False", Reason.InsufficientPrivilege)
                                        .getStatus()
                                        .conditions(),
                                "InSync")
                        .message())
                .contains(ns + "_orders");
        assertThat(Sql.rows(
                        managed,
                        "postgres",
                        "SELECT has_database_privilege('pg_monitor', '" + ns + "_orders', 'CONNECT')"))
                .containsExactly("f");
        Seen.soon(() -> assertThat(stage.reasons(claim)).contains("DriftRepaired", "InsufficientPrivilege"));
        Sql.run(managed, "postgres", statement);
        inSync(ns, "orders", "True", Reason.InSync);
        serverInSync("managed", "True", Reason.InSync);
    }

    /** What nobody thought of is told as a bug, with where to read more. */
    @Test
    void a_refusal_of_an_unknown_kind_names_its_line_in_the_journal() {
        var ns = stage.namespace("stuck");
        stage.claim(ns, "orders", "managed");
        stage.ready(ns, "orders");
        Sql.run(
                managed,
                ns + "_orders",
                "CREATE FUNCTION extensions.no() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not today'; END$$;"
                        + " CREATE EVENT TRIGGER no ON ddl_command_start WHEN TAG IN ('CREATE SCHEMA') EXECUTE FUNCTION extensions.no()");
        stage.patchSpec(stage.claims(ns, "orders"), "{schemas: [public, audit]}");
        var claim = stage.says(ns, "orders", "False", Reason.Stuck);
        assertThat(Seen.is(claim.getStatus().conditions(), "Stalled", "True", Reason.Stuck))
                .isTrue();
        var line = Sql.ledger(
                managed,
                "SELECT id FROM howdah.journal WHERE claim = '" + ns
                        + "/orders' AND sqlstate = 'P0001' ORDER BY id LIMIT 1");
        var message = Seen.condition(claim, "Ready").message();
        assertThat(message).contains("not today", "line " + line.getFirst() + " of the ledger's journal");

        stage.annotate(stage.claims(ns, "orders"), Howdah.GROUP + "/look", "again");
        Seen.soon(() -> assertThat(Sql.ledger(
                        managed,
                        "SELECT count(*) > 1 FROM howdah.journal WHERE claim = '" + ns
                                + "/orders' AND sqlstate = 'P0001'"))
                .containsExactly("t"));
        assertThat(Seen.condition(stage.claims(ns, "orders").get(), "Ready").message())
                .isEqualTo(message);
        Sql.run(managed, ns + "_orders", "DROP EVENT TRIGGER no");
        stage.annotate(stage.claims(ns, "orders"), Howdah.GROUP + "/look", "once more");
        stage.ready(ns, "orders");
    }

    @Test
    void a_clock_that_went_back_keeps_no_drift_waiting() {
        var ns = stage.namespace("back");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        inSync(ns, "orders", "True", Reason.InSync);
        stage.clock.advance(Duration.ofHours(-2));
        try {
            byHand("REVOKE CONNECT ON DATABASE \"" + ns + "_orders\" FROM \"" + ns + "_orders_owner\"");
            inSync(ns, "orders", "True", Reason.DriftRepaired);
        } finally {
            stage.clock.advance(Duration.ofHours(2));
        }
    }
}

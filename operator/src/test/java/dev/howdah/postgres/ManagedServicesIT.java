// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What managed services do differently, imitated on plain PostgreSQL: a claim lives and dies there all the same. */
@ParameterizedClass(name = "PostgreSQL {0}")
@ValueSource(ints = {15, 16, 17, 18})
class ManagedServicesIT {
    private static TestPostgres postgres;

    @Parameter
    int major;

    /** Statements of a superuser; {@code $admin} is a role that may log in, create databases and create roles. */
    enum Quirk {
        /** The admin can end no session but those of its own logins. */
        NO_SIGNAL_BACKEND,
        /** Predefined roles come by a role that is no login, as rds_superuser; databases of the provider are closed. */
        RDS(
                "CREATE ROLE rds_superuser NOLOGIN",
                "GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO rds_superuser WITH ADMIN OPTION",
                "GRANT rds_superuser TO $admin",
                "CREATE ROLE rdsadmin LOGIN SUPERUSER",
                "CREATE DATABASE rdsadmin OWNER rdsadmin",
                "REVOKE ALL ON DATABASE rdsadmin FROM PUBLIC",
                "ALTER ROLE $admin VALID UNTIL 'infinity'"),
        /** The role above the admin has the same attributes, which membership does not pass on. */
        CLOUD_SQL(
                "CREATE ROLE cloudsqlsuperuser NOLOGIN CREATEDB CREATEROLE",
                "GRANT pg_monitor, pg_signal_backend TO cloudsqlsuperuser",
                "GRANT cloudsqlsuperuser TO $admin WITH ADMIN OPTION",
                "CREATE ROLE cloudsqladmin LOGIN SUPERUSER",
                "CREATE DATABASE cloudsqladmin OWNER cloudsqladmin",
                "REVOKE ALL ON DATABASE cloudsqladmin FROM PUBLIC"),
        /** The admin may read everybody's data; two databases of the provider are open to connect to. */
        AZURE(
                "CREATE ROLE azure_pg_admin NOLOGIN",
                "GRANT pg_monitor, pg_read_all_settings, pg_read_all_stats, pg_read_all_data, pg_signal_backend TO azure_pg_admin WITH ADMIN OPTION",
                "GRANT azure_pg_admin TO $admin",
                "CREATE ROLE azuresu LOGIN SUPERUSER",
                "CREATE DATABASE azure_maintenance OWNER azuresu",
                "CREATE DATABASE azure_sys OWNER azuresu",
                "REVOKE ALL ON DATABASE azure_maintenance FROM PUBLIC"),
        /** From 16 on: whoever creates a role is made a member that inherits it. */
        SELF_GRANT(16, "ALTER ROLE $admin SET createrole_self_grant = 'set, inherit'"),
        /** The admin does not inherit what it is a member of. */
        NO_INHERIT("ALTER ROLE $admin NOINHERIT"),
        /** The admin's own sessions are set up strangely. */
        STRANGE_SETTINGS(
                "CREATE ROLE somebody",
                "GRANT somebody TO $admin",
                "ALTER ROLE $admin SET role = somebody",
                "ALTER ROLE $admin SET search_path = public",
                "ALTER ROLE $admin SET default_transaction_read_only = on",
                "ALTER ROLE $admin SET statement_timeout = 1",
                "ALTER ROLE $admin SET standard_conforming_strings = off",
                "ALTER ROLE $admin SET default_transaction_isolation = serializable"),
        /** The databases that come with PostgreSQL are closed to all but those named. */
        CLOSED_DATABASES(
                "REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC",
                "GRANT CONNECT ON DATABASE postgres TO $admin"),
        /** The server would hash passwords the old way. */
        MD5("ALTER SYSTEM SET password_encryption = 'md5'", "SELECT pg_reload_conf()"),
        /** Views that a plain role can do without are closed. */
        FEW_VIEWS(
                "REVOKE EXECUTE ON FUNCTION pg_hba_file_rules() FROM PUBLIC",
                "REVOKE EXECUTE ON FUNCTION pg_ls_dir(text) FROM PUBLIC");

        private final int since;

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<String> statements;

        Quirk(String... statements) {
            this(15, statements);
        }

        Quirk(int since, String... statements) {
            this.since = since;
            this.statements = List.of(statements);
        }
    }

    static Stream<Quirk> quirks() {
        return Arrays.stream(Quirk.values()).filter(quirk -> quirk.since <= postgres.major());
    }

    @BeforeParameterizedClassInvocation
    static void start(int major) {
        postgres = TestPostgres.start(Ground.options(major));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        postgres.close();
    }

    private static Ground ground(String admin) {
        var login = new PostgresLogin(admin, "the password of " + admin);
        var ground = new Ground(postgres, AdminKind.PLAIN, login);
        ground.asSuperuser(
                "postgres",
                "CREATE ROLE %s LOGIN CREATEDB CREATEROLE PASSWORD %s"
                        .formatted(Quoting.identifier(admin), Quoting.literal(Scram.verifier(login.password()))));
        return ground;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("quirks")
    void a_claim_lives_and_dies(Quirk quirk) throws SQLException {
        var ground = ground("admin " + quirk);
        for (var statement : quirk.statements) {
            ground.asSuperuser(
                    "postgres",
                    statement.replace(
                            "$admin", Quoting.identifier(ground.admin().name())));
        }
        var before = untouchable(ground);
        try (var server = ground.open()) {
            live(ground, server, quirk);
        }
        ground.open().close();
        assertThat(untouchable(ground)).isEqualTo(before);
        reset(ground);
    }

    private static void live(Ground ground, HostedServer server, Quirk quirk) throws SQLException {
        var claim = new TestClaim(ground, server, "shop", "orders");
        claim.apply();
        claim.sql("app", "CREATE TABLE t AS SELECT 7 AS id");
        claim.with(Specs.wholeAfter()).apply();
        assertThat(claim.apply().nothing()).isTrue();
        nothingButTheDatabaseRole(ground, claim);
        claim.retain(null);
        assertThat(claim.probe("app", claim.secrets.get("app"))).isInstanceOf(LoginProbe.Result.Fails.class);
        claim.recreated();
        claim.apply();
        assertThat(claim.sql("app", "SELECT id FROM t")).isEqualTo("7");
        assertThat(ground.asSuperuser(
                        "postgres",
                        "SELECT string_agg(rolname, ' ') FROM pg_authid WHERE starts_with(rolname, 'shop_orders_')"
                                + " AND rolpassword NOT LIKE 'SCRAM-SHA-256$%'"))
                .isNull();
        server.keepJournal(90);
        server.databaseSizes();
        server.weaknesses();
        claim.retain(null);
        dropWithSomebodyIn(ground, server, claim, quirk);
        assertThat(ground.asSuperuser(
                        "postgres",
                        "SELECT string_agg(rolname, ' ') FROM pg_roles WHERE starts_with(rolname, 'shop_')"))
                .isNull();
    }

    /** The admin is a member of the one role that it has to become, and has no other role's rights without becoming it. */
    private static void nothingButTheDatabaseRole(Ground ground, TestClaim claim) {
        var admin = ground.admin().name();
        assertThat(claim.observe().memberships().stream()
                        .filter(m -> m.member().equals(admin) && (m.set() || m.inherit())))
                .extracting(m -> m.group())
                .containsOnly(claim.names().databaseRole());
    }

    private static void dropWithSomebodyIn(Ground ground, HostedServer server, TestClaim claim, Quirk quirk)
            throws SQLException {
        ground.asSuperuser("postgres", "CREATE ROLE colleague LOGIN PASSWORD " + Quoting.literal(Scram.verifier("c")));
        ground.asSuperuser("postgres", "GRANT CONNECT ON DATABASE shop_orders TO colleague");
        try (var session = ground.postgres().connect("shop_orders", "colleague", "c")) {
            if (server.mayEndSessions()) {
                claim.drop();
                assertThat(session.isValid(5)).isFalse();
            } else {
                assertThat(quirk).isNotIn(Quirk.RDS, Quirk.CLOUD_SQL, Quirk.AZURE);
                assertThatThrownBy(claim::drop)
                        .isInstanceOfSatisfying(
                                SqlFailure.class,
                                e -> assertThat(e.explanation()).contains("colleague (pid ", "pg_signal_backend"));
                assertThat(session.isValid(5)).isTrue();
            }
        }
        if (!server.mayEndSessions()) {
            claim.drop();
        }
        ground.asSuperuser("postgres", "DROP ROLE colleague");
    }

    /** What PostgreSQL and providers brought along. */
    private static @Nullable String untouchable(Ground ground) {
        return ground.asSuperuser(
                "postgres",
                "SELECT string_agg(d::text, ' ' ORDER BY datname) FROM (SELECT datname, datdba, datacl, datconnlimit,"
                        + " datallowconn, datistemplate FROM pg_database WHERE datname <> 'howdah') AS d");
    }

    private static void reset(Ground ground) {
        ground.asSuperuser("postgres", "DROP DATABASE howdah");
        ground.asSuperuser("postgres", "ALTER SYSTEM RESET ALL");
        ground.asSuperuser("postgres", "SELECT pg_reload_conf()");
        ground.asSuperuser("postgres", "GRANT CONNECT ON DATABASE postgres, template1 TO PUBLIC");
    }

    @Test
    void a_function_that_the_provider_keeps_to_itself_is_named() {
        var ground = ground("kept short");
        ground.asSuperuser("postgres", "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
        assertThatThrownBy(() -> ground.open().close()).isInstanceOfSatisfying(ServerRefused.class, e -> {
            assertThat(e.reason()).as(e.explanation()).isEqualTo(Reason.InsufficientPrivilege);
            assertThat(e.explanation()).contains("pg_control_system");
        });
        ground.asSuperuser("postgres", "GRANT EXECUTE ON FUNCTION pg_control_system() TO \"kept short\"");
        ground.open().close();
        ground.asSuperuser("postgres", "GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC");
        reset(ground);
    }

    /** {@code passwordMode: Server}, for services that refuse verifiers and have rules for what a password is made of. */
    @Test
    void a_password_the_server_hashes_is_hashed_well() throws SQLException {
        var ground = ground("hashes");
        ground.asSuperuser("postgres", "ALTER SYSTEM SET password_encryption = 'md5'");
        ground.asSuperuser("postgres", "SELECT pg_reload_conf()");
        try (var server = ground.open()) {
            var claim = new TestClaim(ground, server, "shop", "hashed").inServerMode();
            claim.apply();
            assertThat(claim.sql("app", "SELECT 1")).isEqualTo("1");
            assertThat(ground.asSuperuser(
                            "postgres",
                            "SELECT left(rolpassword, 14) FROM pg_authid WHERE rolname = 'shop_hashed_app_a'"))
                    .isEqualTo("SCRAM-SHA-256$");
            // The operator's sessions stay, and whoever may read statistics sees what each of them did last.
            assertThat(
                            ground.asSuperuser(
                                    "postgres",
                                    "SELECT string_agg(query, ';') FROM pg_stat_activity WHERE application_name LIKE 'howdah/%'"))
                    .isNotEmpty()
                    .doesNotContain("PASSWORD");
            claim.retain(null);
            claim.drop();
        }
        reset(ground);
    }
}

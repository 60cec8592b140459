// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/admin-role.sql} is enough on each major, and none of its grants is too much. */
@ParameterizedClass(name = "PostgreSQL {0}")
@ValueSource(ints = {15, 16, 17, 18})
class AdminRoleIT {
    private static final String SCRIPT = script();
    private static final PostgresLogin ADMIN = new PostgresLogin("howdah_admin", "the-password-of-howdah-admin-1");
    private static final String PRIVILEGED = "log_min_duration_statement";
    private static final DatabaseClaimSpec WHOLE = new DatabaseClaimSpec(
            null,
            null,
            null,
            5,
            Map.of("work_mem", "8MB", PRIVILEGED, "500ms"),
            List.of(new ExtensionRequest("hstore", null)),
            List.of("public", "audit"),
            List.of(Specs.OWNER, Specs.WRITER, Specs.READER),
            null);

    private static TestPostgres postgres;
    private static Ground ground;

    @Parameter
    int major;

    @BeforeParameterizedClassInvocation
    static void runTheScript(int major) {
        postgres = TestPostgres.start(Ground.options(major));
        ground = new Ground(postgres, AdminKind.PLAIN, ADMIN);
        dba(SCRIPT);
        dba("ALTER ROLE howdah_admin PASSWORD " + Quoting.literal(Scram.verifier(ADMIN.password())));
    }

    @AfterParameterizedClassInvocation
    static void close() {
        postgres.close();
    }

    private static String script() {
        try {
            return Files.readString(Path.of("../docs/admin-role.sql"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void dba(String sql) {
        ground.asSuperuser("postgres", sql);
    }

    private TestClaim claim(HostedServer server) {
        return new TestClaim(ground, server, "shop", "orders");
    }

    @Test
    void it_is_enough() throws SQLException {
        try (var server = ground.open()) {
            assertThat(server.weaknesses().openDatabases()).isEmpty();
            assertThat(server.mayEndSessions()).isTrue();
            var claim = claim(server);
            claim.apply();
            claim.with(WHOLE).apply();
            claim.sql("app", "CREATE TABLE t AS SELECT 7 AS id");
            claim.with(Specs.access(Specs.OWNER)).apply();
            assertThat(claim.apply().nothing()).isTrue();
            assertThat(server.databaseSizes()).containsKey("shop_orders");
            claim.retain(null);
            claim.recreated();
            claim.apply();
            assertThat(claim.sql("app", "SELECT id FROM t")).isEqualTo("7");
            server.keepJournal(90);
            claim.retain(null);
            dba("CREATE ROLE colleague LOGIN PASSWORD 'c'");
            dba("GRANT CONNECT ON DATABASE shop_orders TO colleague");
            try (var session = postgres.connect("shop_orders", "colleague", "c")) {
                claim.drop();
                assertThat(session.isValid(5)).isFalse();
            }
        }
        dba("DROP ROLE colleague");
        ground.open().close();
    }

    /** What the script grants, each with what fails without it. A grant that is not here fails this test. */
    @Test
    void nothing_in_it_is_too_much() {
        var without = new ArrayList<>(List.of("LOGIN", "CREATEDB", "CREATEROLE"));
        SCRIPT.lines().filter(line -> line.startsWith("GRANT ")).forEach(without::add);
        assertThat(without).hasSize(6);
        for (var grant : without) {
            takeAway(grant);
            switch (grant) {
                case "LOGIN" -> refused(Reason.AuthenticationFailed, "not permitted to log in");
                case "CREATEDB" -> refused(Reason.InsufficientPrivilege, "CREATEDB");
                case "CREATEROLE" -> refused(Reason.InsufficientPrivilege, "CREATEROLE");
                case "GRANT CONNECT ON DATABASE postgres TO howdah_admin;" ->
                    refused(Reason.InsufficientPrivilege, "permission denied for database \"postgres\"");
                case "GRANT pg_signal_backend TO howdah_admin;" -> aBusyDatabaseStays();
                case "GRANT SET ON PARAMETER log_min_duration_statement TO howdah_admin;" -> theParameterIsRefused();
                default -> throw new AssertionError("what is it for: " + grant);
            }
            giveBack(grant);
        }
        ground.open().close();
    }

    private void takeAway(String grant) {
        dba(
                grant.startsWith("GRANT ")
                        ? grant.replace("GRANT ", "REVOKE ").replace(" TO ", " FROM ")
                        : "ALTER ROLE howdah_admin NO" + grant);
    }

    private void giveBack(String grant) {
        dba(grant.startsWith("GRANT ") ? grant : "ALTER ROLE howdah_admin " + grant);
    }

    private void refused(Reason reason, String words) {
        // As on a server that is opened for the first time.
        dba("DROP DATABASE IF EXISTS howdah");
        assertThatThrownBy(() -> ground.open().close()).isInstanceOfSatisfying(ServerRefused.class, e -> {
            assertThat(e.reason()).as(e.explanation()).isEqualTo(reason);
            assertThat(e.explanation()).contains(words);
        });
    }

    private void aBusyDatabaseStays() {
        dba("CREATE ROLE colleague LOGIN PASSWORD 'c'");
        try (var server = ground.open()) {
            var claim = claim(server);
            claim.apply();
            claim.retain(null);
            dba("GRANT CONNECT ON DATABASE shop_orders TO colleague");
            try (var session = postgres.connect("shop_orders", "colleague", "c")) {
                assertThat(server.mayEndSessions()).isFalse();
                assertThatThrownBy(claim::drop).isInstanceOfSatisfying(SqlFailure.class, e -> {
                    assertThat(e.kind()).isEqualTo(SqlFailure.Kind.NeedsAction);
                    assertThat(e.explanation())
                            .contains("colleague (pid ", "GRANT pg_signal_backend TO \"howdah_admin\"");
                });
                assertThat(session.isValid(5)).isTrue();
            }
            claim.drop();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        dba("DROP ROLE colleague");
    }

    private void theParameterIsRefused() {
        try (var server = ground.open()) {
            var claim = claim(server);
            claim.apply();
            claim.with(WHOLE);
            assertThatThrownBy(claim::apply).isInstanceOfSatisfying(SqlFailure.class, e -> {
                assertThat(e.kind()).isEqualTo(SqlFailure.Kind.NeedsAction);
                assertThat(e.sqlState()).isEqualTo("42501");
                assertThat(e.explanation())
                        .contains("GRANT SET ON PARAMETER \"log_min_duration_statement\" TO \"howdah_admin\"");
            });
            claim.retain(null);
            claim.drop();
        }
    }
}

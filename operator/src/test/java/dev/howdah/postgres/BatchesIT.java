// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.plan.Plan;
import dev.howdah.plan.Step;
import dev.howdah.plan.Step.CreateDatabase.Locale;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes back from the server is never taken for more than it is. */
class BatchesIT {
    @ParameterizedTest
    @MethodSource("dev.howdah.postgres.Ground#all")
    void a_revoke_that_did_nothing_is_a_failure_and_in_the_journal(Ground ground) {
        try (var server = ground.open()) {
            var claim = new TestClaim(ground, server, "shop", "warned");
            claim.apply();
            var database = claim.names().database();
            var owner = claim.names().ownerGroup();
            try (var work = claim.begin()) {
                work.observe(List.of());
                var plan = new Plan(List.of(new Step.RevokeOnDatabase(
                        database, owner, List.of("CONNECT"), claim.names().readOnlyGroup())));
                assertThatThrownBy(() -> work.run(plan)).isInstanceOfSatisfying(SqlFailure.class, e -> {
                    assertThat(e.kind()).as(e.explanation()).isEqualTo(SqlFailure.Kind.NeedsAction);
                    assertThat(e.sqlState()).isEqualTo("01006");
                });
            }
            assertThat(ground.asSuperuser(
                            "howdah",
                            "SELECT count(*) FROM howdah.journal WHERE database = '%s' AND sqlstate = '01006'"
                                    .formatted(database)))
                    .isEqualTo("1");
            claim.retain(null);
            claim.drop();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.howdah.postgres.Ground#all")
    void what_was_done_is_in_the_journal_without_secrets(Ground ground) {
        try (var server = ground.open()) {
            var claim = new TestClaim(ground, server, "shop", "journal");
            claim.apply();
            assertThat(
                            ground.asSuperuser(
                                    "howdah",
                                    "SELECT count(*) FROM howdah.journal WHERE claim = 'shop/journal' AND duration_ms >= 0 AND sqlstate IS NULL"))
                    .isEqualTo("5");
            assertThat(ground.asSuperuser(
                            "howdah", "SELECT count(*) FROM howdah.journal j WHERE j::text LIKE '%SCRAM%'"))
                    .isEqualTo("0");
            claim.retain(null);
            claim.drop();
        }
    }

    @Test
    void a_commit_that_waits_for_a_lost_standby_is_uncertain() throws SQLException {
        try (var postgres = TestPostgres.start(Ground.options(18))) {
            var ground = Ground.on(postgres, AdminKind.SUPERUSER);
            ground.asSuperuser("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'lost'");
            ground.asSuperuser("postgres", "SELECT pg_reload_conf()");
            try (var connection = Connections.admin(ground.target(), "postgres", "test", Connections.Admin.UNKNOWN)) {
                var session = new Session(connection, new SqlTraffic(), InstantSource.system());
                assertThatThrownBy(() ->
                                Batches.run(session, "CREATE TABLE public.there ()", Duration.ofSeconds(1), List.of()))
                        .isInstanceOfSatisfying(
                                SqlFailure.class, e -> assertThat(e.kind()).isEqualTo(SqlFailure.Kind.Uncertain));
                assertThat(Batches.run(session, "SELECT to_regclass('public.there')::text"))
                        .isEqualTo("public.there");
            }
        }
    }

    /** PostgreSQL says so only in a warning, and the session goes back to the pool. */
    @Test
    void a_drop_that_went_through_with_a_warning_leaves_its_session_the_admins() throws Exception {
        try (var postgres = TestPostgres.start(Ground.options(18))) {
            var ground = Ground.on(postgres, AdminKind.PLAIN);
            try (var server = ground.open()) {
                var claim = new TestClaim(ground, server, "shop", "halfway");
                claim.apply();
                ground.asSuperuser("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'lost'");
                ground.asSuperuser("postgres", "SELECT pg_reload_conf()");
                try (var work = claim.begin()) {
                    var plan = new Plan(List.of(new Step.DropDatabase(
                            claim.names().database(), claim.names().databaseRole())));
                    var dropped = CompletableFuture.runAsync(() -> work.run(plan));
                    await().untilAsserted(() -> assertThat(ground.asSuperuser(
                                    "postgres",
                                    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
                            .isEqualTo("t"));
                    assertThatThrownBy(dropped::join)
                            .hasCauseInstanceOf(SqlFailure.class)
                            .hasMessageContaining("SQLSTATE 01000");
                    assertThat(work.observe(List.of()).database()).isNull();
                }
                ground.asSuperuser("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
                ground.asSuperuser("postgres", "SELECT pg_reload_conf()");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.howdah.postgres.Ground#all")
    void a_bug_names_its_line_of_the_journal(Ground ground) {
        try (var server = ground.open()) {
            var claim = new TestClaim(ground, server, "shop", "stuck");
            claim.apply();
            try (var work = claim.begin()) {
                work.observe(List.of());
                var plan = new Plan(List.of(new Step.GrantOnDatabase(
                        claim.names().database(),
                        claim.names().databaseRole(),
                        List.of("NONSENSE"),
                        claim.names().ownerGroup())));
                assertThatThrownBy(() -> work.run(plan)).isInstanceOfSatisfying(SqlFailure.class, e -> {
                    assertThat(e.kind()).as(e.explanation()).isEqualTo(SqlFailure.Kind.Bug);
                    assertThat(ground.asSuperuser(
                                    "howdah", "SELECT sqlstate FROM howdah.journal WHERE id = " + e.journal()))
                            .isEqualTo("42601");
                });
            }
            claim.retain(null);
            claim.drop();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.howdah.postgres.Ground#all")
    void a_locale_that_the_server_does_not_have_is_no_bug(Ground ground) {
        try (var server = ground.open()) {
            var claim = new TestClaim(ground, server, "shop", "locale");
            claim.apply();
            var locales = new ArrayList<>(
                    List.of(new Locale("UTF8", "libc", "xx_XX.UTF-8"), new Locale("NONSENSE", "libc", "C")));
            if (server.facts().majorVersion() < 17) {
                locales.add(new Locale("UTF8", "builtin", "C.UTF-8"));
            } else {
                locales.add(new Locale("UTF8", "builtin", "xx"));
            }
            try (var work = claim.begin()) {
                work.observe(List.of());
                for (var locale : locales) {
                    var plan = new Plan(List.of(new Step.CreateDatabase(
                            "shop_elsewhere", claim.names().databaseRole(), locale)));
                    assertThatThrownBy(() -> work.run(plan)).isInstanceOfSatisfying(SqlFailure.class, e -> {
                        assertThat(e.kind()).as(e.explanation()).isEqualTo(SqlFailure.Kind.NeedsAction);
                        assertThat(e.explanation()).contains("`locale` of the class", locale.name());
                    });
                }
            }
            claim.retain(null);
            claim.drop();
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.plan.Plan;
import dev.howdah.plan.Step;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
                assertThatThrownBy(() -> Batches.run(
                                connection, "CREATE TABLE public.there ()", Duration.ofSeconds(1), List.of()))
                        .isInstanceOfSatisfying(
                                SqlFailure.class, e -> assertThat(e.kind()).isEqualTo(SqlFailure.Kind.Uncertain));
                assertThat(Batches.run(connection, "SELECT to_regclass('public.there')::text"))
                        .isEqualTo("public.there");
            }
        }
    }
}

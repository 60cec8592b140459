// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

/** What the server sees, counted by the server. */
@OnEveryServer
class RoundTripsIT {
    private static final int MOST_MESSAGES = 7;
    private static final int MOST_CONNECTIONS = 2;

    private final Ground ground;

    RoundTripsIT(Ground ground) {
        this.ground = ground;
    }

    @Test
    void a_claim_costs_few_round_trips_and_an_unchanged_one_a_single_look() {
        try (var server = ground.open()) {
            ground.warm(server);
            var claim = new TestClaim(ground, server, "shop", "counted").with(Specs.THREE_LOGINS);
            var log = ground.log();
            claim.applyOnce("app");
            assertThat(log.statements()).as("messages").hasSizeLessThanOrEqualTo(MOST_MESSAGES);
            assertThat(log.connections()).as("connections").isLessThanOrEqualTo(MOST_CONNECTIONS);
            System.out.printf(
                    "%s: %d messages, %d connections for a new claim%n",
                    ground, log.statements().size(), log.connections());

            var later = ground.log();
            try (var work = claim.begin()) {
                work.observe(claim.desired().roles());
            }
            assertThat(later.statements()).hasSize(1);
            assertThat(later.connections()).isZero();
            claim.retain(null);
            claim.drop();
        }
    }

    @Test
    void the_operator_counts_what_the_server_sees() {
        try (var server = ground.open()) {
            ground.warm(server);
            var claim = new TestClaim(ground, server, "shop", "tallied").with(Specs.THREE_LOGINS);
            var before = server.traffic().done().count();
            var opened = server.traffic().openedConnections();
            var log = ground.log();
            claim.applyOnce("app");
            assertThat(server.traffic().done().count() - before)
                    .isEqualTo(log.statements().size());
            assertThat(server.traffic().openedConnections() - opened).isEqualTo(log.connections());
            assertThat(server.traffic().failed().count()).isZero();
            assertThat(server.traffic().done().nanos()).isPositive();
            assertThat(server.busySessions()).isZero();
            assertThat(server.freeSessions()).isEqualTo(2);
            try (var work = claim.begin()) {
                assertThat(server.busySessions()).isOne();
                assertThat(server.freeSessions()).isOne();
                assertThat(work.rolesLeft()).isEmpty();
            }
            claim.retain(null);
            claim.drop();
        }
    }

    @Test
    void what_the_journal_does_not_take_is_counted() {
        try (var server = ground.open()) {
            ground.asSuperuser("howdah", "ALTER TABLE howdah.journal RENAME TO away");
            try {
                var claim = new TestClaim(ground, server, "shop", "untold");
                assertThatThrownBy(claim::apply).isInstanceOf(SqlFailure.class);
                assertThat(server.traffic().lostJournalLines()).isPositive();
                assertThat(server.traffic().failed().count()).isPositive();
            } finally {
                ground.asSuperuser("howdah", "ALTER TABLE howdah.away RENAME TO journal");
            }
        }
    }

    @Test
    void a_password_is_never_seen() {
        try (var server = ground.open()) {
            var log = ground.log();
            var claim = new TestClaim(ground, server, "shop", "secret").with(Specs.THREE_LOGINS);
            claim.apply();
            claim.secrets.values().forEach(password -> assertThat(log.text()).doesNotContain(password));
            assertThat(log.text()).doesNotContain(ground.admin().password());
            claim.secrets
                    .values()
                    .forEach(password -> assertThat(ground.asSuperuser(
                                    "postgres",
                                    "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND strpos(query, %s) > 0"
                                            .formatted(Quoting.literal(password))))
                            .isEqualTo("0"));
            claim.retain(null);
            claim.drop();
        }
    }

    @Test
    void a_server_is_held_by_two_sessions_and_no_more() {
        try (var server = ground.open()) {
            for (int i = 0; i < 3; i++) {
                ground.warm(server);
                server.readLedger();
            }
            assertThat(sessions()).isEqualTo("2");
        }
        await().untilAsserted(() -> assertThat(sessions()).isEqualTo("0"));
    }

    private String sessions() {
        return ground.asSuperuser(
                "postgres", "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'howdah%'");
    }
}

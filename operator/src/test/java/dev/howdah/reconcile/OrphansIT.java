// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.Markdown;
import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.Secret;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Claims that go without a word, their finalizer taken away: what they had is kept, and so many at once are not believed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrphansIT {
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Stage stage =
            Stage.open(new Settings("", Duration.ofSeconds(1), Duration.ofSeconds(2), GRACE, Duration.ofHours(1), 90));

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

    private String canLogIn(TestPostgres server, String role) {
        return Sql.rows(server, "postgres", "SELECT rolcanlogin FROM pg_roles WHERE rolname = '" + role + "'")
                .getFirst();
    }

    @Test
    void claimsThatAreGoneWithoutAWordAreClosedAfterAWhile() throws SQLException {
        var ns = stage.namespace("orphan");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            Sql.rows(app, "CREATE TABLE kept AS SELECT 5 AS id");
        }
        stage.stop();
        Stage.release(stage.claims(ns, "orders"));
        stage.start();
        Seen.soon(() -> assertThat(state(postgres, ns)).containsExactly("orders Retained"));
        assertThat(canLogIn(postgres, ns + "_orders_app_a")).isEqualTo("f");
        Seen.soon(() -> assertThat(stage.secret(ns, "orders-db")).isNull());
        stage.claim(ns, "orders", "standard");
        var back = stage.ready(ns, "orders");
        assertThat(stage.reasons(back)).contains("Restored");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            assertThat(Sql.rows(app, "SELECT id FROM kept")).containsExactly("5");
        }
    }

    @Test
    void whatIsKeptAndThenDroppedByHandGivesItsPlaceBack() throws SQLException {
        var ns = stage.namespace("discarded");
        stage.claim(ns, "b29", "standard");
        stage.ready(ns, "b29");
        stage.claims(ns, "b29").delete();
        Seen.gone(stage.claims(ns, "b29"));
        var database = ns + "_b29";
        var before = stage.member("main").usedDatabases();
        Sql.run(postgres, "postgres", "ALTER DATABASE \"%s\" RENAME TO \"%s\"".formatted(database, ns + "_aside"));
        Seen.stays(GRACE.plusSeconds(3), () -> assertThat(state(postgres, ns)).containsExactly("b29 Retained"));
        Sql.run(postgres, "postgres", "ALTER DATABASE \"%s\" RENAME TO \"%s\"".formatted(ns + "_aside", database));

        var discard = Markdown.of("docs/adopt-and-recover.md").named("discard");
        try (var session = postgres.connect("postgres")) {
            for (var statement : discard.replace("shop_b29", database).lines().toList()) {
                Sql.rows(session, statement);
            }
        }
        Seen.soon(() -> assertThat(state(postgres, ns)).isEmpty());
        assertThat(Sql.rows(
                        postgres, "postgres", "SELECT rolname FROM pg_roles WHERE rolname LIKE '" + database + "%'"))
                .isEmpty();
        Seen.untilTrue(() -> stage.member("main").usedDatabases() == before - 1, "its place is free");
        Seen.soon(() -> assertThat(stage.events(stage.servers("main").get()))
                .anyMatch(event -> event.getNote().contains("struck off database \"" + database)));
        stage.claim(ns, "b29", "standard");
        stage.ready(ns, "b29");
    }

    @Test
    void aClaimThatGoesWithoutAWordKeepsNoPlace() throws SQLException {
        var ns = stage.namespace("place");
        var growing = stage.claim(ns, "growing", "standard").getMetadata().getUid();
        stage.ready(ns, "growing");
        try (var peer = postgres.connect("howdah");
                var locking = peer.createStatement()) {
            peer.setAutoCommit(false);
            locking.execute("LOCK TABLE howdah.claim IN SHARE MODE");
            var uid = stage.claim(ns, "orders", "standard").getMetadata().getUid();
            Seen.untilTrue(() -> stage.member("main").concerns(uid), "a place is kept for it");
            stage.patchSpec(stage.claims(ns, "growing"), "{connections: 40}");
            Seen.untilTrue(() -> stage.member("main").reserved(growing), "room is kept for the other");
            Stage.release(stage.claims(ns, "growing"));
            Seen.untilTrue(() -> !stage.member("main").reserved(growing), "its room is free");
            Stage.release(stage.claims(ns, "orders"));
            Seen.gone(stage.claims(ns, "orders"));
            Seen.untilTrue(() -> !stage.member("main").concerns(uid), "its place is free");
            Seen.untilTrue(
                    () -> Sql.rows(
                                    postgres,
                                    "howdah",
                                    "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                            .isEmpty(),
                    "nobody tries to write its row any more");
            peer.rollback();
        }
        Seen.soon(() -> assertThat(state(postgres, ns)).containsExactly("growing Retained"));
    }

    private boolean isThere(Secret secret) {
        var now = stage.secret(
                secret.getMetadata().getNamespace(), secret.getMetadata().getName());
        return now != null
                && now.getMetadata().getUid().equals(secret.getMetadata().getUid());
    }

    @Test
    void claimAppliedAgainWhileItsRowIsStillActive() throws SQLException {
        var ns = stage.namespace("active");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        var before = stage.secret(ns, "orders-db");
        try (var app = Sql.login(postgres, before)) {
            Sql.rows(app, "CREATE TABLE kept AS SELECT 6 AS id");
        }
        stage.stop();
        Stage.release(stage.claims(ns, "orders"));
        Seen.gone(stage.claims(ns, "orders"));
        stage.claim(ns, "orders", "standard");
        stage.start();
        // Until then it is another claim's. A garbage collector looks for new kinds every 30 s, and not at once again.
        await("the Secret of the claim that is gone is collected")
                .atMost(Duration.ofMinutes(3))
                .until(() -> !isThere(before));
        var back = stage.ready(ns, "orders");
        assertThat(stage.reasons(back)).contains("Restored");
        assertThat(Secrets.value(stage.secret(ns, "orders-db"), "password"))
                .isNotEqualTo(Secrets.value(before, "password"));
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            assertThat(Sql.rows(app, "SELECT id FROM kept")).containsExactly("6");
        }
        assertThatThrownBy(() -> Sql.login(postgres, before)).isInstanceOf(SQLException.class);
    }

    @Test
    void manyClaimsGoneAtOnceAreNotBelieved() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("storm", server);
            stage.classOn("storm", "storm");
            var ns = stage.namespace("storm");
            for (int i = 0; i < 7; i++) {
                stage.claim(ns, "c" + i, "storm");
            }
            for (int i = 0; i < 7; i++) {
                stage.ready(ns, "c" + i);
            }
            stage.stop();
            for (int i = 0; i < 6; i++) {
                Stage.release(stage.claims(ns, "c" + i));
            }
            stage.start();
            var stalled = Seen.until(
                    stage.servers("storm"),
                    s -> Seen.is(s.getStatus().conditions(), "Stalled", "True", Reason.OrphanStorm),
                    "the storm is noticed");
            assertThat(Seen.condition(stalled.getStatus().conditions(), "Stalled")
                            .message())
                    .contains("6 databases", "nothing is closed", Howdah.CLOSE_ORPHANS + "=\"6\"");
            assertThat(Seen.condition(stalled.getStatus().conditions(), "Ready").status())
                    .isEqualTo("True");
            assertThat(state(server, ns))
                    .allMatch(row -> row.endsWith("Active"))
                    .hasSize(7);
            stage.annotate(stage.servers("storm"), Howdah.CLOSE_ORPHANS, "5");
            assertThat(state(server, ns)).allMatch(row -> row.endsWith("Active"));

            stage.annotate(stage.servers("storm"), Howdah.CLOSE_ORPHANS, "6");
            Seen.soon(() -> assertThat(state(server, ns))
                    .filteredOn(row -> row.endsWith("Retained"))
                    .hasSize(6));
            assertThat(state(server, ns)).contains("c6 Active");
            Seen.until(
                    stage.servers("storm"),
                    s -> Seen.condition(s.getStatus().conditions(), "Stalled")
                            .status()
                            .equals("False"),
                    "the storm is over");
            Seen.soon(
                    () -> assertThat(stage.servers("storm").get().getMetadata().getAnnotations())
                            .doesNotContainKey(Howdah.CLOSE_ORPHANS));
            stage.annotate(stage.servers("storm"), Howdah.ABANDON, stage.named("storm"));
            stage.servers("storm").delete();
            Seen.gone(stage.servers("storm"));
        }
    }
}

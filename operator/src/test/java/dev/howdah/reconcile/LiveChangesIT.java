// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** "What a change does" of the API contract, row by row, on a claim that runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveChangesIT {
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

    private String running(String name, String... spec) {
        var ns = stage.namespace(name);
        stage.claim(ns, "orders", "standard", spec);
        stage.ready(ns, "orders");
        return ns;
    }

    private void change(String ns, String spec) {
        stage.patchSpec(stage.claims(ns, "orders"), spec);
        stage.ready(ns, "orders");
    }

    @Test
    void connectionsGrowAndShrinkForNewSessions() throws SQLException {
        var ns = running("connections", "connections: 2");
        var secret = stage.secret(ns, "orders-db");
        try (var first = Sql.login(postgres, secret);
                var second = Sql.login(postgres, secret)) {
            assertThatThrownBy(() -> Sql.login(postgres, secret)).hasMessageContaining("too many connections");
            change(ns, "{connections: 3}");
            Sql.login(postgres, secret).close();
            change(ns, "{connections: 1}");
            assertThat(Sql.rows(first, "SELECT 1")).containsExactly("1");
            assertThat(Sql.rows(second, "SELECT 1")).containsExactly("1");
            assertThatThrownBy(() -> Sql.login(postgres, secret)).hasMessageContaining("too many connections");
        }
        assertThat(stage.secret(ns, "orders-db")).isEqualTo(secret);
        var claim = stage.claims(ns, "orders").get();
        assertThat(claim.getStatus().connections()).isEqualTo(1);
        assertThat(stage.reasons(claim)).containsOnly("Provisioned", "Updated");
    }

    @Test
    void extensionsComeAndGoUnlessTheyHoldSomething() throws SQLException {
        var ns = running("extensions", "extensions: [{name: hstore}]");
        change(ns, "{extensions: [{name: hstore}, {name: pg_trgm}]}");
        assertThat(stage.claims(ns, "orders").get().getStatus().extensions())
                .extracting(e -> e.name())
                .containsExactlyInAnyOrder("hstore", "pg_trgm");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            Sql.rows(app, "CREATE TABLE t (h hstore)");
        }
        change(ns, "{extensions: []}");
        var status = stage.claims(ns, "orders").get().getStatus();
        assertThat(status.unmanaged())
                .singleElement()
                .satisfies(u -> assertThat(u.kind() + " " + u.name()).isEqualTo("Extension hstore"));
        Seen.soon(() -> assertThat(stage.events(stage.claims(ns, "orders").get()))
                .filteredOn(e -> e.getReason().equals("Unmanaged"))
                .singleElement()
                .satisfies(e -> assertThat(e.getNote()).contains("Extension \"hstore\"", "something depends on it")));
        assertThat(Sql.rows(postgres, ns + "_orders", "SELECT extname FROM pg_extension ORDER BY 1"))
                .containsExactly("hstore", "plpgsql");
        change(ns, "{extensions: [{name: hstore}]}");
        assertThat(stage.claims(ns, "orders").get().getStatus().unmanaged()).isNull();
    }

    @Test
    void schemasComeAndAreNeverDropped() throws SQLException {
        var ns = running("schemas");
        change(ns, "{schemas: [public, audit]}");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            Sql.rows(app, "CREATE TABLE audit.log AS SELECT 9 AS id");
        }
        change(ns, "{schemas: [public]}");
        assertThat(stage.claims(ns, "orders").get().getStatus().unmanaged())
                .singleElement()
                .satisfies(u -> assertThat(u.kind() + " " + u.name()).isEqualTo("Schema audit"));
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            assertThat(Sql.rows(app, "SELECT id FROM audit.log")).containsExactly("9");
        }
    }

    @Test
    void loginsComeAndGoAndKeepWhatTheyMade() throws SQLException {
        var ns = running("logins");
        var app = stage.secret(ns, "orders-db");
        change(ns, "{access: [{name: app, role: Owner, binding: true}, {name: batch, role: Owner}]}");
        var batch = stage.secret(ns, "orders-batch");
        try (var login = Sql.login(postgres, batch)) {
            Sql.rows(login, "CREATE TABLE made AS SELECT 3 AS id");
        }
        assertThat(stage.secret(ns, "orders-db")).isEqualTo(app);
        change(ns, "{access: [{name: app, role: Owner, binding: true}]}");
        assertThat(stage.secret(ns, "orders-batch")).isNull();
        assertThatThrownBy(() -> Sql.login(postgres, batch)).isInstanceOf(SQLException.class);
        assertThat(Sql.roles(postgres, ns + "_orders_batch")).isEmpty();
        try (var login = Sql.login(postgres, app)) {
            Sql.rows(login, "INSERT INTO made VALUES (4)");
            assertThat(Sql.rows(login, "SELECT id FROM made")).containsExactly("3", "4");
        }
    }

    @Test
    void aLowerRoleHoldsAtOnce() throws SQLException {
        var ns = running("lower", "access: [{name: app, role: Owner, binding: true}, {name: jobs, role: Owner}]");
        var jobs = stage.secret(ns, "orders-jobs");
        try (var session = Sql.login(postgres, jobs)) {
            Sql.rows(session, "CREATE TABLE mine AS SELECT 1 AS id");
            change(ns, "{access: [{name: app, role: Owner, binding: true}, {name: jobs, role: ReadOnly}]}");
            assertThatThrownBy(() -> Sql.rows(session, "SELECT 1")).isInstanceOf(SQLException.class);
        }
        assertThat(stage.secret(ns, "orders-jobs")).isEqualTo(jobs);
        try (var session = Sql.login(postgres, jobs)) {
            assertThat(Sql.rows(session, "SELECT id FROM mine")).containsExactly("1");
            assertThatThrownBy(() -> Sql.rows(session, "INSERT INTO mine VALUES (2)"))
                    .hasMessageContaining("permission denied");
        }
        assertThat(stage.claims(ns, "orders").get().getStatus().access())
                .extracting(a -> a.role())
                .containsExactly(AccessRole.Owner, AccessRole.ReadOnly);
        change(ns, "{access: [{name: app, role: Owner, binding: true}, {name: jobs, role: ReadWrite}]}");
        try (var session = Sql.login(postgres, jobs)) {
            Sql.rows(session, "INSERT INTO mine VALUES (2)");
        }
    }

    @Test
    void aLoginsOwnLimit() throws SQLException {
        var ns = running("limit", "access: [{name: app, role: Owner, connections: 1}]");
        var secret = stage.secret(ns, "orders-db");
        try (var first = Sql.login(postgres, secret)) {
            assertThatThrownBy(() -> Sql.login(postgres, secret)).hasMessageContaining("too many connections");
            change(ns, "{access: [{name: app, role: Owner}]}");
            Sql.login(postgres, secret).close();
            assertThat(Sql.rows(first, "SELECT 1")).containsExactly("1");
        }
    }

    @Test
    void theBindingMoves() {
        var ns = running("binding", "access: [{name: app, role: Owner, binding: true}, {name: jobs, role: ReadWrite}]");
        change(
                ns,
                "{access: [{name: app, role: Owner, secretName: orders-app}, {name: jobs, role: ReadWrite, binding: true, secretName: orders-jobs}]}");
        var status = stage.claims(ns, "orders").get().getStatus();
        assertThat(status.binding()).isNotNull();
        assertThat(status.binding().name()).isEqualTo("orders-jobs");
    }

    @Test
    void anotherSecretNameLeavesTheFormerForADay() {
        var ns = running("renamed");
        var former = stage.secret(ns, "orders-db");
        change(ns, "{access: [{name: app, role: Owner, secretName: fresh}]}");
        var fresh = stage.secret(ns, "fresh");
        assertThat(fresh).isNotNull();
        assertThat(fresh.getData()).isEqualTo(former.getData());
        assertThat(stage.claims(ns, "orders").get().getStatus().binding().name())
                .isEqualTo("fresh");
        stage.clock.advance(Duration.ofHours(23));
        look(ns);
        assertThat(stage.secret(ns, "orders-db")).isNotNull();
        assertThat(stage.secret(ns, "orders-db").getData()).isEqualTo(former.getData());

        // Back and forth: what is wanted again is no former one any more.
        change(ns, "{access: [{name: app, role: Owner}]}");
        change(ns, "{access: [{name: app, role: Owner, secretName: fresh}]}");
        stage.clock.advance(Duration.ofHours(2));
        look(ns);
        assertThat(stage.secret(ns, "orders-db")).isNotNull();
        stage.clock.advance(Duration.ofHours(23));
        look(ns);
        await().atMost(Stage.LONG).until(() -> stage.secret(ns, "orders-db") == null);
        assertThat(stage.secret(ns, "fresh").getData()).isEqualTo(fresh.getData());
    }

    private void look(String ns) {
        stage.annotate(
                stage.claims(ns, "orders"),
                Howdah.GROUP + "/look",
                stage.clock.instant().toString());
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
    }

    @Test
    void deletionPolicyIsLive() {
        var ns = running("policy");
        change(ns, "{deletionPolicy: Delete}");
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        assertThat(Sql.ledger(
                        postgres, "SELECT drop_after IS NOT NULL FROM howdah.claim WHERE namespace = '" + ns + "'"))
                .containsExactly("t");
        var other = running("keep", "deletionPolicy: Delete");
        change(other, "{deletionPolicy: Retain}");
        stage.claims(other, "orders").delete();
        Seen.gone(stage.claims(other, "orders"));
        assertThat(Sql.ledger(
                        postgres, "SELECT drop_after IS NULL FROM howdah.claim WHERE namespace = '" + other + "'"))
                .containsExactly("t");
    }

    @Test
    void anEditedClassChangesFutureClaimsOnly() {
        stage.classOn("edited", "main", "defaults: {connections: 5}");
        var ns = stage.namespace("edited");
        stage.claim(ns, "before", "edited");
        stage.ready(ns, "before");
        stage.patchSpec(stage.classes("edited"), "{defaults: {connections: 6}, ownerMayCreateSchemas: true}");
        await().atMost(Stage.LONG)
                .until(() -> stage.classes("edited").get().getStatus().observedGeneration() == 2);
        stage.claim(ns, "after", "edited");
        assertThat(stage.ready(ns, "after").getStatus().connections()).isEqualTo(6);
        assertThat(stage.claims(ns, "before").get().getStatus().connections()).isEqualTo(5);
    }
}

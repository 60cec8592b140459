// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A claim from its birth to its end, as a team and its application see it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaimLifeIT {
    private final TestPostgres postgres =
            TestPostgres.start(PostgresOptions.major(18).withTls());
    private final Stage stage = Stage.open();

    @BeforeAll
    void offer() {
        stage.server("main", postgres);
        stage.defaultClassOn("standard", "main");
        stage.classOn("fleeting", "main", "retainFor: 0s");
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
    }

    @Test
    void aClaimThatAsksForNothingGetsEverything() throws SQLException {
        var ns = stage.namespace("empty");
        stage.bareClaim(ns, "orders");
        var claim = stage.ready(ns, "orders");
        var status = claim.getStatus();
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.binding()).isNotNull();
        assertThat(status.binding().name()).isEqualTo("orders-db");
        assertThat(status.className()).isEqualTo(stage.named("standard"));
        assertThat(status.connections()).isEqualTo(20);
        assertThat(status.database()).isEqualTo(ns + "_orders");
        assertThat(status.server()).isNotNull();
        assertThat(status.server().name()).isEqualTo(stage.named("main"));
        assertThat(status.server().version()).startsWith("18.");
        assertThat(status.access()).singleElement().satisfies(access -> {
            assertThat(access.name()).isEqualTo("app");
            assertThat(access.username()).isEqualTo(ns + "_orders_app_a");
            assertThat(access.secretName()).isEqualTo("orders-db");
            assertThat(Instant.parse(access.rotationTime())).isBeforeOrEqualTo(Instant.now());
        });
        assertThat(status.conditions())
                .extracting(c -> c.type() + "=" + c.status() + " " + c.reason() + " " + c.observedGeneration())
                .containsExactlyInAnyOrder(
                        "Ready=True Provisioned 1",
                        "Reconciling=False Provisioned 1",
                        "Stalled=False Provisioned 1",
                        "Accepted=True Valid 1",
                        "Compliant=True Valid 1",
                        "InSync=True InSync 1");

        var secret = stage.secret(ns, "orders-db");
        assertThat(secret).isNotNull();
        assertThat(secret.getType()).isEqualTo("servicebinding.io/postgresql");
        assertThat(secret.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner ->
                        assertThat(owner.getUid()).isEqualTo(claim.getMetadata().getUid()));
        assertThat(secret.getData())
                .containsOnlyKeys(
                        "type",
                        "provider",
                        "host",
                        "port",
                        "database",
                        "username",
                        "password",
                        "uri",
                        "certificates",
                        "DATABASE_URL",
                        "PGHOST",
                        "PGPORT",
                        "PGDATABASE",
                        "PGUSER",
                        "PGPASSWORD",
                        "PGSSLMODE",
                        "jdbc-url");
        try (var app = Sql.login(postgres, secret)) {
            Sql.rows(app, "CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)");
            assertThat(Sql.rows(app, "SELECT id FROM orders")).containsExactly("1");
        }
    }

    @Test
    void everyFormInTheSecretLogsIn(@TempDir Path files) throws Exception {
        var ns = stage.namespace("forms");
        stage.bareClaim(ns, "orders");
        stage.ready(ns, "orders");
        var secret = stage.secret(ns, "orders-db");
        var user = Secrets.value(secret, "username");

        try (var connection = DriverManager.getConnection(Secrets.value(secret, "jdbc-url"))) {
            assertThat(Sql.rows(connection, "SELECT session_user")).containsExactly(user);
        }
        for (var form : List.of("uri", "DATABASE_URL")) {
            var uri = URI.create(Secrets.value(secret, form));
            assertThat(uri.getScheme()).isEqualTo("postgresql");
            assertThat(uri.getQuery()).isEqualTo("sslmode=require");
            var login = uri.getUserInfo().split(":", 2);
            try (var connection =
                    connect(uri.getHost(), uri.getPort(), uri.getPath().substring(1), login, "require")) {
                assertThat(Sql.rows(connection, "SELECT session_user")).containsExactly(user);
            }
        }
        String[] libpq = {Secrets.value(secret, "PGUSER"), Secrets.value(secret, "PGPASSWORD")};
        try (var connection = connect(
                Secrets.value(secret, "PGHOST"),
                Integer.parseInt(Secrets.value(secret, "PGPORT")),
                Secrets.value(secret, "PGDATABASE"),
                libpq,
                Secrets.value(secret, "PGSSLMODE"))) {
            assertThat(Sql.rows(connection, "SELECT session_user")).containsExactly(user);
        }
        var ca = files.resolve("ca.crt");
        Files.writeString(ca, Secrets.value(secret, "certificates"), StandardCharsets.UTF_8);
        var verifying =
                Secrets.value(secret, "jdbc-url").replace("sslmode=require", "sslmode=verify-full&sslrootcert=" + ca);
        try (var connection = DriverManager.getConnection(verifying)) {
            assertThat(Sql.rows(connection, "SELECT session_user")).containsExactly(user);
        }
        assertThat(Secrets.value(secret, "type")).isEqualTo("postgresql");
        assertThat(Secrets.value(secret, "provider")).isEqualTo("howdah");
        assertThat(Secrets.value(secret, "host")).isEqualTo(postgres.host());
    }

    private static java.sql.Connection connect(String host, int port, String database, String[] login, String sslMode)
            throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", login[0]);
        properties.setProperty("password", login[1]);
        properties.setProperty("sslmode", sslMode);
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/" + database, properties);
    }

    @Test
    void threeLoginsAndTwoExtensions() throws SQLException {
        var ns = stage.namespace("three");
        stage.claim(
                ns,
                "orders",
                "standard",
                "extensions: [{name: pg_trgm}, {name: hstore}]",
                "schemas: [public, audit]",
                "access:",
                "- {name: app, role: Owner, binding: true}",
                "- {name: jobs, role: ReadWrite}",
                "- {name: report, role: ReadOnly, connections: 2, secretName: numbers}");
        var status = stage.ready(ns, "orders").getStatus();
        assertThat(status.access())
                .extracting(a -> a.name() + " " + a.role() + " " + a.secretName())
                .containsExactly("app Owner orders-db", "jobs ReadWrite orders-jobs", "report ReadOnly numbers");
        assertThat(status.extensions())
                .extracting(e -> e.name() + " " + e.schema())
                .containsExactlyInAnyOrder("pg_trgm extensions", "hstore extensions");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"));
                var jobs = Sql.login(postgres, stage.secret(ns, "orders-jobs"));
                var report = Sql.login(postgres, stage.secret(ns, "numbers"))) {
            Sql.rows(app, "CREATE TABLE audit.log (tags hstore); INSERT INTO audit.log VALUES ('a=>1')");
            Sql.rows(jobs, "INSERT INTO audit.log VALUES ('b=>2')");
            assertThat(Sql.rows(report, "SELECT count(*) FROM audit.log")).containsExactly("2");
            assertThat(Sql.rows(report, "SELECT similarity('abc', 'abc')")).containsExactly("1");
            assertThatThrownBy(() -> Sql.rows(report, "INSERT INTO audit.log VALUES ('c=>3')"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> Sql.rows(jobs, "CREATE TABLE t (id int)"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void eventsAndTimesTellOfTransitionsOnly() throws Exception {
        var ns = stage.namespace("events");
        stage.claim(ns, "orders", "missing");
        var refused = stage.says(ns, "orders", "False", Reason.ClassNotFound);
        var since = Seen.condition(refused, "Ready").lastTransitionTime();
        Thread.sleep(1_100);
        stage.patchSpec(stage.claims(ns, "orders"), "{connections: 7}");
        var again = Seen.until(
                stage.claims(ns, "orders"), c -> c.getStatus().observedGeneration() == 2, "generation 2 is observed");
        assertThat(Seen.condition(again, "Ready").lastTransitionTime()).isEqualTo(since);
        assertThat(Seen.condition(again, "Ready").observedGeneration()).isEqualTo(2);
        assertThat(stage.reasons(again)).containsExactly("ClassNotFound");

        stage.patchSpec(stage.claims(ns, "orders"), "{className: " + stage.named("standard") + "}");
        var ready = stage.ready(ns, "orders");
        assertThat(Seen.condition(ready, "Ready").lastTransitionTime()).isGreaterThan(since);
        assertThat(stage.reasons(ready)).containsExactly("ClassNotFound", "Provisioned");
        assertThat(stage.events(ready))
                .allSatisfy(event -> assertThat(event.getType())
                        .isEqualTo(event.getReason().equals("Provisioned") ? "Normal" : "Warning"));

        // Nothing happens by itself, and nothing of what happens to others is told here.
        stage.annotate(stage.claims(ns, "orders"), Howdah.GROUP + "/look", "again");
        Thread.sleep(1_500);
        var later = stage.claims(ns, "orders").get();
        assertThat(later.getStatus()).isEqualTo(ready.getStatus());
        assertThat(stage.reasons(later)).containsExactly("ClassNotFound", "Provisioned");
    }

    @Test
    void retainedDataIsThereAgain() throws SQLException {
        var ns = stage.namespace("retain");
        stage.bareClaim(ns, "orders");
        stage.ready(ns, "orders");
        var before = stage.secret(ns, "orders-db");
        try (var app = Sql.login(postgres, before)) {
            Sql.rows(app, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)");
        }
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        assertThat(stage.secret(ns, "orders-db")).isNull();
        assertThatThrownBy(() -> Sql.login(postgres, before)).hasMessageContaining("not permitted to log in");
        assertThat(Sql.ledger(
                        postgres,
                        "SELECT state || ' ' || (drop_after IS NULL) FROM howdah.claim WHERE database = '" + ns
                                + "_orders'"))
                .containsExactly("Retained true");

        stage.bareClaim(ns, "orders");
        var restored = stage.ready(ns, "orders");
        var after = stage.secret(ns, "orders-db");
        assertThat(Secrets.value(after, "password")).isNotEqualTo(Secrets.value(before, "password"));
        try (var app = Sql.login(postgres, after)) {
            assertThat(Sql.rows(app, "SELECT id FROM kept")).containsExactly("42");
        }
        assertThat(stage.reasons(restored)).containsExactly("Restored");
    }

    @Test
    void aDatabaseToBeDeletedAtOnceIsDroppedBySweep() {
        var ns = stage.namespace("delete");
        stage.claim(ns, "orders", "fleeting", "deletionPolicy: Delete");
        stage.ready(ns, "orders");
        assertThat(Sql.roles(postgres, ns + "_orders")).hasSize(6);
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        await().atMost(Stage.LONG).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            assertThat(Sql.databases(postgres)).doesNotContain(ns + "_orders");
            assertThat(Sql.roles(postgres, ns + "_orders")).isEmpty();
            assertThat(Sql.ledger(postgres, "SELECT 1 FROM howdah.claim WHERE namespace = '" + ns + "'"))
                    .isEmpty();
        });
        // And the name is free again, for an empty database.
        stage.claim(ns, "orders", "fleeting");
        assertThat(stage.reasons(stage.ready(ns, "orders"))).containsExactly("Provisioned");
    }

    @Test
    void aDatabaseThatIsNotThereToBeDroppedIsNotSaidToBe() {
        var ns = stage.namespace("kept-aside");
        stage.claim(ns, "orders", "fleeting", "deletionPolicy: Delete");
        stage.ready(ns, "orders");
        Sql.run(postgres, "postgres", "ALTER DATABASE \"" + ns + "_orders\" RENAME TO \"" + ns + "_aside\"");
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        Seen.soon(() -> assertThat(stage.events(stage.servers("main").get()))
                .filteredOn(e -> e.getNote().contains(ns + "_orders"))
                .singleElement()
                .satisfies(e -> assertThat(e.getNote())
                        .contains("dropped or renamed by hand")
                        .doesNotContain("dropped database")));
        assertThat(Sql.databases(postgres)).contains(ns + "_aside");
    }

    @Test
    void aDatabaseToBeDeletedStaysForTheTimeOfItsClass() throws Exception {
        var ns = stage.namespace("later");
        stage.claim(ns, "orders", "standard", "deletionPolicy: Delete");
        stage.ready(ns, "orders");
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        Thread.sleep(2_500);
        assertThat(Sql.databases(postgres)).contains(ns + "_orders");
        assertThat(Sql.ledger(
                        postgres,
                        "SELECT state || ' ' || (drop_after > now() + interval '167 hours') FROM howdah.claim WHERE namespace = '"
                                + ns + "'"))
                .containsExactly("Retained true");
    }
}

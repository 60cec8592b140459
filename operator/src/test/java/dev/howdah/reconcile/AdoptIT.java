// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedBecause;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.Driver;

/** A database that was there before is shown, agreed to, and then the claim's; and what is kept is listed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdoptIT {
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Stage stage = Stage.open();

    @BeforeAll
    void offer() {
        // It takes no new databases, and still gives away one that is there.
        stage.server("main", postgres, "unschedulable: true");
        stage.classOn("standard", "main");
        Sql.run(postgres, "postgres", "CREATE ROLE legacy LOGIN PASSWORD 'legacy'");
        Sql.run(postgres, "postgres", "CREATE DATABASE \"Legacy Orders\" OWNER legacy");
        Sql.run(
                postgres,
                "Legacy Orders",
                "SET ROLE legacy; CREATE TABLE kept AS SELECT 7 AS n; GRANT SELECT ON kept TO PUBLIC");
    }

    @AfterEach
    void withoutPairs() {
        stage.noPair("main");
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
    }

    private void pair(String database, String ns, String rest) {
        stage.pair("main", database, ns, "orders", rest);
    }

    private String owner() {
        return Sql.rows(
                        postgres,
                        "postgres",
                        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'Legacy Orders'")
                .getFirst();
    }

    private String hash(String ns) {
        return Objects.requireNonNull(
                        stage.claims(ns, "orders").get().getStatus().plan())
                .hash();
    }

    @Test
    void thePlanIsShownAndCarriedOutWhenItIsAgreedTo() throws SQLException {
        var ns = stage.namespace("brown");
        pair("Legacy Orders", ns, "");
        stage.claim(ns, "orders", "standard");
        var waits = stage.says(ns, "orders", "False", Reason.AwaitingConsent);
        assertThat(Seen.is(waits.getStatus().conditions(), "Accepted", "True", Reason.Valid))
                .isTrue();
        assertThat(Seen.is(waits.getStatus().conditions(), "Stalled", "True", Reason.AwaitingConsent))
                .isTrue();
        var plan = Objects.requireNonNull(waits.getStatus().plan());
        assertThat(Seen.condition(waits, "Ready").message()).contains(plan.hash(), "planHash");
        assertThat(plan.steps()).contains("hand 1 × table in schema public of legacy to Legacy Orders_owner");
        assertThat(owner()).isEqualTo("legacy");
        assertThat(Sql.ledger(postgres, "SELECT count(*) FROM howdah.claim WHERE namespace = '" + ns + "'"))
                .containsExactly("0");

        // Agreed to, but something has changed since.
        Sql.run(postgres, "Legacy Orders", "SET ROLE legacy; CREATE TABLE later (id int)");
        pair("Legacy Orders", ns, ", planHash: \"" + plan.hash() + "\"");
        await().atMost(Stage.LONG).until(() -> !hash(ns).equals(plan.hash()));
        var again = stage.says(ns, "orders", "False", Reason.AwaitingConsent);
        assertThat(Seen.condition(again, "Ready").message())
                .contains("not the one that was agreed to (" + plan.hash() + ")", hash(ns));
        assertThat(owner()).isEqualTo("legacy");

        pair("Legacy Orders", ns, ", planHash: \"" + hash(ns) + "\"");
        var ready = stage.ready(ns, "orders");
        assertThat(ready.getStatus().plan()).isNull();
        assertThat(ready.getStatus().database()).isEqualTo("Legacy Orders");
        assertThat(owner()).isEqualTo("Legacy Orders_database");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"));
                var old = postgres.connect("Legacy Orders", new PostgresLogin("legacy", "legacy"))) {
            assertThat(Sql.rows(app, "SELECT n FROM kept")).containsExactly("7");
            Sql.rows(app, "ALTER TABLE kept ADD COLUMN more int; DROP TABLE later");
            assertThat(Sql.rows(old, "SELECT n FROM kept")).containsExactly("7");
        }

        try (var byUrl =
                new Driver().connect(Secrets.value(stage.secret(ns, "orders-db"), "jdbc-url"), new Properties())) {
            assertThat(Sql.rows(byUrl, "SELECT n FROM kept")).containsExactly("7");
        }

        // What is left to those who used it is not taken for drift, sweep after sweep.
        await().during(Duration.ofSeconds(4)).atMost(Stage.LONG).untilAsserted(() -> {
            try (var old = postgres.connect("Legacy Orders", new PostgresLogin("legacy", "legacy"))) {
                assertThat(Sql.rows(old, "SELECT n FROM kept")).containsExactly("7");
            }
            assertThat(Seen.is(
                            stage.claims(ns, "orders").get().getStatus().conditions(), "InSync", "True", Reason.InSync))
                    .isTrue();
        });

        // From here on it is like any other: kept when its claim goes, listed, and taken back.
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        var listed = Seen.until(
                stage.servers("main"),
                server -> server.getStatus().retained() != null,
                "the server lists what it keeps");
        assertThat(listed.getStatus().retainedDatabases()).isEqualTo(1);
        var kept = listed.getStatus().retained().getFirst();
        assertThat(kept.database()).isEqualTo("Legacy Orders");
        assertThat(kept.claimRef().namespace()).isEqualTo(ns);
        assertThat(kept.because()).isEqualTo(RetainedBecause.ClaimDeleted);
        assertThat(kept.dropTime()).isNull();
        stage.claim(ns, "orders", "standard");
        var restored = stage.ready(ns, "orders");
        assertThat(stage.reasons(restored)).contains("Restored");
        assertThat(restored.getStatus().database()).isEqualTo("Legacy Orders");
        Seen.until(
                stage.servers("main"),
                server -> server.getStatus().retained() == null,
                "the server keeps nothing more");
    }

    @Test
    void rolesOfAShortenedNameAreKnownToBeItsOwn() {
        var name = "a legacy database with a name that is longer than roles can be";
        var database = name.substring(0, 60);
        Sql.run(postgres, "postgres", "CREATE DATABASE \"" + database + "\" OWNER legacy");
        var ns = stage.namespace("long");
        pair(database, ns, "");
        stage.claim(ns, "orders", "standard");
        stage.says(ns, "orders", "False", Reason.AwaitingConsent);
        pair(database, ns, ", planHash: \"" + hash(ns) + "\"");
        stage.ready(ns, "orders");
        var before = stage.secret(ns, "orders-db");
        var login =
                stage.claims(ns, "orders").get().getStatus().access().getFirst().username();

        // Seen by the verifier, which the ledger holds by role, and by the owner group, whose objects are in there.
        Sql.run(postgres, "postgres", "ALTER ROLE \"" + login + "\" PASSWORD 'changed'");
        Seen.until(
                stage.client.secrets().inNamespace(ns).withName("orders-db"),
                secret -> !secret.getData().equals(before.getData()),
                "a new password is published");
        Sql.run(postgres, "postgres", "ALTER DATABASE \"" + database + "\" OWNER TO legacy");
        await().atMost(Stage.LONG)
                .until(() -> Sql.rows(
                                postgres,
                                "postgres",
                                "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '" + database + "'")
                        .getFirst()
                        .endsWith("_database"));
    }

    @Test
    void whatIsNobodysToGiveIsRefused() {
        var ns = stage.namespace("refused");
        pair("postgres", ns, "");
        stage.claim(ns, "orders", "standard");
        stage.says(ns, "orders", "False", Reason.DatabaseConflict);
        pair("template1", ns, "");
        Seen.stays(
                Duration.ofSeconds(2),
                () -> assertThat(stage.claims(ns, "orders").get().getStatus().plan())
                        .isNull());
        pair("no-such", ns, "");
        stage.says(ns, "orders", "False", Reason.DatabaseMissing);
        assertThat(Sql.databases(postgres)).doesNotContain("no-such", ns + "_orders");
    }
}

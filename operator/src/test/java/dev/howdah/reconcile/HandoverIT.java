// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a former namespace left goes to the new one of its name when a DBA says so, once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandoverIT {
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

    private void madeAnew(String ns) {
        stage.client.namespaces().withName(ns).delete();
        Seen.gone(stage.client.namespaces().withName(ns));
        stage.namespace(ns, Map.of());
        stage.claim(ns, "orders", "standard");
        stage.says(ns, "orders", "False", Reason.RetainedByFormerNamespace);
    }

    private String consentUsed(String ns) {
        return Sql.ledger(postgres, "SELECT consent_used FROM howdah.claim WHERE namespace = '" + ns + "'")
                .getFirst();
    }

    @Test
    void aPairHandsOverOnce() throws SQLException {
        var ns = stage.namespace("anew-" + stage.id, Map.of());
        var database = ns + "_orders";
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            Sql.rows(app, "CREATE TABLE kept AS SELECT 7 AS n");
        }
        madeAnew(ns);
        // Pairs that name something else say nothing.
        stage.pair("main", database, ns, "other", "");
        Seen.stays(
                Duration.ofSeconds(2),
                () -> assertThat(stage.secret(ns, "orders-db")).isNull());
        stage.pair("main", ns + "_other", ns, "orders", "");
        Seen.stays(
                Duration.ofSeconds(2),
                () -> assertThat(stage.secret(ns, "orders-db")).isNull());

        stage.pair("main", database, ns, "orders", "");
        var claim = stage.ready(ns, "orders");
        assertThat(stage.reasons(claim)).contains("Restored");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            assertThat(Sql.rows(app, "SELECT n FROM kept")).containsExactly("7");
        }
        assertThat(consentUsed(ns)).isEqualTo("t");

        // It still stands there, and is no consent to the next one.
        madeAnew(ns);
        var waits = stage.says(ns, "orders", "False", Reason.RetainedByFormerNamespace);
        assertThat(Seen.condition(waits, "Ready").message()).contains("taken out first", "consent counts once");

        stage.noPair("main");
        Seen.soon(() -> assertThat(consentUsed(ns)).isEqualTo("f"));
        stage.pair("main", database, ns, "orders", "");
        stage.ready(ns, "orders");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            assertThat(Sql.rows(app, "SELECT n FROM kept")).containsExactly("7");
        }
        stage.noPair("main");
    }

    @Test
    void aPairThatAdoptedHandsNothingOver() throws SQLException {
        Sql.run(postgres, "postgres", "CREATE ROLE legacy LOGIN PASSWORD 'legacy'");
        Sql.run(postgres, "postgres", "CREATE DATABASE legacy OWNER legacy");
        var ns = stage.namespace("adopted-" + stage.id, Map.of());
        stage.pair("main", "legacy", ns, "orders", "");
        stage.claim(ns, "orders", "standard");
        stage.says(ns, "orders", "False", Reason.AwaitingConsent);
        var plan = Objects.requireNonNull(
                stage.claims(ns, "orders").get().getStatus().plan());
        stage.pair("main", "legacy", ns, "orders", ", planHash: \"" + plan.hash() + "\"");
        stage.ready(ns, "orders");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            Sql.rows(app, "CREATE TABLE kept AS SELECT 7 AS n");
        }
        // It stands in a repository, and whoever has the namespace next is perhaps somebody else.
        madeAnew(ns);
        stage.noPair("main");
        Seen.soon(() -> assertThat(consentUsed(ns)).isEqualTo("f"));
        stage.pair("main", "legacy", ns, "orders", "");
        stage.ready(ns, "orders");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            assertThat(Sql.rows(app, "SELECT n FROM kept")).containsExactly("7");
        }
        stage.noPair("main");
    }
}

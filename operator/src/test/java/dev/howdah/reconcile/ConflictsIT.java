// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is not ours is left as it is, whatever its name, and does not stand in the way for longer than it is there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConflictsIT {
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

    private void conflict(DatabaseClaim claim, Reason reason, String... says) {
        assertThat(Seen.condition(claim, "Ready").message()).contains(says);
        assertThat(Seen.condition(claim, "Stalled"))
                .satisfies(c -> assertThat(c.status() + c.reason()).isEqualTo("True" + reason));
        assertThat(Seen.condition(claim, "Accepted").status()).isEqualTo("True");
        assertThat(stage.reasons(claim)).endsWith(reason.name());
    }

    /** What a minute brings in earnest: the claim looks again. */
    private void lookAgain(String ns, String name) {
        stage.annotate(stage.claims(ns, name), Howdah.GROUP + "/look", "again");
    }

    private List<String> ledger(String ns) {
        return Sql.ledger(postgres, "SELECT state FROM howdah.claim WHERE namespace = '" + ns + "'");
    }

    @Test
    void foreignDatabase() {
        var ns = stage.namespace("database");
        Sql.run(postgres, "postgres", "CREATE DATABASE \"" + ns + "_orders\"");
        Sql.run(postgres, ns + "_orders", "CREATE TABLE theirs AS SELECT 7 AS id");
        stage.claim(ns, "orders", "standard");
        var claim = stage.says(ns, "orders", "False", Reason.DatabaseConflict);
        conflict(claim, Reason.DatabaseConflict, "\"" + ns + "_orders\"", "left untouched", "another name");
        assertThat(Sql.roles(postgres, ns + "_orders")).isEmpty();
        assertThat(ledger(ns)).isEmpty();
        assertThat(claim.getStatus().server()).isNull();
        stage.claim(ns, "other", "standard");
        stage.ready(ns, "other");
        assertThat(Sql.rows(postgres, ns + "_orders", "SELECT id FROM theirs")).containsExactly("7");

        Sql.run(postgres, "postgres", "ALTER DATABASE \"" + ns + "_orders\" RENAME TO \"" + ns + "_theirs\"");
        lookAgain(ns, "orders");
        stage.ready(ns, "orders");
        assertThat(Sql.rows(postgres, ns + "_theirs", "SELECT id FROM theirs")).containsExactly("7");
    }

    @Test
    void foreignRole() {
        var ns = stage.namespace("role");
        var role = ns + "_orders_app_b";
        Sql.run(postgres, "postgres", "CREATE ROLE \"" + role + "\" LOGIN CREATEDB");
        stage.claim(ns, "orders", "standard");
        var claim = stage.says(ns, "orders", "False", Reason.RoleConflict);
        conflict(claim, Reason.RoleConflict, "\"" + role + "\"", "left untouched", "another name");
        assertThat(Sql.roles(postgres, ns)).containsExactly(role);
        assertThat(Sql.databases(postgres)).doesNotContain(ns + "_orders");
        assertThat(ledger(ns)).isEmpty();
        assertThat(Sql.rows(
                        postgres,
                        "postgres",
                        "SELECT rolcreatedb || ' ' || rolcanlogin FROM pg_roles WHERE rolname = '" + role + "'"))
                .containsExactly("true true");

        Sql.run(postgres, "postgres", "DROP ROLE \"" + role + "\"");
        lookAgain(ns, "orders");
        stage.ready(ns, "orders");
    }

    @Test
    void foreignRoleOfALaterLogin() {
        var ns = stage.namespace("login");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        var role = ns + "_orders_report_a";
        Sql.run(postgres, "postgres", "CREATE ROLE \"" + role + "\"");
        stage.patchSpec(
                stage.claims(ns, "orders"),
                "{access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly}]}");
        var claim = stage.says(ns, "orders", "False", Reason.RoleConflict);
        conflict(claim, Reason.RoleConflict, "\"" + role + "\"");
        // What ran before still does.
        assertThat(claim.getStatus().access()).extracting(a -> a.name()).containsExactly("app");
        assertThat(Secrets.value(stage.secret(ns, "orders-db"), "username")).isEqualTo(ns + "_orders_app_a");
    }

    @Test
    void foreignSecret() {
        var ns = stage.namespace("secret");
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withName("orders-db")
                .withNamespace(ns)
                .addToLabels(Howdah.CLAIM_LABEL, "orders")
                .endMetadata()
                .addToStringData("password", "theirs")
                .build();
        var before = stage.client.resource(secret).create();
        stage.claim(ns, "orders", "standard");
        var claim = stage.says(ns, "orders", "False", Reason.SecretConflict);
        conflict(claim, Reason.SecretConflict, "\"orders-db\"", "left untouched", "`spec.access[].secretName`");
        assertThat(stage.secret(ns, "orders-db")).isEqualTo(before);
        assertThat(Sql.databases(postgres)).doesNotContain(ns + "_orders");
        assertThat(Sql.roles(postgres, ns)).isEmpty();
        assertThat(ledger(ns)).isEmpty();

        stage.patchSpec(stage.claims(ns, "orders"), "{access: [{name: app, role: Owner, secretName: orders-of-ours}]}");
        stage.ready(ns, "orders");
        assertThat(stage.secret(ns, "orders-db")).isEqualTo(before);
        // A running claim that is given a taken name goes on with the one it has.
        stage.patchSpec(stage.claims(ns, "orders"), "{access: [{name: app, role: Owner, secretName: orders-db}]}");
        conflict(stage.says(ns, "orders", "False", Reason.SecretConflict), Reason.SecretConflict, "\"orders-db\"");
        assertThat(stage.secret(ns, "orders-db")).isEqualTo(before);
        assertThat(stage.secret(ns, "orders-of-ours")).isNotNull();
        stage.client.resource(before).delete();
        lookAgain(ns, "orders");
        stage.ready(ns, "orders");
        assertThat(Secrets.value(stage.secret(ns, "orders-db"), "password"))
                .isEqualTo(Secrets.value(stage.secret(ns, "orders-of-ours"), "password"));
    }

    @Test
    void claimThatIsDeletedInConflictLeavesNothingAndTouchesNothing() {
        var ns = stage.namespace("leaves");
        Sql.run(postgres, "postgres", "CREATE DATABASE \"" + ns + "_orders\"");
        stage.claim(ns, "orders", "standard", "deletionPolicy: Delete");
        stage.says(ns, "orders", "False", Reason.DatabaseConflict);
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        assertThat(Sql.databases(postgres)).contains(ns + "_orders");
        assertThat(ledger(ns)).isEmpty();
    }
}

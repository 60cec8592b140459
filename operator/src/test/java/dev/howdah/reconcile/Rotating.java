// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;

/** What the cases of a rotation have in common: a server, an operator, and how to look at a claim called orders. */
interface Rotating {
    /** Of the class {@code short}. */
    Duration OVERLAP = Duration.ofSeconds(4);

    Stage stage();

    TestPostgres postgres();

    /** Every password that was ever seen in a Secret. */
    Set<String> passwords();

    default String published(String name, String className, String... spec) {
        var ns = stage().namespace(name);
        stage().claim(ns, "orders", className, spec);
        stage().ready(ns, "orders");
        return ns;
    }

    default Secret secret(String ns) {
        return seen(stage().secret(ns, "orders-db"));
    }

    default Secret seen(Secret secret) {
        passwords().add(Secrets.value(secret, "password"));
        return secret;
    }

    default Secret moved(String ns, Secret before) {
        return seen(Seen.until(
                stage().client.secrets().inNamespace(ns).withName("orders-db"),
                s -> !Secrets.value(s, "username").equals(Secrets.value(before, "username")),
                "the Secret names the other login"));
    }

    default void ask(String ns, String annotation, String value) {
        stage().annotate(stage().claims(ns, "orders"), annotation, value);
    }

    default DatabaseClaim until(String ns, Predicate<DatabaseClaim> wanted, String what) {
        return Seen.until(stage().claims(ns, "orders"), wanted, what);
    }

    default DatabaseClaim handled(String ns, String value) {
        return until(ns, claim -> value.equals(claim.getStatus().lastHandledRotate()), "handled " + value);
    }

    default String user(String ns, String slot) {
        return ns + "_orders_app_" + slot;
    }

    default void logsIn(Secret secret) throws SQLException {
        try (var app = Sql.login(postgres(), secret)) {
            assertThat(Sql.rows(app, "SELECT 1")).containsExactly("1");
        }
    }

    default void isShut(Secret secret) {
        assertThatThrownBy(() -> Sql.login(postgres(), secret)).isInstanceOf(SQLException.class);
    }

    default boolean open(String role) {
        return Sql.rows(postgres(), "postgres", "SELECT rolcanlogin FROM pg_roles WHERE rolname = '" + role + "'")
                .getFirst()
                .equals("t");
    }

    default void closed(String role) {
        await(role + " is closed").atMost(Stage.LONG).until(() -> !open(role));
        assertThat(Sql.rows(postgres(), "postgres", "SELECT rolconnlimit FROM pg_roles WHERE rolname = '" + role + "'"))
                .containsExactly("0");
    }

    default long count(String ns, Reason reason) {
        return stage().reasons(stage().claims(ns, "orders").get()).stream()
                .filter(reason.name()::equals)
                .count();
    }

    /** By the ledger's journal. */
    default long rotations(String ns) {
        return Long.parseLong(Sql.ledger(
                        postgres(),
                        "SELECT count(*) FROM howdah.journal WHERE claim = '%s/orders' AND sqlstate IS NULL AND steps::text LIKE '%%open login%%with a new password%%' AND steps::text NOT LIKE '%%generation%%'"
                                .formatted(ns))
                .getFirst());
    }

    /** By the server, which may take a moment. */
    default void isEnded(Connection session) {
        await().atMost(Stage.LONG)
                .untilAsserted(() ->
                        assertThatThrownBy(() -> Sql.rows(session, "SELECT 1")).isInstanceOf(SQLException.class));
    }
}

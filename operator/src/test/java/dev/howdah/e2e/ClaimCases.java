// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What a team gets. */
interface ClaimCases {
    Stand stand();

    @Test
    @Order(1)
    default void a_claim_becomes_logins_that_may_what_their_roles_say() throws SQLException {
        stand().kubectl
                .applies(stand().claim(
                                "orders",
                                "access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly}]"));
        stand().awaitReady("orders");
        var binding = stand().get("dbclaim/orders")
                .path("status")
                .path("binding")
                .path("name")
                .asText();
        assertThat(binding).isEqualTo("orders-db");
        var owner = stand().secret(binding);
        assertThat(owner)
                .containsEntry("type", "postgresql")
                .containsEntry("host", stand().place.database().host())
                .containsEntry("port", Integer.toString(stand().place.database().port()))
                .containsKeys("uri", "jdbc-url", "DATABASE_URL", "PGHOST", "PGPASSWORD");
        assertThat(stand().rows(owner, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('kept')"))
                .isEmpty();
        var report = stand().secret("orders-report");
        assertThat(stand().rows(report, "SELECT word FROM kept")).containsExactly("kept");
        assertThatThrownBy(() -> stand().rows(report, "DELETE FROM kept")).hasMessageContaining("permission denied");
    }

    @Test
    @Order(2)
    default void a_rotation_publishes_another_login_while_the_former_still_works() throws SQLException {
        var former = stand().secret("orders-db");
        stand().kubectl.does("-n %s annotate dbclaim/orders howdah.dev/rotate=once".formatted(stand().name));
        await().atMost(Stand.PATIENCE)
                .until(() -> !stand().secret("orders-db").get("username").equals(former.get("username")));
        assertThat(stand().rows(stand().secret("orders-db"), "SELECT word FROM kept"))
                .containsExactly("kept");
        assertThat(stand().rows(former, "SELECT word FROM kept"))
                .as("in its overlap")
                .containsExactly("kept");
        await().atMost(Stand.PATIENCE)
                .until(() -> stand().get("dbclaim/orders")
                        .path("status")
                        .path("lastHandledRotate")
                        .asText()
                        .equals("once"));
    }

    @Test
    @Order(3)
    default void what_was_deleted_comes_back_with_its_data() throws SQLException {
        stand().awaitReady("orders");
        var former = stand().secret("orders-db");
        stand().kubectl
                .does("-n %s delete dbclaim/orders --timeout=%ds".formatted(stand().name, Stand.PATIENCE.toSeconds()));
        assertThatThrownBy(() -> stand().login(former).close())
                .as("its logins are closed")
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState())
                                .as(refused.getMessage())
                                .startsWith("28"));
        stand().kubectl.applies(stand().claim("orders", ""));
        stand().awaitReady("orders");
        var secret = stand().secret("orders-db");
        assertThat(secret.get("password")).isNotEqualTo(former.get("password"));
        assertThat(stand().rows(secret, "SELECT word FROM kept")).containsExactly("kept");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The operator is gone, and objects are deleted without it; then it comes back. As docs/uninstall.md says. */
class UninstallIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void nothing_is_lost_and_what_was_applied_again_is_taken_back() throws Exception {
        try (var cluster = InstalledCluster.start();
                var postgres = TestPostgres.start(PostgresOptions.major(18))) {
            var admin = new PostgresLogin(postgres.superuser(), postgres.superuserPassword());
            cluster.publish("main", postgres, admin);
            cluster.offer("main", 18, true);
            cluster.createNamespace("shop");
            cluster.claim("shop", "orders", "{}");
            cluster.claim("shop", "stays", "{}");
            Secret before;
            try (var operator = OperatorProcess.run(InstalledCluster.JAR, cluster.environment())
                    .awaitReady(PATIENCE)) {
                cluster.awaitReady("shop", "orders");
                cluster.awaitReady("shop", "stays");
                before = secret(cluster, "orders-db");
                asLogin(postgres, before, "CREATE TABLE kept AS SELECT 42 AS answer");
                operator.terminate();
            }

            claim(cluster, "orders").delete();
            var server = cluster.client().resources(PostgresServer.class).withName("main");
            server.delete();
            assertThat(claim(cluster, "orders").get().getMetadata().getDeletionTimestamp())
                    .as("it waits for the operator")
                    .isNotNull();
            assertThat(server.get()).isNotNull();
            var freed = new Shell(cluster.controlPlane(), SourceTree.REPOSITORY)
                    .run(Markdown.of("docs/uninstall.md").named("finalizers"));
            assertThat(freed).contains("orders patched", "stays patched", "main patched");
            await().atMost(PATIENCE).until(() -> claim(cluster, "orders").get() == null && server.get() == null);
            await().atMost(PATIENCE).until(() -> secret(cluster, "orders-db") == null);
            assertThat(claim(cluster, "stays").get()).isNotNull();
            assertThat(secret(cluster, "stays-db")).isNotNull();
            assertThat(asLogin(postgres, before, "SELECT answer FROM kept"))
                    .as("an application goes on")
                    .containsExactly("42");
            assertThat(ledger(postgres)).isEqualTo("orders Active,stays Active");

            cluster.client()
                    .secrets()
                    .inNamespace(InstalledCluster.OPERATOR_NAMESPACE)
                    .withName("main")
                    .delete();
            cluster.publish("main", postgres, admin);
            try (var operator = OperatorProcess.run(InstalledCluster.JAR, cluster.environment())
                    .awaitReady(PATIENCE)) {
                var ready = new Shell(cluster.controlPlane(), SourceTree.REPOSITORY)
                        .run(Markdown.of("docs/uninstall.md").named("servers"));
                assertThat(ready).contains("main condition met");
                cluster.claim("shop", "orders", "{}");
                cluster.awaitReady("shop", "orders");
                cluster.awaitReady("shop", "stays");
                var after = secret(cluster, "orders-db");
                assertThat(Secrets.value(after, "password")).isNotEqualTo(Secrets.value(before, "password"));
                assertThat(asLogin(postgres, after, "SELECT answer FROM kept")).containsExactly("42");
                assertThat(ledger(postgres)).isEqualTo("orders Active,stays Active");
                operator.terminate();
            }
        }
    }

    private static Resource<DatabaseClaim> claim(InstalledCluster cluster, String name) {
        return cluster.client()
                .resources(DatabaseClaim.class)
                .inNamespace("shop")
                .withName(name);
    }

    private static Secret secret(InstalledCluster cluster, String name) {
        return cluster.client().secrets().inNamespace("shop").withName(name).get();
    }

    private static List<String> asLogin(TestPostgres postgres, Secret secret, String sql) throws SQLException {
        try (var connection = postgres.connect(
                Secrets.value(secret, "database"),
                Secrets.value(secret, "username"),
                Secrets.value(secret, "password"))) {
            return Rows.of(connection, sql);
        }
    }

    private static String ledger(TestPostgres postgres) throws SQLException {
        try (var connection = postgres.connect("howdah")) {
            return Rows.of(connection, "SELECT string_agg(name || ' ' || state, ',' ORDER BY name) FROM howdah.claim")
                    .getFirst();
        }
    }
}

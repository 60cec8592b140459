// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.chart.OperatorAccount;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestEnvironment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The packaged operator as a process, as anybody runs it. */
class RunIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int COULD_NOT_RUN = 2;

    /** What the JVM makes of SIGTERM. */
    private static final int TERMINATED = 143;

    @Test
    void it_serves_claims_tells_its_health_and_ends_when_told_to() throws Exception {
        try (var cluster = InstalledCluster.start()) {
            var postgres = TestEnvironment.postgres(PostgresOptions.major(18).with("cluster_name", "run"));
            cluster.publish("main", postgres, new PostgresLogin(postgres.superuser(), postgres.superuserPassword()));
            cluster.offer("main", 18, true);
            cluster.createNamespace("shop");
            cluster.claim("shop", "orders", "{}");

            DatabaseClaim before;
            try (var operator = OperatorProcess.run(InstalledCluster.JAR, cluster.environment())
                    .awaitReady(PATIENCE)) {
                assertThat(operator.get("/health/live").statusCode()).isEqualTo(200);
                cluster.awaitReady("shop", "orders");
                before = orders(cluster);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(operator.get("/metrics").body())
                                .containsPattern("howdah_server_ready\\{[^}]*server=\"main\"[^}]*\\} 1.0")
                                .containsPattern(
                                        "howdah_server_databases\\{[^}]*server=\"main\",state=\"active\"[^}]*\\} 1.0")
                                .containsPattern("howdah_server_connections\\{[^}]*server=\"main\"[^}]*\\} 20.0")
                                .contains("operator_sdk_"));
                assertThat(operator.get("/metrics").body())
                        .as("metrics per claim")
                        .doesNotContain("\"orders\"");

                var told = Instant.now();
                assertThat(operator.terminate()).isIn(0, TERMINATED);
                assertThat(Duration.between(told, Instant.now())).isLessThan(Duration.ofSeconds(15));
                assertThat(operator.output())
                        .contains("howdah is running", "howdah has stopped")
                        .doesNotContain("ERROR", "Exception");
            }
            // The next process need not wait until it runs out.
            assertThat(cluster.client()
                            .leases()
                            .inNamespace(InstalledCluster.OPERATOR_NAMESPACE)
                            .withName("howdah")
                            .get()
                            .getSpec()
                            .getHolderIdentity())
                    .as("holder of the Lease")
                    .isNull();

            try (var operator = OperatorProcess.run(InstalledCluster.JAR, cluster.environment())
                    .awaitReady(PATIENCE)) {
                // A claim made later is served: so the first one was seen again, too.
                cluster.claim("shop", "later", "{}");
                cluster.awaitReady("shop", "later");
                assertThat(orders(cluster)).isEqualTo(before);
                assertThat(operator.isAlive()).isTrue();
            }
        }
    }

    private static DatabaseClaim orders(InstalledCluster cluster) {
        return cluster.client()
                .resources(DatabaseClaim.class)
                .inNamespace("shop")
                .withName("orders")
                .get();
    }

    @Test
    void what_is_missing_is_one_line() {
        try (var cluster = InstalledCluster.empty()) {
            assertThat(refusal(cluster.environment()))
                    .contains("does not know the kind", "(CRD postgresservers.howdah.dev)", "kubectl apply");

            var examined = cluster.terminal().run("doctor");
            assertThat(examined.exit()).isEqualTo(1);
            assertThat(examined.out())
                    .contains("PROBLEM  CRD databaseclaims.howdah.dev: is not there")
                    .containsIgnoringWhitespaces("kubectl apply --server-side --force-conflicts -f crds/")
                    .contains("objects are looked at once their kinds are there");

            var withoutNamespace = new HashMap<>(cluster.environment());
            withoutNamespace.remove("HOWDAH_NAMESPACE");
            assertThat(refusal(withoutNamespace)).contains("HOWDAH_NAMESPACE is not set");

            cluster.installCrds();
            aMissingRightIsNamed(cluster);
        }
        assertThat(refusal(Map.of("KUBECONFIG", "/nowhere", "HOWDAH_NAMESPACE", "howdah-system")))
                .contains("no cluster answers", "KUBECONFIG");
    }

    private static void aMissingRightIsNamed(InstalledCluster cluster) {
        var name = OperatorAccount.clusterRole(InstalledCluster.OPERATOR_NAMESPACE);
        var roles = cluster.client().rbac().clusterRoles().withName(name);
        var all = roles.get().getRules();
        revoke(roles, "events", "create");
        try (var operator = OperatorProcess.run(InstalledCluster.JAR, cluster.environment())) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(operator.output())
                            .contains("does not let this user create events.events.k8s.io: give it the roles"));
            operator.awaitReady(PATIENCE).terminate();
        }
        revoke(roles, "secrets", "watch");
        assertThat(refusal(cluster.environment())).contains("does not let this user watch secrets: give it the roles");

        // As if for some namespaces only.
        roles.edit(role -> {
            role.setRules(all);
            return role;
        });
        cluster.client().rbac().clusterRoleBindings().withName(name).delete();
        assertThat(refusal(cluster.environment()))
                .contains("in all namespaces (HTTP 403)", "ClusterRoleBinding; howdah serves the whole cluster");
    }

    private static void revoke(Resource<ClusterRole> roles, String resource, String verb) {
        roles.edit(role -> {
            for (var rule : role.getRules()) {
                if (rule.getResources().contains(resource)) {
                    rule.setVerbs(
                            rule.getVerbs().size() == 1
                                    ? List.of("deletecollection")
                                    : rule.getVerbs().stream()
                                            .filter(other -> !other.equals(verb))
                                            .toList());
                }
            }
            return role;
        });
    }

    /** The one line, apart from the log at INFO. */
    private static String refusal(Map<String, String> environment) {
        var quiet = new HashMap<>(environment);
        quiet.put("QUARKUS_LOG_LEVEL", "WARN");
        return line(List.of("run"), quiet, COULD_NOT_RUN);
    }

    private static String line(List<String> arguments, Map<String, String> environment, int exitCode) {
        try (var operator = OperatorProcess.start(InstalledCluster.JAR, arguments, environment)) {
            assertThat(operator.exitCode()).as(operator.output()).isEqualTo(exitCode);
            assertThat(operator.output().strip().lines()).as(operator.output()).hasSize(1);
            return operator.output().strip();
        }
    }

    @Test
    void verbs_that_only_print_need_nothing() {
        assertThat(line(List.of("--version"), Map.of(), 0)).startsWith("howdah ");
        try (var help = OperatorProcess.start(InstalledCluster.JAR, List.of("--help"), Map.of());
                var unknown = OperatorProcess.start(InstalledCluster.JAR, List.of("bogus"), Map.of())) {
            assertThat(help.exitCode()).isZero();
            assertThat(help.output()).startsWith("Usage: howdah").contains("run");
            assertThat(unknown.exitCode()).isEqualTo(COULD_NOT_RUN);
            assertThat(unknown.output()).contains("bogus", "howdah --help");
        }
    }
}

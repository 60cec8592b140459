// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.testenv.LoopbackPort;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestEnvironment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The packaged operator with its webhook, outside of a cluster. */
class WebhookRunIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void it_refuses_at_once_what_it_would_refuse_and_goes_without_a_trace() throws Exception {
        try (var cluster = InstalledCluster.start()) {
            var postgres = TestEnvironment.postgres(PostgresOptions.major(18).with("cluster_name", "webhook"));
            cluster.publish("main", postgres, new PostgresLogin(postgres.superuser(), postgres.superuserPassword()));
            cluster.offer("main", 18, true);
            cluster.createNamespace("shop");
            var port = LoopbackPort.free();
            try (var operator = run(
                            cluster,
                            Map.of(
                                    "HOWDAH_WEBHOOK_URL",
                                    "https://127.0.0.1:" + port,
                                    "HOWDAH_WEBHOOK_FAILURE_POLICY",
                                    "Fail",
                                    "QUARKUS_HTTP_SSL_PORT",
                                    Integer.toString(port)))
                    .awaitReady(PATIENCE)) {
                // Those that come before the webhook go through, to be refused later.
                var tries = new AtomicInteger();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThatThrownBy(() -> cluster.claim(
                                        "shop", "unknown-" + tries.incrementAndGet(), "{parameters: {wrok_mem: 1MB}}"))
                                .isInstanceOf(KubernetesClientException.class)
                                .hasMessageContaining("denied the request: ParameterUnknown"));
                cluster.claim("shop", "orders", "{}");
                cluster.awaitReady("shop", "orders");
                assertThat(operator.get("/metrics").body())
                        .contains("howdah_admission_seconds_count{outcome=\"refused\"}");
                operator.terminate();
                assertThat(operator.output()).doesNotContain("ERROR", "Exception");
            }
            assertThatThrownBy(() -> cluster.claim("shop", "more", "{}"))
                    .as("its answer is a must")
                    .hasMessageContaining("failed calling webhook");

            try (var _ = run(cluster, Map.of("HOWDAH_WEBHOOK_ENABLED", "false")).awaitReady(PATIENCE)) {
                await().atMost(PATIENCE)
                        .until(() -> cluster.client()
                                .admissionRegistration()
                                .v1()
                                .validatingWebhookConfigurations()
                                .list()
                                .getItems()
                                .isEmpty());
                cluster.claim("shop", "more", "{}");
                cluster.awaitReady("shop", "more");
            }
        }
    }

    private static OperatorProcess run(InstalledCluster cluster, Map<String, String> more) {
        var environment = new HashMap<>(cluster.environment());
        environment.putAll(more);
        return OperatorProcess.run(InstalledCluster.JAR, environment);
    }
}

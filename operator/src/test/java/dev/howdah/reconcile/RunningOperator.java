// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import dev.howdah.app.Randomness;
import dev.howdah.app.ShippedClient;
import dev.howdah.app.Wiring;
import dev.howdah.chart.OperatorAccount;
import dev.howdah.policy.review.ClaimJudge;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.testenv.TestEnvironment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.UUID;

/** One process of the operator, inside this one. */
final class RunningOperator implements AutoCloseable {
    private final KubernetesClient client;
    private final Wiring wiring;
    private final Operator operator;

    /** As the account that ships. */
    RunningOperator(Settings settings, String installation, Clock clock) {
        var account = OperatorAccount.kubeconfig(TestEnvironment.controlPlane(), settings.namespace());
        client = ShippedClient.builder()
                .withConfig(OperatorAccount.config(account))
                .build();
        var leadership = new Leadership("test-" + UUID.randomUUID(), installation, () -> OptionalLong.of(0));
        wiring = new Wiring(client, settings, leadership, clock, new Randomness());
        operator = new Operator(o -> o.withKubernetesClient(client).withCloseClientOnStop(false));
        wiring.reconcilers().forEach(operator::register);
        operator.start();
    }

    ClaimJudge judge() {
        return wiring.judge();
    }

    Fleet fleet() {
        return wiring.fleet();
    }

    @Override
    public void close() {
        operator.stop();
        // The SDK leaves this one running, and it wakes a hundred times a second.
        operator.getConfigurationService()
                .getExecutorServiceManager()
                .scheduledExecutorService()
                .shutdownNow();
        wiring.close();
        client.close();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import dev.howdah.app.Randomness;
import dev.howdah.app.ShippedClient;
import dev.howdah.app.Wiring;
import dev.howdah.reconcile.Leadership;
import dev.howdah.reconcile.Settings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.processing.Controller;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operator's parts in this process, with the client that ships. */
final class InProcess implements Incarnation {
    private final KubernetesClient client;
    private final Wiring wiring;
    private final Operator operator;
    private volatile @Nullable Thread starter;

    /** @param exit called where the process would end */
    InProcess(
            Config config, String installation, Supplier<OptionalLong> term, Clock clock, Consumer<Incarnation> exit) {
        client = ShippedClient.builder().withConfig(config).build();
        var settings = new Settings(
                Cluster.OPERATOR_NAMESPACE, SWEEP, ORPHAN_GRACE, Duration.ofMinutes(10), Duration.ofHours(1), 90);
        var leadership = new Leadership("rig-" + UUID.randomUUID(), installation, term);
        wiring = new Wiring(client, settings, leadership, clock, new Randomness());
        operator = new Operator(o -> o.withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(8)
                .withInformerStoppedHandler((informer, failure) -> {
                    if (failure != null) {
                        exit.accept(this);
                    }
                }));
        wiring.reconcilers().forEach(operator::register);
    }

    @Override
    public void start() {
        starter = Thread.currentThread();
        try {
            operator.start();
        } finally {
            starter = null;
        }
    }

    /** The client first: what still waits for an answer waits for nothing then. */
    @Override
    public void end() {
        client.close();
        // It would wait two minutes for lists that nobody sends, and holds what stops it.
        var cutOff = starter;
        if (cutOff != null) {
            cutOff.interrupt();
        }
        try (wiring) {
            // One whose start was cut off counts as not started, and would leave them running.
            operator.getRegisteredControllers().forEach(InProcess::stop);
            operator.stop();
            // The SDK leaves this one running, and it wakes a hundred times a second.
            operator.getConfigurationService()
                    .getExecutorServiceManager()
                    .scheduledExecutorService()
                    .shutdownNow();
        }
    }

    private static void stop(RegisteredController<?> controller) {
        try {
            ((Controller<?>) controller).stop();
        } catch (RejectedExecutionException e) {
            // The operator gave up by itself, and its threads with it.
        }
    }
}

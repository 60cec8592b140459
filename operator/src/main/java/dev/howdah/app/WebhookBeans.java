// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.admission.registration.RegisteredWebhook;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and stops the webhook with the operator, where it is wanted. */
@ApplicationScoped
class WebhookBeans {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookBeans.class);

    private final KubernetesClient client;
    private final HowdahConfig config;
    private final OperatorBeans.Identity identity;
    private final OperatorBeans.WiringHandle handle;
    private final Vertx vertx;
    private final MeterRegistry meters;
    private final String host;
    private final int port;
    private @Nullable Webhook webhook;

    WebhookBeans(
            KubernetesClient client,
            HowdahConfig config,
            OperatorBeans.Identity identity,
            OperatorBeans.WiringHandle handle,
            Vertx vertx,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.http.host", defaultValue = "0.0.0.0") String host,
            @ConfigProperty(name = "quarkus.http.ssl-port", defaultValue = "8443") int port) {
        this.client = client;
        this.config = config;
        this.identity = identity;
        this.handle = handle;
        this.vertx = vertx;
        this.meters = meters;
        this.host = host;
        this.port = port;
    }

    /** @throws IllegalStateException with one line, if the configuration makes no sense */
    synchronized void start() {
        var wanted = config.webhook();
        if (isWanted(config)) {
            BooleanSupplier leads =
                    () -> OperatorBeans.term(client, config, identity).isPresent();
            var place = new Webhook.Place(OperatorBeans.namespace(client, config), host, port, leads);
            webhook = Webhook.of(client, wanted, place, handle.wiring().judge(), vertx, meters);
            webhook.start();
        } else if (wanted.enabled().isPresent()) {
            withdraw(wanted.name());
        }
    }

    static boolean isWanted(HowdahConfig config) {
        var wanted = config.webhook();
        return wanted.enabled().orElse(wanted.url().isPresent() || OperatorBeans.inCluster());
    }

    private void withdraw(String name) {
        try {
            if (RegisteredWebhook.withdraw(client, name)) {
                LOG.info("the webhook of an earlier run is no longer registered");
            }
        } catch (KubernetesClientException e) {
            LOG.warn("whether a webhook of an earlier run is registered cannot be seen: {}", e.getMessage());
        }
    }

    synchronized void stop() {
        if (webhook != null) {
            webhook.close();
            webhook = null;
        }
    }
}

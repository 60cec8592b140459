// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Signals;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a server depends on in the cluster: its admin Secret. */
final class ServerSources {
    private final Fleet fleet;
    private final Signals signals;
    private final String namespace;
    private @Nullable InformerEventSource<Secret, PostgresServer> secrets;

    /** {@code namespace} is where admin Secrets are. */
    ServerSources(Fleet fleet, Signals signals, String namespace) {
        this.fleet = fleet;
        this.signals = signals;
        this.namespace = namespace;
    }

    List<EventSource<?, PostgresServer>> prepare(EventSourceContext<PostgresServer> context) {
        var adminSecrets = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Secret.class, PostgresServer.class)
                        .withName("admin-secrets")
                        .withNamespaces(Set.of(namespace))
                        .withSecondaryToPrimaryMapper(secret -> context.getPrimaryCache()
                                .list(server -> Objects.equals(
                                        secretName(server), secret.getMetadata().getName()))
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .build(),
                context);
        secrets = adminSecrets;
        var servers = context.getPrimaryCache();
        fleet.serversAreIn(() -> isFilled(servers)
                ? Optional.of(servers.list()
                        .map(server -> server.getMetadata().getName())
                        .toList())
                : Optional.empty());
        return List.of(adminSecrets, signals.servers());
    }

    private static boolean isFilled(Object cache) {
        return !(cache instanceof InformerWrappingEventSourceHealthIndicator<?> watched)
                || (!watched.informerHealthIndicators().isEmpty()
                        && watched.informerHealthIndicators().values().stream()
                                .allMatch(InformerHealthIndicator::hasSynced));
    }

    /** Changes with the admin Secret; {@code null} without one. */
    @Nullable
    String secretVersion(PostgresServer server) {
        var source = secrets;
        var name = secretName(server);
        return source == null || name == null
                ? null
                : source.get(new ResourceID(name, namespace))
                        .map(secret -> secret.getMetadata().getResourceVersion())
                        .orElse(null);
    }

    private static @Nullable String secretName(PostgresServer server) {
        var external = server.getSpec() == null ? null : server.getSpec().external();
        return external == null ? null : external.adminSecretRef().name();
    }
}

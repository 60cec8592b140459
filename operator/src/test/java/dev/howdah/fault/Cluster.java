// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.PostgresServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The objects of a {@link Rig}'s cluster, past the proxy. */
final class Cluster {
    static final String OPERATOR_NAMESPACE = "howdah-system";
    /** The one server, and the Secret of its admin. */
    static final String SERVER = "main";

    final KubernetesClient client;
    final String namespace = "run";

    Cluster(KubernetesClient client) {
        this.client = client;
    }

    void createNamespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    void apply(String yaml) {
        client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
    }

    Resource<DatabaseClaim> claim(String name) {
        return client.resources(DatabaseClaim.class).inNamespace(namespace).withName(name);
    }

    Resource<PostgresServer> serverObject() {
        return client.resources(PostgresServer.class).withName(SERVER);
    }

    Resource<DatabaseClaim> claimIn(String namespace, String name) {
        return client.resources(DatabaseClaim.class).inNamespace(namespace).withName(name);
    }

    void createClaim(String name, String spec) {
        createClaimIn(namespace, name, spec);
    }

    void createClaimIn(String namespace, String name, String spec) {
        client.resource(Serialization.unmarshal("""
                        apiVersion: howdah.dev/v1alpha1
                        kind: DatabaseClaim
                        metadata: {name: %s, namespace: %s}
                        spec: %s
                        """.formatted(name, namespace, spec), GenericKubernetesResource.class))
                .create();
    }

    static void patch(Resource<? extends HasMetadata> resource, String yaml) {
        resource.patch(
                PatchContext.of(PatchType.JSON_MERGE),
                Serialization.asJson(Serialization.unmarshal("---\n" + yaml, Object.class)));
    }

    /** Makes the operator look, as an event would. */
    static void poke(Resource<? extends HasMetadata> resource) {
        patch(resource, "metadata: {annotations: {howdah.dev/look: \"" + UUID.randomUUID() + "\"}}");
    }

    /** The one a claim of this name asks for. */
    Resource<Secret> secretOf(String claim) {
        return client.secrets().inNamespace(namespace).withName(claim + "-db");
    }

    @Nullable
    Secret secret(String name) {
        return client.secrets().inNamespace(namespace).withName(name).get();
    }

    static boolean says(@Nullable DatabaseClaim claim, String type, String status, @Nullable String reason) {
        return claim != null
                && claim.getStatus() != null
                && claim.getMetadata().getGeneration().equals(claim.getStatus().observedGeneration())
                && Objects.requireNonNull(claim.getStatus().conditions()).stream()
                        .anyMatch(c -> c.type().equals(type)
                                && c.status().equals(status)
                                && (reason == null || c.reason().equals(reason)));
    }

    boolean ready(String name) {
        return says(claim(name).get(), "Ready", "True", null);
    }

    boolean serverIsReady() {
        var status = serverObject().get().getStatus();
        return status != null
                && status.conditions() != null
                && status.conditions().stream()
                        .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
    }
}

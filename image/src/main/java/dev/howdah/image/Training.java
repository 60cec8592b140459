// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.image;

import dev.howdah.testenv.ControlPlane;
import dev.howdah.testenv.Crds;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.Progress;
import dev.howdah.testenv.TestPostgres;
import dev.howdah.testenv.UnavailableException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Makes the start cache: the operator of the image serves claims on a real API server and a real PostgreSQL, and the JVM
 * keeps which classes it loaded and which methods were hot.
 */
final class Training {
    private static final String API = "howdah.dev/v1alpha1";
    private static final String OPERATOR_NAMESPACE = "howdah-system";
    private static final String TEAM = "shop";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Layout layout;
    private final Path crds;
    private final Progress progress;

    Training(Layout layout, Path crds, Progress progress) {
        this.layout = layout;
        this.crds = crds;
        this.progress = progress;
    }

    /** @throws UnavailableException where the operator does not do its work, or the JVM would not take the cache */
    void makeCache() {
        var recorded = layout.root().resolveSibling("recorded.aotconf");
        try (var cluster = ControlPlane.startOwn(progress);
                var postgres = TestPostgres.start(PostgresOptions.major(18).withTls(), progress);
                var client = cluster.client()) {
            publish(client, postgres);
            var command = command("-Xlog:aot=error", "-XX:AOTMode=record", "-XX:AOTConfiguration=" + recorded);
            command.remove(layout.cacheOption());
            command.add(Layout.MAIN);
            command.add("run");
            var environment = Map.of(
                    "KUBECONFIG",
                    cluster.kubeconfig().toString(),
                    "HOWDAH_NAMESPACE",
                    OPERATOR_NAMESPACE,
                    // A machine with much else to do is no reason to give up.
                    "HOWDAH_LEADER_ELECTION_LEASE_DURATION",
                    "90s",
                    "HOWDAH_LEADER_ELECTION_RENEW_DEADLINE",
                    "80s");
            try (var operator = OperatorProcess.of(command, environment).awaitReady(PATIENCE)) {
                try {
                    serve(client);
                } catch (KubernetesClientException e) {
                    throw new UnavailableException(
                            "the operator did not serve a claim (" + UnavailableException.root(e) + "): "
                                    + operator.endOfOutput(),
                            e);
                }
                // It writes what it has recorded.
                operator.terminate(PATIENCE);
            }
            Programs.run(command("-XX:AOTMode=create", "-XX:AOTConfiguration=" + recorded));
            Files.deleteIfExists(recorded);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JVM goes on without a cache that it does not take, so it is asked to refuse instead. */
    void mustBeTaken() {
        var command = command("-XX:AOTMode=on");
        command.addAll(List.of(Layout.MAIN, "--version"));
        Programs.run(command);
    }

    private List<String> command(String... first) {
        var command = new ArrayList<String>();
        command.add(layout.executable().toString());
        command.addAll(layout.argumentsHere());
        // What is said last counts.
        command.addAll(List.of(first));
        return command;
    }

    private void publish(KubernetesClient client, TestPostgres postgres) {
        Crds.install(client, crds);
        for (var name : List.of(OPERATOR_NAMESPACE, TEAM)) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .create();
        }
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("main")
                        .withNamespace(OPERATOR_NAMESPACE)
                        .endMetadata()
                        .addToStringData("username", postgres.superuser())
                        .addToStringData("password", postgres.superuserPassword())
                        .addToStringData("ca.crt", postgres.caPem().orElseThrow())
                        .build())
                .create();
        create(client, """
                apiVersion: %s
                kind: PostgresServer
                metadata: {name: main, labels: {server: main}}
                spec:
                  external: {host: %s, port: %d, sslMode: verify-full, adminSecretRef: {name: main}}
                """.formatted(API, postgres.host(), postgres.port()));
        create(client, """
                apiVersion: %s
                kind: DatabaseClass
                metadata: {name: standard, annotations: {howdah.dev/is-default-class: "true"}}
                spec: {serverSelector: {matchLabels: {server: main}}, majorVersions: [18]}
                """.formatted(API));
        create(client, """
                apiVersion: %s
                kind: DatabasePolicy
                metadata: {name: limits}
                spec: {enforcement: Enforce, target: {namespaceSelector: {}}, limits: {parameters: {work_mem: {max: 64MB}}}}
                """.formatted(API));
    }

    /** A day's work: claims of several kinds, a change, a deletion. */
    private static void serve(KubernetesClient client) {
        claim(client, "plain", "{}");
        claim(client, "rich", """
                {connections: 10, extensions: [{name: pg_trgm}], parameters: {work_mem: 16MB},
                 access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly}]}""");
        awaitReady(client, "plain", 1);
        awaitReady(client, "rich", 1);
        client.genericKubernetesResources(API, "DatabaseClaim")
                .inNamespace(TEAM)
                .withName("plain")
                .edit(claim -> {
                    claim.setAdditionalProperty("spec", Map.of("connections", 15));
                    return claim;
                });
        awaitReady(client, "plain", 2);
        var rich = client.genericKubernetesResources(API, "DatabaseClaim")
                .inNamespace(TEAM)
                .withName("rich");
        rich.delete();
        rich.waitUntilCondition(Objects::isNull, PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void claim(KubernetesClient client, String name, String spec) {
        create(client, """
                apiVersion: %s
                kind: DatabaseClaim
                metadata: {name: %s, namespace: %s}
                spec: %s
                """.formatted(API, name, TEAM, spec));
    }

    private static void create(KubernetesClient client, String yaml) {
        client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .create();
    }

    private static void awaitReady(KubernetesClient client, String name, long generation) {
        client.genericKubernetesResources(API, "DatabaseClaim")
                .inNamespace(TEAM)
                .withName(name)
                .waitUntilCondition(claim -> isReady(claim, generation), PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static boolean isReady(GenericKubernetesResource claim, long generation) {
        if (claim == null) {
            return false;
        }
        List<Map<String, Object>> conditions = claim.get("status", "conditions");
        return conditions != null
                && conditions.stream()
                        .anyMatch(condition -> "Ready".equals(condition.get("type"))
                                && "True".equals(condition.get("status"))
                                && condition.get("observedGeneration") instanceof Number observed
                                && observed.longValue() >= generation);
    }
}

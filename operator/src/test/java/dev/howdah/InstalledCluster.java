// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.chart.OperatorAccount;
import dev.howdah.cli.Terminal;
import dev.howdah.testenv.ControlPlane;
import dev.howdah.testenv.Crds;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.Progress;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A control plane of the test's own with {@code crds/} applied, for tests that count or that run the packaged operator. */
public final class InstalledCluster implements AutoCloseable {
    static final String OPERATOR_NAMESPACE = "howdah-system";
    static final Path JAR = SourceTree.MODULE.resolve("target/quarkus-app/quarkus-run.jar");

    private final ControlPlane controlPlane;
    private final KubernetesClient client;
    private final Path account;

    private InstalledCluster(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.client = controlPlane.client();
        createNamespace(OPERATOR_NAMESPACE);
        this.account = OperatorAccount.kubeconfig(controlPlane, OPERATOR_NAMESPACE);
    }

    static InstalledCluster start() {
        var cluster = empty();
        cluster.installCrds();
        return cluster;
    }

    /** Without the CRDs. */
    static InstalledCluster empty() {
        return new InstalledCluster(ControlPlane.startOwn(Progress.onStandardError()));
    }

    void installCrds() {
        Crds.install(client, SourceTree.REPOSITORY.resolve("crds"));
    }

    KubernetesClient client() {
        return client;
    }

    /** What the operator needs in its environment: the account that ships, and no more rights than that has. */
    Map<String, String> environment() {
        return Map.of("KUBECONFIG", account.toString(), "HOWDAH_NAMESPACE", OPERATOR_NAMESPACE);
    }

    /** The same for operators that give way to each other, and look at everything, within seconds. */
    Map<String, String> environmentOfQuickElections() {
        var environment = new HashMap<>(environment());
        environment.put("HOWDAH_LEADER_ELECTION_LEASE_DURATION", "5s");
        environment.put("HOWDAH_LEADER_ELECTION_RENEW_DEADLINE", "4s");
        environment.put("HOWDAH_LEADER_ELECTION_RETRY_PERIOD", "1s");
        environment.put("HOWDAH_SWEEP_INTERVAL", "2s");
        return environment;
    }

    /** Which operator leads; empty before the first. */
    String holder() {
        var lease = client.leases()
                .inNamespace(OPERATOR_NAMESPACE)
                .withName("howdah")
                .get();
        return lease == null ? "" : String.valueOf(lease.getSpec().getHolderIdentity());
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    /** A terminal of the administrator. */
    Terminal terminal() {
        return new Terminal(() -> new KubernetesClientBuilder()
                .withConfig(client.getConfiguration())
                .build());
    }

    /** A terminal of a ServiceAccount, which may do what roles say and nothing else. */
    Terminal terminalOf(String namespace, String serviceAccount) {
        var kubeconfig = controlPlane.kubeconfigFor(namespace, serviceAccount);
        return new Terminal(() -> new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build());
    }

    Path kubectl() {
        return controlPlane.kubectl();
    }

    void createNamespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    /** The Secret with the admin of a server, where the operator looks for it. */
    void adminSecret(String name, TestPostgres postgres, PostgresLogin admin) {
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(OPERATOR_NAMESPACE)
                .endMetadata()
                .addToStringData("username", admin.name())
                .addToStringData("password", admin.password());
        postgres.caPem().ifPresent(ca -> secret.addToStringData("ca.crt", ca));
        client.resource(secret.build()).create();
    }

    /** Publishes the server under this name, with a label of the same name. */
    void publish(String name, TestPostgres postgres, PostgresLogin admin) {
        adminSecret(name, postgres, admin);
        create("""
                apiVersion: howdah.dev/v1alpha1
                kind: PostgresServer
                metadata:
                  name: %1$s
                  labels: {server: %1$s}
                spec:
                  external:
                    host: %2$s
                    port: %3$d
                    sslMode: %4$s
                    adminSecretRef: {name: %1$s}
                """, name, postgres.host(), postgres.port(), postgres.caPem().isPresent() ? "verify-full" : "disable");
    }

    /** A class whose claims land on this server only; the default class where it is asked to be. */
    void offer(String server, int major, boolean isDefault) {
        create("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata:
                  name: on-%1$s
                  annotations: {howdah.dev/is-default-class: "%3$s"}
                spec:
                  serverSelector: {matchLabels: {server: %1$s}}
                  majorVersions: [%2$d]
                """, server, major, isDefault);
    }

    /** A claim with this spec, in YAML's flow style. */
    void claim(String namespace, String name, String spec) {
        create("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: %s, namespace: %s}
                spec: %s
                """, name, namespace, spec);
    }

    void awaitReady(String namespace, String name) {
        client.resources(DatabaseClaim.class)
                .inNamespace(namespace)
                .withName(name)
                .waitUntilCondition(InstalledCluster::isReady, 60, TimeUnit.SECONDS);
    }

    public static boolean isReady(DatabaseClaim claim) {
        return claim != null
                && claim.getStatus() != null
                && Objects.requireNonNullElse(claim.getStatus().conditions(), List.<Condition>of()).stream()
                        .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
    }

    void create(String yaml, Object... values) {
        client.resource(Serialization.unmarshal(yaml.formatted(values), GenericKubernetesResource.class))
                .create();
    }

    @Override
    public void close() {
        client.close();
        controlPlane.close();
    }
}

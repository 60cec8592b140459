// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.Secrets;
import dev.howdah.api.rights.OperatorRights;
import dev.howdah.api.rights.OperatorRights.Right;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.chart.OperatorAccount;
import dev.howdah.testenv.ControlPlane;
import dev.howdah.testenv.Crds;
import dev.howdah.testenv.LoopbackPort;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.Progress;
import dev.howdah.testenv.TestEnvironment;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged operator as the chart's ServiceAccount, through all that it does: nothing is forbidden to it, and there is no
 * right in the chart's roles that it did not use.
 */
class ShippedRightsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Pattern FORBIDDEN =
            Pattern.compile("(?m)^apiserver_request_total\\{[^}]*code=\"403\"[^}]*\\} (\\S+)$");

    private final ControlPlane controlPlane = ControlPlane.startOwn(Progress.onStandardError());
    private final KubernetesClient admin = controlPlane.client();
    private final Cluster cluster = new Cluster(admin);
    private final TestPostgres postgres =
            TestEnvironment.postgres(PostgresOptions.major(18).with("cluster_name", "rights"));
    private final Rights rights = new Rights();

    @Test
    void the_roles_of_the_chart_suffice_and_all_of_them_are_used(@TempDir Path folder) throws Exception {
        try (controlPlane;
                admin) {
            Crds.install(admin, Path.of("..", "crds"));
            cluster.createNamespace(Cluster.OPERATOR_NAMESPACE);
            cluster.createNamespace(cluster.namespace);
            var account = OperatorAccount.config(OperatorAccount.kubeconfig(controlPlane, Cluster.OPERATOR_NAMESPACE));
            var wire = new Wire();
            wire.tap(rights);
            try (var proxy = new ApiProxy(wire, URI.create(account.getMasterUrl()), SSLUtils.sslContext(account))) {
                run(environment(folder, proxy, account));
            }
            assertThat(forbidden()).as("requests that were forbidden").isZero();

            var granted = new ArrayList<>(OperatorRights.everywhere());
            granted.addAll(OperatorRights.leading("howdah"));
            granted.addAll(OperatorRights.registering("howdah"));
            var needed = granted.stream().map(Right::toString).collect(Collectors.toCollection(TreeSet::new));
            // Part of the patch that makes it; that it is asked for is seen where it is missing.
            needed.remove("create validatingwebhookconfigurations.admissionregistration.k8s.io \"howdah\"");
            // The SDK wants to have it before it leads, and then patches.
            needed.remove("update leases.coordination.k8s.io \"howdah\"");
            assertThat(rights.used()).isEqualTo(needed);
        }
    }

    private double forbidden() {
        return FORBIDDEN
                .matcher(admin.raw("/metrics"))
                .results()
                // A claim that the webhook refuses is the test's own question.
                .filter(sample -> !sample.group().contains("dry_run=\"All\""))
                .mapToDouble(sample -> Double.parseDouble(sample.group(1)))
                .sum();
    }

    private void run(Map<String, String> environment) throws Exception {
        objects();
        var port = LoopbackPort.free();
        var withWebhook = new HashMap<>(environment);
        withWebhook.put("HOWDAH_WEBHOOK_URL", "https://127.0.0.1:" + port);
        withWebhook.put("QUARKUS_HTTP_SSL_PORT", Integer.toString(port));
        try (var operator = OperatorProcess.run(JAR, withWebhook).awaitReady(PATIENCE)) {
            live();
            operator.terminate();
            assertThat(operator.output()).contains("howdah is running").doesNotContain("forbidden", "may not");
            assertThat(admin.leases()
                            .inNamespace(Cluster.OPERATOR_NAMESPACE)
                            .withName("howdah")
                            .get()
                            .getSpec()
                            .getHolderIdentity())
                    .as("the holder of a Lease that was given back")
                    .isNullOrEmpty();
        }
        var withoutWebhook = new HashMap<>(environment);
        withoutWebhook.put("HOWDAH_WEBHOOK_ENABLED", "false");
        try (var operator = OperatorProcess.run(JAR, withoutWebhook).awaitReady(PATIENCE)) {
            await().atMost(PATIENCE).until(() -> webhook().get() == null);
            operator.terminate();
            assertThat(operator.output()).doesNotContain("forbidden", "may not");
        }
    }

    private Resource<? extends HasMetadata> webhook() {
        return admin.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName("howdah");
    }

    private void objects() {
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withName(Cluster.SERVER)
                .withNamespace(Cluster.OPERATOR_NAMESPACE)
                .endMetadata()
                .addToStringData("username", postgres.superuser())
                .addToStringData("password", postgres.superuserPassword());
        postgres.caPem().ifPresent(ca -> secret.addToStringData("ca.crt", ca));
        admin.resource(secret.build()).create();
        cluster.apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: PostgresServer
                metadata: {name: main, labels: {tier: main}}
                spec:
                  external:
                    host: %s
                    port: %d
                    sslMode: %s
                    adminSecretRef: {name: main}
                """.formatted(
                        postgres.host(), postgres.port(), postgres.caPem().isPresent() ? "verify-full" : "disable"));
        cluster.apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata: {name: standard, annotations: {howdah.dev/is-default-class: "true"}}
                spec: {serverSelector: {matchLabels: {tier: main}}, majorVersions: [18], retainFor: 0s}
                """);
        cluster.apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabasePolicy
                metadata: {name: baseline}
                spec: {enforcement: Enforce, target: {}, limits: {parameters: {work_mem: {max: 64MB}}}}
                """);
        cluster.apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseWaiver
                metadata: {name: closing}
                spec:
                  claimRef: {namespace: run, name: waived}
                  limits: {parameters: {work_mem: {max: 256MB}}}
                  owner: dba
                  reason: a test
                  expirationTime: "2126-12-31T00:00:00Z"
                """);
        cluster.createClaim("orders", "{}");
        cluster.createClaim("waived", "{parameters: {work_mem: 128MB}}");
        cluster.createClaim("passing", "{deletionPolicy: Delete}");
    }

    private void live() throws Exception {
        // Servers, claims, a waiver that counts.
        for (var claim : new String[] {"orders", "waived", "passing"}) {
            await().atMost(PATIENCE).until(() -> cluster.ready(claim));
        }
        // The verdict of a policy, in its status and at the door.
        await().atMost(PATIENCE)
                .until(() -> Objects.equals(
                        admin.resources(DatabasePolicy.class)
                                .withName("baseline")
                                .get()
                                .getStatus()
                                .targets(),
                        3));
        await().atMost(PATIENCE)
                .until(() -> admin.resources(DatabaseWaiver.class)
                                .withName("closing")
                                .get()
                                .getStatus()
                                .conditions()
                        != null);
        await().atMost(PATIENCE)
                .until(() -> admin.resources(DatabaseClass.class)
                                .withName("standard")
                                .get()
                                .getStatus()
                                .conditions()
                        != null);
        await().atMost(PATIENCE).until(() -> webhook().get() != null);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() ->
                                admin.resource(claim("loud", "1GB")).dryRun().create())
                        .isInstanceOf(KubernetesClientException.class)
                        .hasMessageContaining("denied the request: ParameterOutOfRange"));
        // One leads.
        assertThat(admin.leases()
                        .inNamespace(Cluster.OPERATOR_NAMESPACE)
                        .withName("howdah")
                        .get()
                        .getSpec()
                        .getHolderIdentity())
                .isNotBlank();
        // Rotation.
        var before = password(cluster.secretOf("orders"));
        Cluster.patch(cluster.claim("orders"), "metadata: {annotations: {howdah.dev/rotate-now: now}}");
        await().atMost(PATIENCE)
                .until(() -> !password(cluster.secretOf("orders")).equals(before));
        // A lost Secret.
        cluster.secretOf("orders").delete();
        await().atMost(PATIENCE).until(() -> cluster.secretOf("orders").get() != null);
        await().atMost(PATIENCE).until(() -> cluster.ready("orders"));
        drift();
        // Deletion, and the drop that follows.
        cluster.claim("passing").delete();
        await().atMost(PATIENCE).until(() -> cluster.claim("passing").get() == null);
        await().atMost(PATIENCE)
                .until(() -> rows("SELECT datname FROM pg_database WHERE datname = 'run_passing'") == 0);
        assertThat(cluster.secretOf("passing").get()).isNull();
        Cluster.patch(cluster.serverObject(), "metadata: {annotations: {howdah.dev/abandon: main}}");
        cluster.serverObject().delete();
        await().atMost(PATIENCE).until(() -> cluster.serverObject().get() == null);
    }

    private void drift() throws Exception {
        sql("GRANT CONNECT ON DATABASE run_orders TO PUBLIC");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(admin.events()
                                .v1()
                                .events()
                                .inNamespace(cluster.namespace)
                                .list()
                                .getItems())
                        .extracting(Event::getReason)
                        .contains("DriftRepaired"));
    }

    private void sql(String statement) throws Exception {
        try (var connection = postgres.connect("postgres");
                var run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private long rows(String query) throws Exception {
        try (var connection = postgres.connect("postgres")) {
            return Catalog.rows(connection, query).size();
        }
    }

    private static String password(Resource<Secret> secret) {
        return Secrets.value(secret.get(), "password");
    }

    private GenericKubernetesResource claim(String name, String workMem) {
        return io.fabric8.kubernetes.client.utils.Serialization.unmarshal(
                """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: %s, namespace: %s}
                spec: {parameters: {work_mem: %s}}
                """.formatted(name, cluster.namespace, workMem), GenericKubernetesResource.class);
    }

    private static Map<String, String> environment(Path folder, ApiProxy proxy, Config account) {
        return Map.of(
                "KUBECONFIG",
                proxy.kubeconfig(folder, account).toString(),
                "HOWDAH_NAMESPACE",
                Cluster.OPERATOR_NAMESPACE,
                "HOWDAH_SWEEP_INTERVAL",
                "1s");
    }
}

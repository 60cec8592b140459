// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.cli.Documented;
import dev.howdah.cli.Terminal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code howdah report} of a cluster in which somebody wrote passwords wherever one can. */
interface ReportCases {
    /** Of a Secret, so that it is known to be one. */
    String KNOWN = "S3cr/et+of Orders\\1";
    /** Of nobody's Secret: seen by where it stands. */
    String STANDING = "hunter2hunter2";

    String NAMESPACE = "planted";

    InstalledCluster cluster();

    Terminal terminal();

    @Test
    default void report_has_what_is_needed_and_no_password(@TempDir Path folder) throws IOException {
        plant();
        var file = folder.resolve("report.zip");
        var outcome = terminal().run("report", "--to", file.toString());
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(Documented.plain(outcome.out().replace(file.toString(), "howdah-report-20261201-090000.zip")))
                .startsWith(Documented.words("howdah report"));

        var contents = contents(file);
        assertThat(contents)
                .containsKeys(
                        "README.txt",
                        "versions.txt",
                        "doctor.txt",
                        "status.txt",
                        "events.txt",
                        "crds.txt",
                        "secrets.yaml",
                        "objects/databaseclaims/planted_orders.yaml",
                        "objects/databasewaivers/planted.yaml",
                        "objects/postgresservers/planted.yaml",
                        "objects/pods/howdah-system_planted.yaml");
        assertThat(contents.get("versions.txt")).contains("howdah test", "Kubernetes v1.");
        assertThat(contents.get("events.txt"))
                .contains("Warning LoginFailed DatabaseClaim/orders: the login with [redacted]");
        assertThat(contents.get("secrets.yaml")).contains("orders-db", "PGPASSWORD", "jdbc-url");
        assertThat(contents.get("objects/databaseclaims/planted_orders.yaml"))
                .contains("kind: \"DatabaseClaim\"", "[redacted]")
                .doesNotContain("managedFields", "last-applied-configuration");

        var everything = everything(file, contents);
        for (var form : new String[] {
            KNOWN,
            encoded(KNOWN),
            URLEncoder.encode(KNOWN, StandardCharsets.UTF_8),
            KNOWN.replace("\\", "\\\\"),
            STANDING,
            encoded(STANDING)
        }) {
            assertThat(everything).doesNotContain(form);
        }

        var again = terminal().run("report", "--to", file.toString());
        assertThat(again.exit()).isEqualTo(2);
        assertThat(again.err()).contains("is there already").hasLineCount(1);
    }

    private static Map<String, String> contents(Path file) throws IOException {
        var contents = new HashMap<String, String>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : zip.stream().toList()) {
                contents.put(
                        entry.getName(), new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return contents;
    }

    /** Names and contents, and the file itself, should something be in it that is no entry. */
    private static String everything(Path file, Map<String, String> contents) throws IOException {
        return contents + Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void apply(String yaml) {
        cluster()
                .client()
                .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .serverSideApply();
    }

    private void plant() {
        var url = URLEncoder.encode(KNOWN, StandardCharsets.UTF_8);
        cluster().createNamespace(NAMESPACE);
        cluster()
                .client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("orders-db")
                        .withNamespace(NAMESPACE)
                        .addToLabels("howdah.dev/claim", "orders")
                        .endMetadata()
                        .addToStringData("username", "planted_orders_app_a")
                        .addToStringData("password", KNOWN)
                        .addToStringData("PGPASSWORD", KNOWN)
                        .addToStringData("jdbc-url", "jdbc:postgresql://pg/db?user=a&password=" + url)
                        .addToStringData("uri", "postgresql://a:" + url + "@pg/db")
                        .build())
                .create();
        apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata:
                  name: orders
                  namespace: planted
                  annotations:
                    example.com/password: "%2$s"
                    example.com/note: 'it is %1$s, as base64 %3$s'
                    kubectl.kubernetes.io/last-applied-configuration: '{"password":"%2$s"}'
                spec:
                  parameters: {search_hint: 'postgresql://app:%2$s@pg/db'}
                """.formatted(KNOWN, STANDING, encoded(KNOWN)));
        cluster()
                .client()
                .resources(DatabaseClaim.class)
                .inNamespace(NAMESPACE)
                .withName("orders")
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(Map.of("status", Map.of("conditions", new Object[] {
                            Map.of(
                                    "type", "Ready",
                                    "status", "False",
                                    "reason", "LoginFailed",
                                    "message", "the login with " + KNOWN + " was refused; PGPASSWORD=" + STANDING,
                                    "lastTransitionTime", "2026-11-30T00:00:00Z")
                        }))));
        apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseWaiver
                metadata: {name: planted}
                spec:
                  claimRef: {namespace: planted, name: orders}
                  limits: {storage: {max: 80Gi}}
                  owner: '%1$s'
                  reason: "password: %2$s"
                  expirationTime: "2027-01-01T00:00:00Z"
                """.formatted(KNOWN, STANDING));
        apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: PostgresServer
                metadata: {name: planted, annotations: {example.com/dsn: 'host=pg password=%1$s'}}
                spec: {external: {host: pg, adminSecretRef: {name: planted}}}
                """.formatted(STANDING));
        apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata: {name: planted}
                spec: {description: 'by %1$s', serverSelector: {matchLabels: {tier: planted}}, majorVersions: [18]}
                """.formatted(KNOWN));
        apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabasePolicy
                metadata: {name: planted, annotations: {example.com/api-token: "%1$s"}}
                spec: {enforcement: Audit, target: {classNames: [planted]}}
                """.formatted(STANDING));
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: planted, namespace: howdah-system, labels: {app.kubernetes.io/name: howdah}}
                spec:
                  containers:
                    - name: operator
                      image: howdah
                      args: ["--password=%1$s"]
                      env: [{name: DB_PASSWORD, value: "%1$s"}, {name: NOTE, value: 'as in %2$s'}]
                """.formatted(STANDING, KNOWN));
        apply("""
                apiVersion: events.k8s.io/v1
                kind: Event
                metadata: {name: planted, namespace: planted}
                eventTime: "2026-11-30T00:00:00.000000Z"
                type: Warning
                reason: LoginFailed
                action: Reconcile
                reportingController: howdah.dev/operator
                reportingInstance: one
                note: 'the login with %1$s was refused, password=%2$s'
                regarding: {apiVersion: howdah.dev/v1alpha1, kind: DatabaseClaim, name: orders, namespace: planted}
                """.formatted(KNOWN, STANDING));
    }

    /** Of the whole cluster, so that no other test sees them. */
    @AfterEach
    default void uproot() {
        var client = cluster().client();
        for (var kind : new String[] {"DatabaseWaiver", "PostgresServer", "DatabaseClass", "DatabasePolicy"}) {
            client.genericKubernetesResources("howdah.dev/v1alpha1", kind)
                    .withName("planted")
                    .delete();
        }
        client.resources(DatabaseClaim.class).inNamespace(NAMESPACE).delete();
    }
}

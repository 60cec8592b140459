// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.howdah.chart.Chart;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** What a DBA published for this run, with names of its own, and how one looks at what became of it. */
final class Stand {
    static final Duration PATIENCE = Duration.ofSeconds(90);

    final Place place = Place.chosen();
    final Kubectl kubectl = place.kubectl();

    /** The team's namespace; what has no namespace is named so too. */
    final String name = "e2e-" + UUID.randomUUID().toString().substring(0, 6);

    /** Whether one is there that lets go of what is deleted. */
    boolean hasOperator = true;

    void publish() {
        kubectl.applies("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: %1$s}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: %1$s, namespace: %2$s}
                stringData: {username: "%3$s", password: "%4$s"}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: PostgresServer
                metadata: {name: %1$s, labels: {e2e: %1$s}}
                spec: {external: {host: "%5$s", port: %6$d, sslMode: disable, adminSecretRef: {name: %1$s}}}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata: {name: %1$s}
                spec: {serverSelector: {matchLabels: {e2e: %1$s}}, majorVersions: [15, 16, 17, 18]}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: DatabasePolicy
                metadata: {name: %1$s}
                spec:
                  enforcement: Enforce
                  target: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}}
                  limits: {parameters: {work_mem: {max: 64MB}}}
                """.formatted(
                        name,
                        Chart.NAMESPACE,
                        place.database().admin().name(),
                        place.database().admin().password(),
                        place.database().host(),
                        place.database().port()));
        kubectl.does("wait --for=condition=Ready --timeout=%ds pgserver/%s".formatted(PATIENCE.toSeconds(), name));
        kubectl.does("wait --for=condition=Accepted --timeout=%1$ds dbpolicy/%2$s dbclass/%2$s"
                .formatted(PATIENCE.toSeconds(), name));
    }

    /** A claim in the team's namespace; {@code spec} are further fields in flow style. */
    String claim(String claim, String spec) {
        return """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: %s, namespace: %s}
                spec: {className: %s%s}
                """.formatted(claim, name, name, spec.isEmpty() ? "" : ", " + spec);
    }

    void awaitReady(String claim) {
        kubectl.does("-n %s wait --for=condition=Ready --timeout=%ds dbclaim/%s"
                .formatted(name, PATIENCE.toSeconds(), claim));
    }

    JsonNode get(String kindAndName) {
        return Serialization.unmarshal(
                kubectl.does("-n %s get %s -o json --show-managed-fields".formatted(name, kindAndName)),
                JsonNode.class);
    }

    JsonNode condition(String kindAndName, String type) {
        for (var condition : get(kindAndName).path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        throw new AssertionError(kindAndName + " says nothing of " + type);
    }

    /** Waits for the condition, and returns its message. */
    String says(String kindAndName, String type, String status, String reason) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var condition = condition(kindAndName, type);
            assertThat(condition.path("status").asText() + " "
                            + condition.path("reason").asText())
                    .as("%s: %s", kindAndName, condition)
                    .isEqualTo(status + " " + reason);
        });
        return condition(kindAndName, type).path("message").asText();
    }

    Map<String, String> secret(String secret) {
        var data = new TreeMap<String, String>();
        get("secret/" + secret)
                .path("data")
                .properties()
                .forEach(entry -> data.put(
                        entry.getKey(),
                        new String(Base64.getDecoder().decode(entry.getValue().asText()), StandardCharsets.UTF_8)));
        return data;
    }

    /** Logged in with a Secret, and nothing else. */
    Connection login(Map<String, String> secret) throws SQLException {
        return place.database().connect(secret.get("database"), secret.get("username"), secret.get("password"));
    }

    List<String> rows(Map<String, String> secret, String sql) throws SQLException {
        try (var connection = login(secret);
                var statement = connection.createStatement()) {
            var rows = new ArrayList<String>();
            if (statement.execute(sql)) {
                var result = statement.getResultSet();
                while (result.next()) {
                    rows.add(result.getString(1));
                }
            }
            return rows;
        }
    }

    /** Nothing of this run stays in the cluster; databases stay on their server, as always. */
    void clear() {
        if (hasOperator) {
            kubectl.tried("-n %s delete dbclaim --all --timeout=%ds".formatted(name, PATIENCE.toSeconds()), "");
        }
        for (var claim : names("dbclaim -n " + name)) {
            release("-n %s dbclaim/%s".formatted(name, claim));
        }
        release("pgserver/" + name);
        kubectl.tried("delete --ignore-not-found dbpolicy/%1$s dbclass/%1$s".formatted(name), "");
        kubectl.tried("-n %s delete --ignore-not-found secret/%s".formatted(Chart.NAMESPACE, name), "");
        kubectl.tried("delete --ignore-not-found --wait=false namespace/" + name, "");
    }

    private List<String> names(String what) {
        var said = kubectl.tried("get " + what + " -o jsonpath={.items[*].metadata.name}", "");
        return said.exit() != 0 || said.said().isBlank()
                ? List.of()
                : List.of(said.said().strip().split(" "));
    }

    /** Also where no operator is left that would let it go. */
    void release(String object) {
        kubectl.tried("delete --wait=false " + object, "");
        kubectl.tried("patch --type=merge -p {\"metadata\":{\"finalizers\":null}} " + object, "");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What breaks a rule becomes a Report where the cluster knows such objects, and nothing where it does not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenReportsIT {
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Stage stage = Stage.open();
    /** As much of the kind as is used; what it does not name is an error to the API server's strict clients only. */
    private final CustomResourceDefinition kind = Serialization.unmarshal(
            Objects.requireNonNull(getClass().getResourceAsStream("/reconcile/openreports.yaml")),
            CustomResourceDefinition.class);

    @AfterAll
    void end() {
        stage.client.resource(kind).delete();
        stage.close();
        postgres.close();
    }

    private Resource<GenericKubernetesResource> report(String ns, String claim) {
        return stage.client
                .genericKubernetesResources("openreports.io/v1alpha1", "Report")
                .inNamespace(ns)
                .withName(stage.claims(ns, claim).get().getMetadata().getUid());
    }

    private static String text(GenericKubernetesResource report, Object... path) {
        return String.valueOf(report.<Object>get(path));
    }

    @Test
    void aClaimThatBreaksARuleHasAReport() {
        stage.server("main", postgres);
        stage.classOn("standard", "main");
        var ns = stage.namespace("reports-" + stage.id, Map.of("policy", stage.named("few")));
        stage.policy(
                "few",
                "Warn",
                "target: {namespaceSelector: {matchLabels: {policy: %s}}}".formatted(stage.named("few")),
                "limits: {connections: {max: 5}}");
        // Before the kind is there: told in the status, as ever.
        stage.claim(ns, "before", "standard", "connections: 7");
        assertThat(stage.ready(ns, "before").getStatus().violations()).hasSize(1);

        stage.client.resource(kind).create();
        stage.client
                .resource(kind)
                .waitUntilCondition(
                        crd -> crd.getStatus() != null
                                && crd.getStatus().getConditions() != null
                                && crd.getStatus().getConditions().stream()
                                        .anyMatch(c -> c.getType().equals("Established")
                                                && c.getStatus().equals("True")),
                        30,
                        TimeUnit.SECONDS);
        stage.claim(ns, "orders", "standard", "connections: 8");
        stage.claim(ns, "good", "standard", "connections: 4");
        stage.ready(ns, "orders");
        stage.ready(ns, "good");
        var report = Seen.until(report(ns, "orders"), Objects::nonNull, "the Report");
        assertThat(text(report, "scope", "kind")).isEqualTo("DatabaseClaim");
        assertThat(text(report, "scope", "name")).isEqualTo("orders");
        assertThat(text(report, "source")).isEqualTo("howdah");
        assertThat(text(report, "summary", "warn")).isEqualTo("1");
        assertThat(text(report, "summary", "fail")).isEqualTo("0");
        assertThat(text(report, "results", 0, "policy")).isEqualTo(stage.named("few"));
        assertThat(text(report, "results", 0, "result")).isEqualTo("warn");
        assertThat(text(report, "results", 0, "rule")).isEqualTo("ValueOutOfRange");
        assertThat(text(report, "results", 0, "properties", "path")).isEqualTo("connections");
        assertThat(text(report, "results", 0, "message")).contains("connections");
        assertThat(report(ns, "good").get()).as("nothing is broken").isNull();
        assertThat(report(ns, "before").get()).as("nothing has changed").isNull();

        // Unchanged findings are not written again, by the next process neither.
        var version = report.getMetadata().getResourceVersion();
        stage.stop();
        stage.start();
        stage.patchSpec(stage.claims(ns, "good"), "{connections: 3}");
        stage.ready(ns, "good");
        assertThat(report(ns, "orders").get().getMetadata().getResourceVersion())
                .isEqualTo(version);

        stage.patchSpec(stage.claims(ns, "orders"), "{connections: 9}");
        Seen.until(
                report(ns, "orders"),
                changed -> changed != null
                        && !changed.getMetadata().getResourceVersion().equals(version),
                "the Report of another finding");
        stage.patchSpec(stage.claims(ns, "before"), "{connections: 10}");
        var gone = Seen.until(report(ns, "before"), Objects::nonNull, "the Report of a claim that was there before");

        // What complies has none any more; a claim takes its own along.
        stage.patchSpec(stage.claims(ns, "orders"), "{connections: 5}");
        Seen.gone(report(ns, "orders"));
        assertThat(gone.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("DatabaseClaim");
            assertThat(List.of(owner.getName(), owner.getUid()))
                    .containsExactly("before", gone.getMetadata().getName());
        });
        stage.claims(ns, "before").delete();
        Seen.gone(stage.client
                .genericKubernetesResources("openreports.io/v1alpha1", "Report")
                .inNamespace(ns)
                .withName(gone.getMetadata().getName()));
    }
}

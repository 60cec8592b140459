// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import dev.howdah.testenv.Crds;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The cluster as the people of the demo use it. */
final class DemoCluster {
    static final String OPERATOR_NAMESPACE = "howdah-system";
    static final String TEAM = "shop";

    private static final String API = "howdah.dev/v1alpha1";
    private static final String CLAIM = "DatabaseClaim";
    private static final String POLICY = "DatabasePolicy";
    private static final String WAIVER = "DatabaseWaiver";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final KubernetesClient client;

    DemoCluster(KubernetesClient client) {
        this.client = client;
    }

    /** What an administrator does once per cluster. */
    void install(Path crds) {
        Crds.install(client, crds);
        apply(new NamespaceBuilder()
                .withNewMetadata()
                .withName(OPERATOR_NAMESPACE)
                .endMetadata()
                .build());
    }

    /** Publishes a server of the examples under the address that it has here. */
    void publish(GenericKubernetesResource example, TestPostgres postgres, PostgresLogin admin) {
        Map<String, Object> external = example.get("spec", "external");
        external.put("host", postgres.host());
        external.put("port", postgres.port());
        String secret = example.get("spec", "external", "adminSecretRef", "name");
        var builder = new SecretBuilder()
                .withNewMetadata()
                .withName(secret)
                .withNamespace(OPERATOR_NAMESPACE)
                .endMetadata()
                .addToStringData("username", admin.name())
                .addToStringData("password", admin.password());
        postgres.caPem().ifPresent(ca -> builder.addToStringData("ca.crt", ca));
        apply(builder.build());
        apply(example);
    }

    void apply(HasMetadata object) {
        client.resource(object).forceConflicts().serverSideApply();
    }

    /** {@code kubectl delete dbclaim}, until it is gone. */
    void deleteClaim(String name) {
        var claim =
                client.genericKubernetesResources(API, CLAIM).inNamespace(TEAM).withName(name);
        claim.delete();
        await("claim " + name + " is not gone", () -> claim.get() == null ? name : null);
    }

    /** All claims, those of a namespace together. */
    List<ClaimView> claims() {
        var waivers = waivers();
        return list(CLAIM).stream()
                .map(claim -> ClaimView.of(claim, waivers))
                .sorted(Comparator.comparing(ClaimView::key))
                .toList();
    }

    ClaimView claim(String key) {
        return claims().stream()
                .filter(claim -> claim.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new NotAsPromised("there is no claim " + key));
    }

    List<PolicyView> policies() {
        return list(POLICY).stream()
                .map(PolicyView::of)
                .sorted(Comparator.comparing(PolicyView::name))
                .toList();
    }

    List<WaiverView> waivers() {
        return list(WAIVER).stream().map(WaiverView::of).toList();
    }

    /** Whether somebody who looks at the claim's events is warned with this reason. */
    boolean warned(ClaimView claim, String reason) {
        return client.v1().events().inNamespace(claim.namespace()).list().getItems().stream()
                .anyMatch(event -> "Warning".equals(event.getType())
                        && reason.equals(event.getReason())
                        && CLAIM.equals(event.getInvolvedObject().getKind())
                        && claim.name().equals(event.getInvolvedObject().getName()));
    }

    private List<GenericKubernetesResource> list(String kind) {
        return client.genericKubernetesResources(API, kind)
                .inAnyNamespace()
                .list()
                .getItems();
    }

    boolean hasSecret(String name) {
        return client.secrets().inNamespace(TEAM).withName(name).get() != null;
    }

    /** The login that a Secret of the team holds. */
    DatabaseUrl databaseUrl(String secretName) {
        return databaseUrl(TEAM, secretName);
    }

    /** The login that a Secret holds. */
    DatabaseUrl databaseUrl(String namespace, String secretName) {
        var secret =
                client.secrets().inNamespace(namespace).withName(secretName).get();
        if (secret == null || !secret.getData().containsKey("DATABASE_URL")) {
            throw new NotAsPromised("there is no Secret " + secretName + " with a DATABASE_URL");
        }
        return DatabaseUrl.parse(new String(
                Base64.getDecoder()
                        .decode(Objects.requireNonNull(secret.getData().get("DATABASE_URL"))),
                StandardCharsets.UTF_8));
    }

    /** Waits for what the question finds. */
    static <T> T await(String otherwise, Supplier<@Nullable T> question) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            T answer = question.get();
            if (answer != null) {
                return answer;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new NotAsPromised(otherwise + " after " + PATIENCE.toSeconds() + " s");
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NotAsPromised("interrupted", e);
            }
        }
    }
}

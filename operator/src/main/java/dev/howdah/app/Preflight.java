// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.cli.Verbs;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.List;

/** What must be there before the operator can work, looked at once, so that what is missing is one line. */
@ApplicationScoped
class Preflight {
    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            PostgresServer.class, DatabaseClass.class, DatabaseClaim.class, DatabasePolicy.class, DatabaseWaiver.class);
    private static final int NO_ANSWER = -1;
    private static final int PATIENCE_MILLIS = 5_000;

    private final KubernetesClient client;
    private final HowdahConfig config;

    Preflight(KubernetesClient client, HowdahConfig config) {
        this.client = client;
        this.config = config;
    }

    /** @throws IllegalStateException with one line that says what is missing and what to do */
    void check() {
        var namespace = OperatorBeans.namespace(client, config);
        var impatient = new ConfigBuilder(client.getConfiguration())
                .withConnectionTimeout(PATIENCE_MILLIS)
                .withRequestTimeout(PATIENCE_MILLIS)
                .withRequestRetryBackoffLimit(1)
                .build();
        try (var once = ClusterClient.builder().withConfig(impatient).build()) {
            KINDS.forEach(kind -> look(once, kind));
            RightsCheck.check(once, namespace, config, WebhookBeans.isWanted(config));
        }
    }

    private void look(KubernetesClient once, Class<? extends HasMetadata> kind) {
        var cluster = once.getMasterUrl();
        try {
            once.resources(kind)
                    .inAnyNamespace()
                    .list(new ListOptionsBuilder().withLimit(1L).build());
        } catch (KubernetesClientException e) {
            throw new IllegalStateException(explanation(cluster, kind, e));
        }
    }

    private static String explanation(URL cluster, Class<? extends HasMetadata> kind, KubernetesClientException e) {
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_NOT_FOUND ->
                "the cluster %s does not know the kind %s (CRD %s): install the chart with crds.enabled, or apply the folder crds/ first (kubectl apply --server-side --force-conflicts -f crds/)"
                        .formatted(cluster, kind.getSimpleName(), HasMetadata.getFullResourceName(kind));
            case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN ->
                "the cluster %s does not let this user list %s in all namespaces (HTTP %d): check the login in KUBECONFIG, or give it the chart's ClusterRole by a ClusterRoleBinding; howdah serves the whole cluster"
                        .formatted(cluster, HasMetadata.getPlural(kind), e.getCode());
            case NO_ANSWER, 0 ->
                "no cluster answers at %s (%s): set KUBECONFIG to the kubeconfig of a cluster that runs"
                        .formatted(cluster, Verbs.firstLine(e));
            default -> "the cluster %s answers HTTP %d".formatted(cluster, e.getCode());
        };
    }
}

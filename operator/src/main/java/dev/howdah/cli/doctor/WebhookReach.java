// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.ServiceReference;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;

/** Whether somebody answers where the API server asks; with {@code failurePolicy: Fail} no claim is written otherwise. */
final class WebhookReach {
    private static final int WITHIN_MILLIS = 2_000;
    private static final int HTTPS = 443;

    private final KubernetesClient client;
    private final String configuration;
    private final ValidatingWebhook webhook;
    private final boolean nobodyWorks;

    /** @param nobodyWorks whether no operator holds the Lease */
    WebhookReach(KubernetesClient client, String configuration, ValidatingWebhook webhook, boolean nobodyWorks) {
        this.client = client;
        this.configuration = configuration;
        this.webhook = webhook;
        this.nobodyWorks = nobodyWorks;
    }

    Optional<Check> service(ServiceReference service) {
        try {
            var ready = client
                    .discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace(service.getNamespace())
                    .withLabel("kubernetes.io/service-name", service.getName())
                    .list()
                    .getItems()
                    .stream()
                    .flatMap(slice -> slice.getEndpoints().stream())
                    // The API says to take one that does not say so for ready.
                    .anyMatch(endpoint -> endpoint.getConditions() == null
                            || !Boolean.FALSE.equals(endpoint.getConditions().getReady()));
            return ready
                    ? Optional.empty()
                    : Optional.of(silent("Service %s/%s has no endpoint that is ready"
                            .formatted(service.getNamespace(), service.getName())));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return Optional.of(Check.notChecked(
                        WebhookChecks.AREA,
                        webhook.getName(),
                        "list endpointslices in namespace \"%s\"".formatted(service.getNamespace())));
            }
            throw e;
        }
    }

    /** The API server may reach what this machine does not, so this alone is a warning. */
    Optional<Check> url() {
        var url = webhook.getClientConfig().getUrl();
        if (nobodyWorks) {
            return Optional.of(silent("no operator works behind %s (see the Lease)".formatted(url)));
        }
        return url == null || answers(url)
                ? Optional.empty()
                : Optional.of(Check.warning(
                        WebhookChecks.AREA,
                        webhook.getName(),
                        "nothing listens at %s as seen from here; the API server may see it otherwise".formatted(url),
                        "From where the API server runs: curl -k %s".formatted(url)));
    }

    private Check silent(String why) {
        // Kubernetes' own default.
        var refuses = !"Ignore".equals(webhook.getFailurePolicy());
        return refuses
                ? Check.problem(
                        WebhookChecks.AREA,
                        webhook.getName(),
                        why + "; failurePolicy is Fail, so every write of a claim is refused",
                        "Start the operator; to go on meanwhile: kubectl delete validatingwebhookconfiguration %s, which the operator makes again"
                                .formatted(configuration))
                : Check.warning(
                        WebhookChecks.AREA,
                        webhook.getName(),
                        why + ": claims are judged all the same, only later",
                        "Start the operator; see the Lease above");
    }

    private static boolean answers(String url) {
        try (var socket = new Socket()) {
            var uri = URI.create(url);
            socket.connect(
                    new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? HTTPS : uri.getPort()), WITHIN_MILLIS);
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }
}

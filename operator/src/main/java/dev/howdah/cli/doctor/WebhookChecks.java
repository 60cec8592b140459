// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.ServiceReference;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the API server knows the webhook, and could trust it. */
final class WebhookChecks {
    static final String AREA = "webhook";
    private static final Duration SOON = Duration.ofDays(7);

    private final KubernetesClient client;
    private final Installation installation;
    private final Instant now;
    private final boolean nobodyWorks;

    /** @param nobodyWorks whether no operator holds the Lease */
    WebhookChecks(KubernetesClient client, Installation installation, Instant now, boolean nobodyWorks) {
        this.client = client;
        this.installation = installation;
        this.now = now;
        this.nobodyWorks = nobodyWorks;
    }

    List<Check> checks() {
        var name = installation.webhook();
        try {
            var configuration = client.admissionRegistration()
                    .v1()
                    .validatingWebhookConfigurations()
                    .withName(name)
                    .get();
            if (configuration == null) {
                return List.of(
                        Check.warning(
                                AREA,
                                name,
                                "is not registered: claims are judged all the same, only later",
                                "If it is meant to be: HOWDAH_WEBHOOK_ENABLED, and see docs/admission.md; --webhook names another one"));
            }
            var checks = new ArrayList<Check>();
            configuration.getWebhooks().forEach(webhook -> checks.addAll(of(webhook)));
            return checks;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return List.of(Check.notChecked(AREA, name, "get validatingwebhookconfigurations"));
            }
            throw e;
        }
    }

    private List<Check> of(ValidatingWebhook webhook) {
        var checks = new ArrayList<Check>();
        checks.add(authority(webhook));
        var service = webhook.getClientConfig().getService();
        var there = new WebhookReach(client, installation.webhook(), webhook, nobodyWorks);
        if (service != null) {
            service(webhook, service).or(() -> there.service(service)).ifPresent(checks::add);
        } else {
            there.url().ifPresent(checks::add);
        }
        // That its CA is good says nothing where nobody answers.
        if (checks.stream().anyMatch(check -> check.level() == Check.Level.Problem)) {
            checks.removeIf(check -> check.level() == Check.Level.Fine);
        }
        return checks;
    }

    private Check authority(ValidatingWebhook webhook) {
        var name = webhook.getName();
        var authorities = authorities(webhook.getClientConfig().getCaBundle());
        var renew =
                "The operator renews it while it runs (see the Lease above); by hand: kubectl delete secret -n %s howdah-webhook-tls. With cert-manager see its Certificate"
                        .formatted(installation.namespace());
        if (authorities.isEmpty()) {
            return Check.problem(AREA, name, "has no `caBundle` that can be read, so it is never reached", renew);
        }
        var latest = authorities.stream()
                .map(authority -> authority.getNotAfter().toInstant())
                .max(Instant::compareTo)
                .orElseThrow();
        if (!now.isBefore(latest)) {
            return Check.problem(AREA, name, "its CA expired at %s, so it is never reached".formatted(latest), renew);
        }
        return now.plus(SOON).isAfter(latest)
                ? Check.warning(AREA, name, "its CA expires at %s".formatted(latest), renew)
                : Check.fine(AREA, name, "registered, its CA is good until %s".formatted(latest));
    }

    private static List<X509Certificate> authorities(@Nullable String bundle) {
        if (bundle == null || bundle.isEmpty()) {
            return List.of();
        }
        try (var in = new ByteArrayInputStream(Base64.getDecoder().decode(bundle))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException | IllegalArgumentException | IOException e) {
            return List.of();
        }
    }

    private Optional<Check> service(ValidatingWebhook webhook, ServiceReference service) {
        try {
            var there = client.services()
                    .inNamespace(service.getNamespace())
                    .withName(service.getName())
                    .get();
            return there != null
                    ? Optional.empty()
                    : Optional.of(
                            Check.problem(
                                    AREA,
                                    webhook.getName(),
                                    "leads to Service %s/%s, which is not there"
                                            .formatted(service.getNamespace(), service.getName()),
                                    "Create it, with port 443 to the operator's 8443, or set HOWDAH_WEBHOOK_SERVICE or _ENABLED=false"));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return Optional.of(Check.notChecked(
                        AREA, webhook.getName(), "get services in namespace \"%s\"".formatted(service.getNamespace())));
            }
            throw e;
        }
    }
}

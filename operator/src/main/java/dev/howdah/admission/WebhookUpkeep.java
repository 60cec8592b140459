// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import dev.howdah.admission.certificate.CertificateCare;
import dev.howdah.admission.certificate.CertificateSecret;
import dev.howdah.admission.certificate.CertificateSecret.Seen;
import dev.howdah.admission.certificate.CertificateState;
import dev.howdah.admission.registration.RegisteredWebhook;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time whether everything of the webhook is as it should be. Every process serves with what the Secret
 * holds; the one that leads also replaces it in time and tells the API server.
 */
public final class WebhookUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookUpkeep.class);

    private final AdmissionEndpoint endpoint;
    private final String host;
    private final int port;
    private final CertificateSecret secret;
    private final @Nullable CertificateCare care;
    private final RegisteredWebhook registered;
    private final BooleanSupplier leads;
    private final Clock clock;

    /** @param care {@code null} where the Secret and the bundle are cert-manager's */
    public WebhookUpkeep(
            AdmissionEndpoint endpoint,
            String host,
            int port,
            CertificateSecret secret,
            @Nullable CertificateCare care,
            RegisteredWebhook registered,
            BooleanSupplier leads,
            Clock clock) {
        this.endpoint = endpoint;
        this.host = host;
        this.port = port;
        this.secret = secret;
        this.care = care;
        this.registered = registered;
        this.leads = leads;
        this.clock = clock;
    }

    /** One look. What cannot be done now is left to the next: without the webhook everything still holds. */
    public void look() {
        try {
            var seen = secret.look();
            if (!leads.getAsBoolean()) {
                serve(seen.state());
            } else if (care == null) {
                serve(seen.state());
                publish(null);
            } else {
                lead(care, seen);
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                LOG.warn("the webhook could not be looked after: {}", e.getMessage());
            }
        } catch (IOException e) {
            LOG.warn("the webhook's port {} cannot be served: {}", port, e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("the webhook could not be looked after", e);
        }
    }

    private void lead(CertificateCare own, Seen seen) throws IOException {
        if (!seen.ours()) {
            LOG.warn("the Secret of the webhook's certificate is not howdah's: delete it, "
                    + "or set HOWDAH_WEBHOOK_CERTIFICATE=cert-manager");
            return;
        }
        var state = own.next(seen.state(), clock.instant(), registered.bundle());
        if (!state.equals(seen.state())) {
            secret.write(state, seen);
            LOG.info("the webhook's certificate: {}", state.next() == null ? "a new one" : "a successor is announced");
        }
        if (endpoint.isOpen()) {
            publish(state.bundle());
            serve(state);
        } else {
            serve(state);
            publish(state.bundle());
        }
    }

    private void publish(@Nullable String bundle) {
        if (registered.publish(bundle)) {
            LOG.info("the API server was told of the webhook");
        }
    }

    private void serve(@Nullable CertificateState state) throws IOException {
        if (state != null) {
            endpoint.serve(host, port, state.current());
        }
    }
}

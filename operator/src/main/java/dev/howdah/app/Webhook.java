// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.admission.AdmissionEndpoint;
import dev.howdah.admission.ClaimAdmission;
import dev.howdah.admission.Outcome;
import dev.howdah.admission.WebhookUpkeep;
import dev.howdah.admission.certificate.CertificateCare;
import dev.howdah.admission.certificate.CertificateIssuer;
import dev.howdah.admission.certificate.CertificateSecret;
import dev.howdah.admission.registration.RegisteredWebhook;
import dev.howdah.admission.registration.Registration;
import dev.howdah.policy.review.ClaimJudge;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The validating webhook of a running operator: opens its port when {@link #start} is called and never before, so that
 * other verbs open none. Nothing of it can keep the operator from its work.
 */
public final class Webhook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final Duration FIRST_LOOK = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);

    /** Where the port is, and who leads. */
    public record Place(String namespace, String host, int port, BooleanSupplier leads) {}

    private final AdmissionEndpoint endpoint;
    private final WebhookUpkeep upkeep;
    private final int port;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("webhook-upkeep").factory());

    private Webhook(AdmissionEndpoint endpoint, WebhookUpkeep upkeep, int port) {
        this.endpoint = endpoint;
        this.upkeep = upkeep;
        this.port = port;
    }

    /**
     * Puts it together.
     *
     * @throws IllegalStateException with one line, if the configuration makes no sense
     */
    static Webhook of(
            KubernetesClient client,
            HowdahConfig.Webhook config,
            Place place,
            ClaimJudge judge,
            Vertx vertx,
            MeterRegistry meters) {
        var registration = registration(client, config, place.namespace());
        var endpoint =
                new AdmissionEndpoint(vertx, new ClaimAdmission(judge), AdmissionEndpoint.BUDGET, stopwatch(meters));
        var care = switch (config.certificate()) {
            case SELF ->
                new CertificateCare(
                        new CertificateIssuer(new Randomness().secure()),
                        registration.hosts(),
                        CertificateCare.VALIDITY,
                        CertificateCare.SETTLING);
            case CERT_MANAGER -> null;
        };
        var upkeep = new WebhookUpkeep(
                endpoint,
                place.host(),
                place.port(),
                new CertificateSecret(client, place.namespace(), config.secret()),
                care,
                new RegisteredWebhook(client, registration),
                place.leads(),
                Clock.systemUTC());
        return new Webhook(endpoint, upkeep, place.port());
    }

    private static Registration registration(KubernetesClient client, HowdahConfig.Webhook config, String namespace) {
        if (config.timeout().compareTo(SHORTEST_TIMEOUT) < 0 || config.timeout().compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalStateException("HOWDAH_WEBHOOK_TIMEOUT must be from %ds to %ds"
                    .formatted(SHORTEST_TIMEOUT.toSeconds(), LONGEST_TIMEOUT.toSeconds()));
        }
        return new Registration(
                config.name(),
                config.url()
                        .map(Webhook::address)
                        .orElseGet(() ->
                                new Registration.Address.Service(namespace, config.service(), AdmissionEndpoint.PATH)),
                config.failurePolicy(),
                Math.toIntExact(config.timeout().toSeconds()),
                serviceAccount(client),
                switch (config.certificate()) {
                    case SELF -> null;
                    case CERT_MANAGER -> namespace + "/" + config.secret();
                });
    }

    private static Registration.Address address(String url) {
        try {
            var base = URI.create(url);
            if ("https".equals(base.getScheme()) && base.getHost() != null) {
                return new Registration.Address.Url(
                        base.resolve(AdmissionEndpoint.PATH).toString());
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IllegalStateException("HOWDAH_WEBHOOK_URL must be as in https://10.0.0.7:8443, and is " + url);
    }

    private static @Nullable String serviceAccount(KubernetesClient client) {
        try {
            return RegisteredWebhook.serviceAccount(client).orElse(null);
        } catch (KubernetesClientException e) {
            // Older than 1.28. The other conditions suffice for all that the operator writes.
            return null;
        }
    }

    private static Supplier<Consumer<Outcome>> stopwatch(MeterRegistry meters) {
        // All there are from the start: a rate needs a zero to begin with.
        var timers = new EnumMap<Outcome, Timer>(Outcome.class);
        for (var outcome : Outcome.values()) {
            timers.put(
                    outcome,
                    Timer.builder("howdah.admission")
                            .description("Claims judged at admission, by what came of it")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .publishPercentileHistogram()
                            .minimumExpectedValue(Duration.ofMillis(1))
                            .maximumExpectedValue(AdmissionEndpoint.BUDGET)
                            .register(meters));
        }
        return () -> {
            var sample = Timer.start(meters);
            return outcome -> sample.stop(Objects.requireNonNull(timers.get(outcome)));
        };
    }

    void start() {
        look(FIRST_LOOK);
    }

    /** Looks often until the port is open, then each minute. */
    private void look(Duration patience) {
        try {
            schedule.schedule(
                    () -> {
                        var wasOpen = endpoint.isOpen();
                        upkeep.look();
                        if (!wasOpen && endpoint.isOpen()) {
                            LOG.info("the webhook is served at port {}", port);
                        }
                        var longer = patience.multipliedBy(2);
                        look(endpoint.isOpen() || longer.compareTo(BETWEEN_LOOKS) > 0 ? BETWEEN_LOOKS : longer);
                    },
                    patience.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // It has been stopped.
        }
    }

    @Override
    public void close() {
        schedule.shutdownNow();
        endpoint.close();
    }
}

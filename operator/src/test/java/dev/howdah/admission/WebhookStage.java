// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import dev.howdah.admission.certificate.CertificateCare;
import dev.howdah.admission.certificate.CertificateIssuer;
import dev.howdah.admission.certificate.CertificateSecret;
import dev.howdah.admission.registration.RegisteredWebhook;
import dev.howdah.admission.registration.Registration;
import dev.howdah.admission.registration.Registration.Failure;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.testenv.LoopbackPort;
import dev.howdah.testenv.TestEnvironment;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real API server that asks a webhook in this process. The names are the stage's own and go with it. */
final class WebhookStage implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    final KubernetesClient client = TestEnvironment.controlPlane().client();
    private final String id = UUID.randomUUID().toString().substring(0, 6);
    final String namespace = "door-" + id;
    final String name = "howdah-" + id;
    final SetClock clock = new SetClock(Duration.ZERO);
    final StrictJudge judge = new StrictJudge();
    final int port = LoopbackPort.free();
    private final Vertx vertx = Vertx.vertx();
    private AdmissionEndpoint endpoint = newEndpoint();

    WebhookStage() {
        try (var files = Files.list(Path.of("..", "crds"))) {
            for (var file : files.sorted().toList()) {
                var crd = Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
                client.resource(crd).forceConflicts().serverSideApply();
                client.resource(crd)
                        .waitUntilCondition(
                                c -> c != null
                                        && c.getStatus() != null
                                        && c.getStatus().getConditions() != null
                                        && c.getStatus().getConditions().stream()
                                                .anyMatch(x -> x.getType().equals("Established")
                                                        && x.getStatus().equals("True")),
                                30,
                                TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    private AdmissionEndpoint newEndpoint() {
        return new AdmissionEndpoint(vertx, new ClaimAdmission(judge), AdmissionEndpoint.BUDGET, () -> _ -> {});
    }

    Registration registration(Failure failure, @Nullable String injectFrom) {
        return new Registration(
                name,
                new Registration.Address.Url("https://" + HOST + ":" + port + AdmissionEndpoint.PATH),
                failure,
                5,
                null,
                injectFrom);
    }

    WebhookUpkeep leader(Failure failure) {
        return upkeep(registration(failure, null), true, care(), endpoint);
    }

    CertificateCare care() {
        return new CertificateCare(
                issuer(),
                registration(Failure.Ignore, null).hosts(),
                CertificateCare.VALIDITY,
                CertificateCare.SETTLING);
    }

    static CertificateIssuer issuer() {
        return new CertificateIssuer(new SecureRandom());
    }

    WebhookUpkeep follower(AdmissionEndpoint own) {
        return upkeep(registration(Failure.Ignore, null), false, care(), own);
    }

    WebhookUpkeep withCertManager() {
        return upkeep(registration(Failure.Fail, namespace + "/tls"), true, null, endpoint);
    }

    private WebhookUpkeep upkeep(
            Registration registration, boolean leads, @Nullable CertificateCare care, AdmissionEndpoint own) {
        return new WebhookUpkeep(
                own,
                HOST,
                own == endpoint ? port : 0,
                new CertificateSecret(client, namespace, "tls"),
                care,
                new RegisteredWebhook(client, registration),
                () -> leads,
                clock);
    }

    AdmissionEndpoint another() {
        return newEndpoint();
    }

    void stop() {
        endpoint.close();
        endpoint = newEndpoint();
    }

    /** The API server takes a moment to notice. */
    void untilAsked() {
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            var before = judge.asked.get();
            try {
                client.resource(claim("probe", "{}")).dryRun().create();
            } catch (io.fabric8.kubernetes.client.KubernetesClientException e) {
                return false;
            }
            return judge.asked.get() > before;
        });
    }

    DatabaseClaim claim(String claim, String spec) {
        return Serialization.unmarshal("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: %s, namespace: %s}
                spec: %s
                """.formatted(claim, namespace, spec), DatabaseClaim.class);
    }

    Resource<DatabaseClaim> claims(String claim) {
        return client.resources(DatabaseClaim.class).inNamespace(namespace).withName(claim);
    }

    Resource<Secret> secret() {
        return client.secrets().inNamespace(namespace).withName("tls");
    }

    Resource<ValidatingWebhookConfiguration> configuration() {
        return client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(name);
    }

    @Override
    public void close() {
        configuration().delete();
        endpoint.close();
        for (var claim : client.resources(DatabaseClaim.class)
                .inNamespace(namespace)
                .list()
                .getItems()) {
            client.resource(claim).edit(c -> {
                c.getMetadata().setFinalizers(null);
                return c;
            });
        }
        client.namespaces().withName(namespace).delete();
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}

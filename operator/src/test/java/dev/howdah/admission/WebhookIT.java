// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.howdah.admission.registration.RegisteredWebhook;
import dev.howdah.admission.registration.Registration;
import dev.howdah.admission.registration.Registration.Failure;
import dev.howdah.testenv.TestEnvironment;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a user of the real API server sees. */
class WebhookIT {
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final WebhookStage stage = new WebhookStage();

    @AfterEach
    void close() {
        stage.close();
    }

    private KubernetesClientException refusal(Runnable action) {
        return catchThrowableOfType(KubernetesClientException.class, action::run);
    }

    @Test
    void a_claim_that_would_be_refused_is_refused_at_once() {
        stage.leader(Failure.Fail).look();
        stage.untilAsked();

        var refused = refusal(() -> stage.client
                .resource(stage.claim("orders", "{connections: 200, className: forbidden}"))
                .create());
        assertThat(refused.getCode()).isEqualTo(403);
        assertThat(refused.getStatus().getReason()).isEqualTo("Forbidden");
        assertThat(refused.getStatus().getMessage())
                .contains(
                        "denied the request: ValueOutOfRange: `connections`: must be at most 100 (policy \"strict\")",
                        "\nValueOutOfRange: `className`: must be standard");
        assertThat(refused.getStatus().getDetails().getCauses())
                .extracting(cause -> cause.getReason() + " " + cause.getField())
                .containsExactly("ValueOutOfRange spec.connections", "ValueOutOfRange spec.className");
        assertThat(stage.claims("orders").get()).isNull();

        assertThat(refusal(() -> stage.client
                                .resource(stage.claim("orders", "{connections: 200}"))
                                .dryRun()
                                .create())
                        .getCode())
                .as("dry run")
                .isEqualTo(403);

        stage.client.resource(stage.claim("orders", "{connections: 20}")).create();
        assertThat(refusal(() -> stage.claims("orders").patch(MERGE, "{\"spec\": {\"connections\": 200}}"))
                        .getCode())
                .isEqualTo(403);
        assertThat(refusal(() -> stage.client
                                .resource(stage.claim("orders", "{connections: 200}"))
                                .forceConflicts()
                                .serverSideApply())
                        .getCode())
                .isEqualTo(403);
        assertThat(stage.claims("orders").get().getSpec().connections()).isEqualTo(20);
        stage.claims("orders").patch(MERGE, "{\"spec\": {\"connections\": 30}}");
        assertThat(stage.claims("orders").get().getSpec().connections()).isEqualTo(30);
    }

    @Test
    void kubectl_prints_warnings_and_refusals() throws Exception {
        assumeThat(TestEnvironment.controlPlane().hasKubectl()).isTrue();
        stage.leader(Failure.Fail).look();
        stage.untilAsked();
        assertThat(kubectl("{connections: 60}", "apply", "--dry-run=server", "-f", "-"))
                .contains(
                        "Warning: ValueOutOfRange: `connections`: should be at most 50",
                        "databaseclaim.howdah.dev/orders created (server dry run)");
        assertThat(kubectl("{connections: 200}", "apply", "--dry-run=server", "-f", "-"))
                .contains("Error from server (Forbidden)", "ValueOutOfRange: `connections`: must be at most 100");
        assertThat(stage.claims("orders").get()).isNull();
    }

    private String kubectl(String spec, String... arguments) throws Exception {
        var command = new java.util.ArrayList<String>();
        command.add(TestEnvironment.controlPlane().kubectl().toString());
        command.add("--kubeconfig=" + TestEnvironment.controlPlane().kubeconfig());
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(Serialization.asYaml(stage.claim("orders", spec)).getBytes(StandardCharsets.UTF_8));
        }
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    @Test
    void without_an_answer_claims_go_through() {
        var upkeep = stage.leader(Failure.Ignore);
        upkeep.look();
        stage.untilAsked();
        stage.stop();
        stage.client.resource(stage.claim("orders", "{connections: 200}")).create();
        stage.claims("orders").patch(MERGE, "{\"spec\": {\"connections\": 300}}");
        assertThat(stage.claims("orders").get().getSpec().connections()).isEqualTo(300);
    }

    @Test
    void even_where_an_answer_is_a_must_only_changes_of_the_spec_wait_for_one() {
        stage.leader(Failure.Fail).look();
        stage.untilAsked();
        stage.client.resource(stage.claim("orders", "{connections: 20}")).create();
        stage.stop();

        // All that an operator writes, and what a user writes besides the spec.
        stage.claims("orders").patch(MERGE, "{\"metadata\": {\"finalizers\": [\"howdah.dev/finalizer\"]}}");
        stage.claims("orders").patch(MERGE, "{\"metadata\": {\"annotations\": {\"howdah.dev/rotate\": \"1\"}}}");
        stage.claims("orders").subresource("status").patch(MERGE, "{\"status\": {\"observedGeneration\": 1}}");

        assertThatThrownBy(() -> stage.claims("orders").patch(MERGE, "{\"spec\": {\"connections\": 30}}"))
                .hasMessageContaining("failed calling webhook");
        assertThatThrownBy(
                        () -> stage.client.resource(stage.claim("more", "{}")).create())
                .hasMessageContaining("failed calling webhook");

        stage.claims("orders").delete();
        assertThat(stage.claims("orders").get().getMetadata().getDeletionTimestamp())
                .isNotNull();
        stage.claims("orders").patch(MERGE, "{\"metadata\": {\"finalizers\": null}}");
        assertThat(stage.claims("orders").get()).isNull();
    }

    @Test
    void what_is_right_is_not_written_again_and_what_is_not_is_put_right() {
        var upkeep = stage.leader(Failure.Ignore);
        upkeep.look();
        var secret = stage.secret().get();
        var configuration = stage.configuration().get();
        assertThat(secret.getType()).isEqualTo("kubernetes.io/tls");
        assertThat(secret.getData()).containsOnlyKeys("tls.crt", "tls.key", "ca.crt");
        for (int i = 0; i < 3; i++) {
            upkeep.look();
        }
        assertThat(stage.secret().get()).isEqualTo(secret);
        assertThat(stage.configuration().get()).isEqualTo(configuration);

        stage.configuration().edit(c -> {
            c.getWebhooks().getFirst().getClientConfig().setCaBundle("bm9uc2Vuc2U=");
            c.getWebhooks().getFirst().setFailurePolicy("Fail");
            return c;
        });
        upkeep.look();
        assertThat(stage.configuration().get().getWebhooks()).isEqualTo(configuration.getWebhooks());
        stage.configuration().delete();
        upkeep.look();
        assertThat(stage.configuration().get().getWebhooks()).isEqualTo(configuration.getWebhooks());
        stage.secret().delete();
        upkeep.look();
        assertThat(stage.secret().get().getData()).isNotEqualTo(secret.getData());
        stage.untilAsked();
    }

    @Test
    void a_certificate_changes_while_claims_are_made_and_none_fails() throws Exception {
        // Made 61 days ago: valid, and due for a change.
        stage.clock.shift(Duration.ofDays(-61));
        var upkeep = stage.leader(Failure.Fail);
        upkeep.look();
        stage.untilAsked();
        var first = stage.secret().get().getData();

        var failures = new ConcurrentLinkedQueue<String>();
        var made = new AtomicInteger();
        var over = new AtomicBoolean();
        try (var makers = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 2; i++) {
                var claim = stage.claim("rotating-" + i, "{connections: 20}");
                makers.execute(() -> {
                    while (!over.get()) {
                        try {
                            stage.client.resource(claim).dryRun().create();
                            made.incrementAndGet();
                        } catch (KubernetesClientException e) {
                            failures.add(e.getMessage());
                        }
                    }
                });
            }
            waitFor(made, 100);
            stage.clock.shift(Duration.ZERO);
            upkeep.look();
            var announced = stage.secret().get().getData();
            assertThat(announced.get("tls.crt")).isEqualTo(first.get("tls.crt"));
            assertThat(announced).containsKeys("next.crt", "next.key");
            assertThat(stage.configuration()
                            .get()
                            .getWebhooks()
                            .getFirst()
                            .getClientConfig()
                            .getCaBundle())
                    .isEqualTo(announced.get("ca.crt"));
            waitFor(made, 100);
            stage.clock.shift(Duration.ofMinutes(6));
            upkeep.look();
            var changed = stage.secret().get().getData();
            assertThat(changed.get("tls.crt")).isEqualTo(announced.get("next.crt"));
            assertThat(changed).doesNotContainKeys("next.crt", "next.key");
            // The API server makes new connections for what it has been told anew.
            stage.configuration().edit(c -> {
                c.getWebhooks().getFirst().setTimeoutSeconds(6);
                return c;
            });
            waitFor(made, 200);
            over.set(true);
        }
        assertThat(failures).isEmpty();
        try (var caller = new Caller(stage.port, bundle())) {
            assertThat(caller.ask(ReviewRequests.create(ReviewRequests.claim("a", "b", "{}")))
                            .has("uid"))
                    .isTrue();
        }
    }

    private static void waitFor(AtomicInteger made, int more) throws InterruptedException {
        var until = made.get() + more;
        var deadline = Instant.now().plusSeconds(60);
        while (made.get() < until) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.sleep(10);
        }
    }

    private String bundle() {
        return new String(
                Base64.getDecoder()
                        .decode(stage.configuration()
                                .get()
                                .getWebhooks()
                                .getFirst()
                                .getClientConfig()
                                .getCaBundle()),
                StandardCharsets.US_ASCII);
    }

    @Test
    void a_process_that_does_not_lead_serves_the_same_and_writes_nothing() throws Exception {
        var own = stage.another();
        var follower = stage.follower(own);
        follower.look();
        assertThat(own.isOpen()).isFalse();
        assertThat(stage.secret().get()).isNull();
        assertThat(stage.configuration().get()).isNull();

        stage.leader(Failure.Ignore).look();
        var secret = stage.secret().get();
        follower.look();
        assertThat(stage.secret().get()).isEqualTo(secret);
        try (var caller = new Caller(own.port(), bundle())) {
            assertThat(caller.ask(ReviewRequests.create(ReviewRequests.claim("a", "b", "{}")))
                            .has("uid"))
                    .isTrue();
        } finally {
            own.close();
        }
    }

    @Test
    void a_secret_of_somebody_else_is_not_touched() {
        var foreign = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(stage.namespace)
                .withName("tls")
                .endMetadata()
                .addToStringData("something", "else")
                .build();
        stage.client.resource(foreign).create();
        var before = stage.secret().get();
        stage.leader(Failure.Ignore).look();
        assertThat(stage.secret().get()).isEqualTo(before);
        assertThat(stage.configuration().get()).isNull();
    }

    @Test
    void cert_manager_may_care_for_the_certificate() {
        var issued = WebhookStage.issuer().issue(List.of(WebhookStage.HOST), Instant.now(), Duration.ofDays(1));
        stage.client
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(stage.namespace)
                        .withName("tls")
                        .endMetadata()
                        .withType("kubernetes.io/tls")
                        .addToStringData("tls.crt", issued.certificate().chainPem())
                        .addToStringData("tls.key", issued.certificate().keyPem())
                        .addToStringData("ca.crt", issued.authorityPem())
                        .build())
                .create();
        var secret = stage.secret().get();
        var upkeep = stage.withCertManager();
        upkeep.look();
        assertThat(stage.configuration().get().getMetadata().getAnnotations())
                .containsEntry("cert-manager.io/inject-ca-from", stage.namespace + "/tls");
        // What its cainjector does.
        stage.configuration().edit(c -> {
            c.getWebhooks()
                    .getFirst()
                    .getClientConfig()
                    .setCaBundle(Base64.getEncoder()
                            .encodeToString(issued.authorityPem().getBytes(StandardCharsets.US_ASCII)));
            return c;
        });
        stage.untilAsked();
        var injected = stage.configuration().get();
        upkeep.look();
        assertThat(stage.configuration().get()).isEqualTo(injected);
        assertThat(stage.secret().get()).isEqualTo(secret);
    }

    @Test
    void a_service_can_be_the_address_and_what_was_left_behind_can_be_taken_away() {
        var registration = new Registration(
                stage.name,
                new Registration.Address.Service(stage.namespace, "howdah-webhook", AdmissionEndpoint.PATH),
                Failure.Ignore,
                5,
                "system:serviceaccount:" + stage.namespace + ":howdah",
                null);
        var issued = WebhookStage.issuer().issue(List.of("a"), Instant.now(), Duration.ofDays(1));
        var registered = new RegisteredWebhook(stage.client, registration);
        assertThat(registered.publish(issued.authorityPem())).isTrue();
        assertThat(registered.publish(issued.authorityPem())).isFalse();
        assertThat(registered.bundle()).isEqualTo(issued.authorityPem());
        assertThat(RegisteredWebhook.withdraw(stage.client, stage.name)).isTrue();
        assertThat(RegisteredWebhook.withdraw(stage.client, stage.name)).isFalse();
    }

    @Test
    void the_operator_knows_who_it_is() {
        stage.client
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(stage.namespace)
                        .withName("howdah")
                        .endMetadata()
                        .build())
                .create();
        var kubeconfig = TestEnvironment.controlPlane().kubeconfigFor(stage.namespace, "howdah");
        try (var operator = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build()) {
            assertThat(RegisteredWebhook.serviceAccount(operator))
                    .contains("system:serviceaccount:" + stage.namespace + ":howdah");
        }
        assertThat(RegisteredWebhook.serviceAccount(stage.client)).isEmpty();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.howdah.admission.certificate.CertificateIssuer;
import dev.howdah.api.rights.OperatorRights;
import dev.howdah.api.rights.OperatorRights.Right;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.cli.Terminal;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ServiceReference;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code howdah doctor} on an installation that is made whole and then broken in every way it looks for. */
interface DoctorCases {
    /** When the terminal's clock stands still. */
    Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

    String OPERATOR = InstalledCluster.OPERATOR_NAMESPACE;

    InstalledCluster cluster();

    Terminal terminal();

    private KubernetesClient client() {
        return cluster().client();
    }

    @Test
    default void doctor_finds_what_is_broken_and_says_the_way_out() throws JsonProcessingException {
        try {
            var bare = doctor();
            assertThat(bare.exit()).isEqualTo(1);
            assertThat(bare.out())
                    .contains("ok       CRD all 5: there, with the fields that this version knows")
                    .contains("PROBLEM  operator Lease howdah-system/howdah: is not there")
                    .contains("warning  webhook howdah: is not registered")
                    .contains("warning  rights ServiceAccount howdah-system/examined: is not there")
                    .contains("warning  server none: no PostgresServer is seen");

            makeWhole();
            var whole = doctor();
            assertThat(whole.exit()).as(whole.out()).isZero();
            assertThat(whole.out().replaceAll("\\s+", " "))
                    .contains("ok operator Lease howdah-system/howdah: held by one")
                    .contains("registered, its CA is good until 2027-")
                    .contains("has every right that the operator uses")
                    .contains("ok admin Secret of 1 servers: there, with username and password")
                    .contains("ok server 1: in order")
                    .contains("0 problems");

            webhook(NOW, "Fail", true);
            var elsewhere = doctor();
            assertThat(elsewhere.exit()).as("what this machine does not reach").isZero();
            assertThat(elsewhere.out().replaceAll("\\s+", " "))
                    .contains("nothing listens at https://127.0.0.1:1/validate as seen from here");
            lease(OPERATOR, NOW.minusSeconds(3600));
            assertThat(doctor().out().replaceAll("\\s+", " "))
                    .contains(
                            "PROBLEM webhook databaseclaims.howdah.dev: no operator works behind https://127.0.0.1:1/")
                    .doesNotContain("its CA is good");
            webhook(NOW, "Fail", false);
            assertThat(doctor().out().replaceAll("\\s+", " "))
                    .contains(
                            "Service howdah-system/howdah-webhook has no endpoint that is ready; failurePolicy is Fail");

            breakAll();
            var broken = doctor();
            assertThat(broken.exit()).isEqualTo(1);
            assertThat(broken.out().replaceAll("\\s+", " "))
                    .contains(
                            "PROBLEM CRD postgresservers.howdah.dev: is of an older version: it lacks status.ledgerPosition")
                    .contains("was last renewed by one 3600 s ago, so no operator works")
                    .contains("PROBLEM operator Lease default/howdah: another operator works in this cluster too")
                    .contains("its CA expired at 2026-11-30")
                    .contains("leads to Service howdah-system/howdah-webhook, which is not there")
                    .contains("may not patch databaseclaims.howdah.dev/status, delete secrets →")
                    .contains("PROBLEM admin Secret howdah-system/examined of server examined: lacks password")
                    .contains("PROBLEM server examined: Ready=False, Unreachable: no route")
                    .contains("→ Apply those of this version: kubectl apply --server-side --force-conflicts -f crds/");
            var json = new ObjectMapper().readTree(doctor("-o", "json").out());
            assertThat(json.at("/problems").asInt()).isEqualTo(8);
        } finally {
            cleanUp();
        }
    }

    @Test
    default void doctor_says_what_this_user_may_not_see() {
        client().resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("nobody")
                        .withNamespace("default")
                        .endMetadata()
                        .build())
                .serverSideApply();
        var outcome = cluster().terminalOf("default", "nobody").run("doctor");
        assertThat(outcome.exit()).as("nothing was seen").isEqualTo(2);
        assertThat(outcome.out().replaceAll("\\s+", " "))
                .contains("not seen CRD databaseclaims.howdah.dev: this user may not get customresourcedefinitions")
                .contains("this user may not get leases in namespace \"howdah-system\"")
                .contains("this user may not get validatingwebhookconfigurations")
                .contains("0 problems, 0 warnings, 10 of 10 checks could not be made Nothing could be looked at")
                .doesNotContain("PROBLEM");
    }

    /** Of an account of its own: that of the chart is there, with all its rights. */
    private Terminal.Outcome doctor(String... more) {
        return terminal()
                .run(Stream.concat(Stream.of("doctor", "--service-account", "examined"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private void makeWhole() {
        lease(OPERATOR, NOW.minusSeconds(5));
        client().resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("examined")
                        .withNamespace(OPERATOR)
                        .endMetadata()
                        .build())
                .serverSideApply();
        rights(right -> true);
        client().resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("howdah-webhook")
                        .withNamespace(OPERATOR)
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withPort(443)
                        .endPort()
                        .endSpec()
                        .build())
                .serverSideApply();
        webhook(NOW);
        adminSecret("password");
        client().resource(Serialization.unmarshal("""
                        apiVersion: howdah.dev/v1alpha1
                        kind: PostgresServer
                        metadata: {name: examined, labels: {tier: shared}}
                        spec: {external: {host: pg, adminSecretRef: {name: examined}}}
                        """, PostgresServer.class)).create();
        serverSays("True", "Connected", "fine");
    }

    private void breakAll() {
        var crds = client().apiextensions().v1().customResourceDefinitions();
        var crd = crds.withName("postgresservers.howdah.dev").get();
        crd.getSpec()
                .getVersions()
                .getFirst()
                .getSchema()
                .getOpenAPIV3Schema()
                .getProperties()
                .get("status")
                .getProperties()
                .remove("ledgerPosition");
        crd.getMetadata().setManagedFields(null);
        client().resource(crd).update();
        lease(OPERATOR, NOW.minusSeconds(3600));
        lease("default", NOW);
        rights(right -> !(right.toString().equals("patch databaseclaims.howdah.dev/status")
                || right.toString().equals("delete secrets")));
        webhook(NOW.minus(100, ChronoUnit.DAYS));
        client().services().inNamespace(OPERATOR).withName("howdah-webhook").delete();
        adminSecret("passwort");
        serverSays("False", "Unreachable", "no route");
    }

    private void lease(String namespace, Instant renewed) {
        client().resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName("howdah")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity("one")
                        .withLeaseDurationSeconds(15)
                        .withRenewTime(renewed.atZone(ZoneOffset.UTC))
                        .endSpec()
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    private void rights(Predicate<Right> granted) {
        var rules = Stream.of(
                        OperatorRights.everywhere(),
                        OperatorRights.leading("howdah"),
                        OperatorRights.registering("howdah"))
                .flatMap(List::stream)
                .filter(granted)
                .map(DoctorCases::rule)
                .toList();
        client().resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName("examined")
                        .endMetadata()
                        .withRules(rules)
                        .build())
                .forceConflicts()
                .serverSideApply();
        client().resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName("examined")
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "examined")
                        .addNewSubject()
                        .withKind("ServiceAccount")
                        .withName("examined")
                        .withNamespace(OPERATOR)
                        .endSubject()
                        .build())
                .serverSideApply();
    }

    private static PolicyRule rule(Right right) {
        return new PolicyRuleBuilder()
                .withApiGroups(right.group())
                .withResources(right.resource())
                .withVerbs(right.verb())
                .build();
    }

    /** With an authority for 90 days from then on. */
    private void webhook(Instant since) {
        webhook(since, "Ignore", false);
    }

    private void webhook(Instant since, String failurePolicy, boolean byUrl) {
        var issued = new CertificateIssuer(new SecureRandom())
                .issue(List.of("howdah-webhook"), since, Duration.ofDays(since.equals(NOW) ? 90 : 99));
        var ca = Base64.getEncoder().encodeToString(issued.authorityPem().getBytes(StandardCharsets.UTF_8));
        var clientConfig = byUrl
                ? new WebhookClientConfig(ca, null, "https://127.0.0.1:1/validate")
                : new WebhookClientConfig(ca, new ServiceReference("howdah-webhook", OPERATOR, null, null), null);
        client().resource(new ValidatingWebhookConfigurationBuilder()
                        .withNewMetadata()
                        .withName("howdah")
                        .endMetadata()
                        .addNewWebhook()
                        .withName("databaseclaims.howdah.dev")
                        .withAdmissionReviewVersions("v1")
                        .withSideEffects("None")
                        .withFailurePolicy(failurePolicy)
                        .withClientConfig(clientConfig)
                        .endWebhook()
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    private void adminSecret(String key) {
        client().secrets().inNamespace(OPERATOR).withName("examined").delete();
        client().resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("examined")
                        .withNamespace(OPERATOR)
                        .endMetadata()
                        .addToStringData("username", "admin")
                        .addToStringData(key, "of the admin")
                        .build())
                .create();
    }

    private void serverSays(String status, String reason, String message) {
        client().resources(PostgresServer.class)
                .withName("examined")
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"status": {"conditions": [{"type": "Ready", "status": "%s", "reason": "%s", "message": "%s",
                          "lastTransitionTime": "2026-11-30T00:00:00Z"}]}}""".formatted(status, reason, message));
    }

    private void cleanUp() {
        cluster().installCrds();
        client().resources(PostgresServer.class).withName("examined").delete();
        client().secrets().inNamespace(OPERATOR).withName("examined").delete();
        client().leases().inNamespace("default").withName("howdah").delete();
        client().leases().inNamespace(OPERATOR).withName("howdah").delete();
        client().admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName("howdah")
                .delete();
        client().serviceAccounts().inNamespace(OPERATOR).withName("examined").delete();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import dev.howdah.Markdown;
import dev.howdah.Shell;
import dev.howdah.testenv.ControlPlane;
import dev.howdah.testenv.Progress;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** One life of a release in a real API server: installed, upgraded, removed; what docs/{install,upgrade,uninstall}.md say of it holds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InstallIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern APPLIED = Pattern.compile("(?ms)<<'YAML'\\n(.*?)^  YAML$");

    private final ControlPlane controlPlane = ControlPlane.startOwn(Progress.onStandardError());
    private final KubernetesClient admin = controlPlane.client();

    private Release install(String release, String namespace, String values) {
        return Chart.withValues(
                values,
                file -> new Helm(Chart.FOLDER)
                        .install()
                        .withName(release)
                        .withNamespace(namespace)
                        .createNamespace()
                        .withKubeConfig(controlPlane.kubeconfig())
                        .withValuesFile(file)
                        .call());
    }

    private void upgrade(String values) {
        Chart.withValues(
                values,
                file -> new Helm(Chart.FOLDER)
                        .upgrade()
                        .withName(Chart.RELEASE)
                        .withNamespace(Chart.NAMESPACE)
                        .withKubeConfig(controlPlane.kubeconfig())
                        .withValuesFile(file)
                        .call());
    }

    private void uninstall(String namespace) {
        Helm.uninstall(Chart.RELEASE)
                .withNamespace(namespace)
                .withKubeConfig(controlPlane.kubeconfig())
                .call();
    }

    @Test
    @Order(1)
    void what_it_prints_after_the_installation_can_be_applied() throws Exception {
        // The command that the pages give is this installation.
        var command = "helm upgrade --install %s charts/howdah --namespace %s --create-namespace"
                .formatted(Chart.RELEASE, Chart.NAMESPACE);
        assertThat(page("docs/install.md")).contains(command);
        assertThat(page("README.md")).contains(command);
        var release = install(Chart.RELEASE, Chart.NAMESPACE, "");
        await().atMost(PATIENCE).until(() -> crds().stream().allMatch(InstallIT::isEstablished));
        assertThat(release.getOutput())
                .contains("kubectl -n howdah-system rollout status deployment/howdah", "clusterrolebinding howdah-dba");
        var bind = Pattern.compile("kubectl create clusterrolebinding .*")
                .matcher(release.getOutput())
                .results()
                .findFirst()
                .orElseThrow()
                .group();
        assertThat(page("docs/install.md")).contains(bind);
        shell(bind);
        var printed = APPLIED.matcher(release.getOutput())
                .results()
                .map(block -> Serialization.unmarshal(block.group(1).stripIndent(), GenericKubernetesResource.class))
                .toList();
        assertThat(printed)
                .extracting(GenericKubernetesResource::getKind)
                .containsExactly("PostgresServer", "DatabaseClass", "DatabaseClaim");
        printed.forEach(object -> await().atMost(PATIENCE)
                .ignoreException(KubernetesClientException.class)
                .until(() -> admin.resource(object)
                                .fieldValidation(Validation.STRICT)
                                .serverSideApply()
                        != null));
    }

    @Test
    @Order(2)
    void the_api_server_takes_all_of_it_as_it_is() {
        var everything = Chart.objects(Chart.render("networkPolicy: {enabled: true}"));
        assertThat(everything)
                .hasSizeGreaterThan(15)
                .allSatisfy(object -> admin.resource(object)
                        .dryRun()
                        .fieldValidation(Validation.STRICT)
                        .forceConflicts()
                        .serverSideApply());
    }

    @Test
    @Order(3)
    void its_pods_meet_the_restricted_standard() {
        admin.namespaces().withName(Chart.NAMESPACE).edit(namespace -> {
            namespace.getMetadata().getLabels().put("pod-security.kubernetes.io/enforce", "restricted");
            return namespace;
        });
        var pod = pod();
        assertThat(admin.resource(pod).dryRun().create().getMetadata().getName())
                .isEqualTo("tried");
        pod.getSpec().setSecurityContext(null);
        assertThatThrownBy(() -> admin.resource(pod).dryRun().create())
                .as("control")
                .hasMessageContaining("violates PodSecurity");
    }

    private Pod pod() {
        var template = deployment().getSpec().getTemplate();
        return new PodBuilder()
                .withNewMetadata()
                .withName("tried")
                .withNamespace(Chart.NAMESPACE)
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
    }

    private Deployment deployment() {
        return admin.apps()
                .deployments()
                .inNamespace(Chart.NAMESPACE)
                .withName(Chart.RELEASE)
                .get();
    }

    @Test
    @Order(4)
    void a_second_release_is_refused() {
        assertThatThrownBy(() -> install("another", "another", ""))
                .hasMessageContaining("howdah.dev")
                .hasMessageContaining("cannot be imported into the current release");
        assertThatThrownBy(() -> install("another", "another", "crds: {enabled: false}"))
                .hasMessageContaining("howdah-")
                .hasMessageContaining("cannot be imported into the current release");
        assertThat(admin.apps().deployments().inNamespace("another").list().getItems())
                .isEmpty();
    }

    @Test
    @Order(5)
    void an_upgrade_brings_what_the_cluster_knows_by_then() throws Exception {
        assertThat(admin.genericKubernetesResources("apps/v1", "Deployment")
                        .inNamespace(Chart.NAMESPACE)
                        .list()
                        .getItems())
                .hasSize(1);
        admin.resource(Serialization.unmarshal("""
                        apiVersion: apiextensions.k8s.io/v1
                        kind: CustomResourceDefinition
                        metadata: {name: servicemonitors.monitoring.coreos.com}
                        spec:
                          group: monitoring.coreos.com
                          names: {kind: ServiceMonitor, plural: servicemonitors, singular: servicemonitor}
                          scope: Namespaced
                          versions:
                            - name: v1
                              served: true
                              storage: true
                              schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                        """, CustomResourceDefinition.class))
                .create();
        await().atMost(PATIENCE).untilAsserted(() -> {
            upgrade("replicas: 3");
            assertThat(admin.genericKubernetesResources("monitoring.coreos.com/v1", "ServiceMonitor")
                            .inNamespace(Chart.NAMESPACE)
                            .list()
                            .getItems())
                    .hasSize(1);
        });
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(3);
        run("docs/upgrade.md", "check");
        // The commands of the page are the upgrades that are made here.
        var command = "helm upgrade %s charts/howdah --namespace %s".formatted(Chart.RELEASE, Chart.NAMESPACE);
        var back = " --reuse-values --set image.tag=0.1.0";
        assertThat(page("docs/upgrade.md")).contains(command + "\n", command + back);
        new Helm(Chart.FOLDER)
                .upgrade()
                .withName(Chart.RELEASE)
                .withNamespace(Chart.NAMESPACE)
                .withKubeConfig(controlPlane.kubeconfig())
                .reuseValues()
                .set("image.tag", "0.1.0")
                .call();
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(3);
        assertThat(pod().getSpec().getContainers().getFirst().getImage()).endsWith(":0.1.0");
    }

    @Test
    @Order(6)
    void uninstalling_loses_nothing() throws Exception {
        var claims = admin.genericKubernetesResources("howdah.dev/v1alpha1", "DatabaseClaim")
                .inNamespace("default");
        admin.resource(new ValidatingWebhookConfigurationBuilder()
                        .withNewMetadata()
                        .withName("howdah")
                        .endMetadata()
                        .build())
                .create();
        uninstall(Chart.NAMESPACE);
        assertThat(page("docs/uninstall.md"))
                .contains("helm uninstall %s --namespace %s".formatted(Chart.RELEASE, Chart.NAMESPACE));
        shell(Pattern.compile("(?m)^kubectl delete .*$")
                .matcher(page("docs/uninstall.md"))
                .results()
                .findFirst()
                .orElseThrow()
                .group());
        assertThat(admin.admissionRegistration()
                        .v1()
                        .validatingWebhookConfigurations()
                        .withName("howdah")
                        .get())
                .isNull();
        assertThat(deployment()).isNull();
        assertThat(admin.rbac().clusterRoles().withName("howdah-operator").get())
                .isNull();
        assertThat(crds()).hasSize(5);
        assertThat(claims.withName("first").get()).isNotNull();

        assertThatThrownBy(() -> install(Chart.RELEASE, "databases", ""))
                .hasMessageContaining("cannot be imported into the current release");
        run("ownership");
        install(Chart.RELEASE, "databases", "");
        uninstall("databases");
        run("crds");
        assertThat(crds()).isEmpty();
    }

    private List<CustomResourceDefinition> crds() {
        return admin.apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                .filter(crd -> crd.getSpec().getGroup().equals("howdah.dev"))
                .toList();
    }

    private static boolean isEstablished(CustomResourceDefinition crd) {
        return crd.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
    }

    /** The block of docs/uninstall.md, as a person runs it. */
    private void run(String block) throws IOException, InterruptedException {
        run("docs/uninstall.md", block);
    }

    private void run(String page, String block) throws IOException, InterruptedException {
        shell(Markdown.of(page).named(block));
    }

    private static String page(String name) throws IOException {
        return Files.readString(Chart.REPOSITORY.resolve(name));
    }

    private void shell(String commands) throws IOException, InterruptedException {
        new Shell(controlPlane, Chart.REPOSITORY).run(commands);
    }

    @AfterAll
    void stop() {
        admin.close();
        controlPlane.close();
    }
}

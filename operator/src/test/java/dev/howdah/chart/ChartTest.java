// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import dev.howdah.api.rights.OperatorRights;
import dev.howdah.api.rights.OperatorRights.Right;
import dev.howdah.plan.Golden;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart without a cluster. */
class ChartTest {
    private static final Path GOLDEN = Path.of("src/test/resources/chart/default.yaml");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(HOWDAH_\\w+)` \\| (?:`([^`]*)`)?");

    @Test
    void it_passes_the_strict_linter() {
        var result = new Helm(Chart.FOLDER).lint().strict().call();
        assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    }

    /** Without the CRDs, which are files of their own. Written anew by {@code make chart GOLDEN=write}. */
    @Test
    void the_default_is_rendered_as_committed() {
        Golden.compare(GOLDEN, Chart.render("crds: {enabled: false}"));
    }

    @Test
    void the_versions_are_those_of_the_build() {
        var pom = read(Chart.REPOSITORY.resolve("pom.xml"));
        var version = Pattern.compile("<artifactId>howdah-parent</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(pom);
        assertThat(version.find()).isTrue();
        var chart = yaml(Chart.FOLDER.resolve("Chart.yaml"));
        assertThat(List.<Object>of(chart.get("version"), chart.get("appVersion")))
                .containsOnly(version.group(1));
    }

    @Test
    void the_crds_are_those_of_the_repository_and_stay() throws IOException {
        try (var files = Files.list(Chart.REPOSITORY.resolve("crds"))) {
            for (var file : files.toList()) {
                assertThat(Chart.FOLDER.resolve("files/crds").resolve(file.getFileName()))
                        .as("made by `make crds`")
                        .hasSameTextualContentAs(file);
            }
        }
        var crds = Chart.objects(Chart.render(""), CustomResourceDefinition.class);
        assertThat(crds).hasSize(5).allSatisfy(crd -> {
            assertThat(crd.getMetadata().getAnnotations()).containsEntry("helm.sh/resource-policy", "keep");
            assertThat(crd.getMetadata().getLabels()).containsEntry("app.kubernetes.io/managed-by", "Helm");
            var committed =
                    read(Chart.REPOSITORY.resolve("crds/" + crd.getMetadata().getName() + ".yaml"));
            assertThat(crd.getSpec())
                    .isEqualTo(Serialization.unmarshal(committed, CustomResourceDefinition.class)
                            .getSpec());
        });
        assertThat(Chart.objects(Chart.render("crds: {keep: false}"), CustomResourceDefinition.class))
                .hasSize(5)
                .allSatisfy(
                        crd -> assertThat(crd.getMetadata().getAnnotations()).isNullOrEmpty());
        assertThat(Chart.objects(Chart.render("crds: {enabled: false}"), CustomResourceDefinition.class))
                .isEmpty();
    }

    /** Kinds that come and go with a value. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                                                  |                                             | NetworkPolicy ServiceMonitor PrometheusRule Certificate ConfigMap
        networkPolicy: {enabled: true}                                      | NetworkPolicy                               |
        podDisruptionBudget: {enabled: false}                               |                                             | PodDisruptionBudget
        monitoring: {serviceMonitor: {skipIfMissing: false}}                | ServiceMonitor                              | PrometheusRule
        monitoring: {serviceMonitor: {skipIfMissing: false, enabled: false}}|                                             | ServiceMonitor
        monitoring: {prometheusRule: {skipIfMissing: false}}                | PrometheusRule                              |
        monitoring: {dashboards: {enabled: true}}                           | ConfigMap                                   |
        webhook: {certManager: {enabled: true, issuerRef: {name: ca}}}      | Certificate                                 |
        rbac: {create: false}                                               | ServiceAccount                              | ClusterRoleBinding Role RoleBinding
        rbac: {create: false, personas: false}                              |                                             | ClusterRole
        serviceAccount: {create: false, name: mine}                         | ClusterRoleBinding                          | ServiceAccount
        replicas: 1                                                         | Deployment PodDisruptionBudget              |
        """)
    void a_value_adds_and_removes_kinds(String values, String with, String without) {
        var kinds = Chart.objects(Chart.render(values)).stream()
                .map(GenericKubernetesResource::getKind)
                .collect(Collectors.toSet());
        assertThat(kinds).contains("Deployment", "Service").containsAll(words(with));
        assertThat(words(without)).noneMatch(kinds::contains);
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : List.of(text.split(" "));
    }

    /** What it says names the key. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        replica: 3                                              | replica
        replicas: 0                                             | replicas
        replicas: two                                           | replicas
        image: {repo: howdah}                                   | repo
        image: {tag: 1.0}                                       | tag
        image: {digest: "md5:0"}                                | digest
        image: {pullPolicy: Sometimes}                          | pullPolicy
        crds: {keep: "yes"}                                     | keep
        webhook: {failurePolicy: Deny}                          | failurePolicy
        webhook: {timeout: 31s}                                 | timeout
        webhook: {timeout: 5}                                   | timeout
        webhook: {certManager: {enabled: true}}                 | issuerRef/name
        operator: {sweepInterval: soon}                         | sweepInterval
        operator: {sweepIntervall: 5m}                          | sweepIntervall
        operator: {journalRetentionDays: 0}                     | journalRetentionDays
        leaderElection: {enabled: false}                        | enabled
        leaderElection: {leaseName: Howdah_1}                   | leaseName
        log: {level: verbose}                                   | level
        monitoring: {serviceMonitor: {intervall: 30s}}          | intervall
        networkPolicy: {egress: all}                            | egress
        podDisruptionBudget: {maxUnavailable: 0}                | maxUnavailable
        watchNamespaces: [shop]                                 | watchNamespaces
        serviceAccount: {create: false}                         | serviceAccount.name
        """)
    void a_wrong_value_is_refused_by_name(String values, String key) {
        assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(key);
    }

    /** Neither more nor less: what is granted is what the operator asks for, and IT says that it does ask. */
    @Test
    void the_roles_grant_what_the_operator_needs() {
        var rendered = Chart.render("");
        var everywhere = Chart.objects(rendered, ClusterRole.class).stream()
                .filter(role -> role.getMetadata().getName().equals("howdah-operator"))
                .findFirst()
                .orElseThrow();
        var needed = new ArrayList<>(OperatorRights.everywhere());
        needed.addAll(OperatorRights.registering("howdah"));
        assertThat(rights(everywhere.getRules())).isEqualTo(words(needed));
        // Where the cluster knows the kind, which is not known here.
        assertThat(rendered).doesNotContain("openreports.io");
        assertThat(Chart.render("openReports: {skipIfMissing: false}")).contains("apiGroups: [openreports.io]");
        assertThat(Chart.render("openReports: {skipIfMissing: false, enabled: false}"))
                .doesNotContain("openreports.io");
        assertThat(rights(Chart.objects(rendered, Role.class).getFirst().getRules()))
                .isEqualTo(words(OperatorRights.leading("howdah")));
    }

    private static TreeSet<String> words(List<Right> rights) {
        return rights.stream().map(Right::toString).collect(Collectors.toCollection(TreeSet::new));
    }

    private static TreeSet<String> rights(List<PolicyRule> rules) {
        var rights = new ArrayList<Right>();
        for (var rule : rules) {
            var names = rule.getResourceNames().isEmpty() ? Stream.of("") : rule.getResourceNames().stream();
            names.forEach(name -> rule.getApiGroups()
                    .forEach(group -> rule.getResources()
                            .forEach(resource -> rule.getVerbs()
                                    .forEach(verb -> rights.add(
                                            new Right(verb, group, resource, name.isEmpty() ? null : name, false))))));
        }
        return words(rights);
    }

    @Test
    void every_setting_of_the_operator_is_set_with_its_default() {
        var documented = new TreeMap<String, String>();
        DOCUMENTED
                .matcher(read(Chart.REPOSITORY.resolve("docs/configuration.md")))
                .results()
                .forEach(row -> documented.put(row.group(1), row.group(2) == null ? "" : row.group(2)));
        var environment = environment("");
        assertThat(environment.get("HOWDAH_NAMESPACE")).as("the pod's own").isEmpty();
        // A Service is how the API server reaches it in a cluster.
        documented.remove("HOWDAH_WEBHOOK_URL");
        documented.put("HOWDAH_WEBHOOK_ENABLED", "true");
        environment.keySet().removeIf(name -> name.startsWith("QUARKUS_"));
        assertThat(environment).isEqualTo(documented);
    }

    @Test
    void values_reach_the_operator() {
        assertThat(environment("""
                        operator: {sweepInterval: 1m, journalRetentionDays: 7}
                        leaderElection: {leaseName: mine}
                        webhook: {failurePolicy: Fail, timeout: 3s}
                        log: {level: DEBUG, json: false}
                        extraEnv: [{name: JAVA_TOOL_OPTIONS, value: -Xmx256m}]
                        """))
                .containsEntry("HOWDAH_SWEEP_INTERVAL", "1m")
                .containsEntry("HOWDAH_JOURNAL_RETENTION_DAYS", "7")
                .containsEntry("HOWDAH_LEADER_ELECTION_LEASE_NAME", "mine")
                .containsEntry("HOWDAH_WEBHOOK_FAILURE_POLICY", "Fail")
                .containsEntry("HOWDAH_WEBHOOK_TIMEOUT", "3s")
                .containsEntry("QUARKUS_LOG_LEVEL", "DEBUG")
                .containsEntry("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "false")
                .containsEntry("JAVA_TOOL_OPTIONS", "-Xmx256m");
        assertThat(rights(Chart.objects(Chart.render("leaderElection: {leaseName: mine}"), Role.class)
                        .getFirst()
                        .getRules()))
                .contains("update leases.coordination.k8s.io \"mine\"");
        assertThat(environment("webhook: {enabled: false}"))
                .containsEntry("HOWDAH_WEBHOOK_ENABLED", "false")
                .doesNotContainKey("HOWDAH_WEBHOOK_SERVICE");
        assertThat(environment("webhook: {certManager: {enabled: true, issuerRef: {name: ca}}}"))
                .containsEntry("HOWDAH_WEBHOOK_CERTIFICATE", "cert-manager");
    }

    private static TreeMap<String, String> environment(String values) {
        var variables = new TreeMap<String, String>();
        container(values)
                .getEnv()
                .forEach(variable ->
                        variables.put(variable.getName(), variable.getValue() == null ? "" : variable.getValue()));
        return variables;
    }

    private static io.fabric8.kubernetes.api.model.Container container(String values) {
        return Chart.objects(Chart.render(values), Deployment.class)
                .getFirst()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
    }

    /** The names that the operator and cert-manager must agree on with the chart. */
    @Test
    void a_release_of_another_name_is_consistent() {
        var rendered = Chart.render(
                Chart.FOLDER, "db", "platform", "webhook: {certManager: {enabled: true, issuerRef: {name: ca}}}");
        var services = Chart.objects(rendered, Service.class).stream()
                .map(service -> service.getMetadata().getName())
                .toList();
        assertThat(services).containsExactlyInAnyOrder("db-howdah-webhook", "db-howdah-metrics");
        var certificate = Chart.objects(rendered).stream()
                .filter(object -> object.getKind().equals("Certificate"))
                .findFirst()
                .orElseThrow();
        assertThat(certificate.getMetadata().getName()).isEqualTo("db-howdah-webhook-tls");
        assertThat(certificate.<List<String>>get("spec", "dnsNames"))
                .containsExactly("db-howdah-webhook.platform.svc", "db-howdah-webhook.platform.svc.cluster.local");
        assertThat(rendered)
                .contains("name: HOWDAH_WEBHOOK_SERVICE\n              value: db-howdah-webhook")
                .contains("name: HOWDAH_WEBHOOK_SECRET\n              value: db-howdah-webhook-tls");
        // What belongs to the cluster has the same name in every release, so that Helm refuses a second one.
        assertThat(Chart.objects(rendered, ClusterRole.class))
                .extracting(role -> role.getMetadata().getName())
                .containsExactlyInAnyOrder("howdah-operator", "howdah-view", "howdah-edit", "howdah-dba");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                                   | howdah:VERSION
        image: {registry: registry.example.com/platform/}    | registry.example.com/platform/howdah:VERSION
        image: {tag: "1.2"}                                  | howdah:1.2
        image: {digest: "sha256:DIGEST", tag: "1.2"}         | howdah@sha256:DIGEST
        """)
    void an_image_is_where_it_is_said_to_be(String values, String image) {
        var digest = "0".repeat(64);
        var version = yaml(Chart.FOLDER.resolve("Chart.yaml")).get("appVersion").toString();
        assertThat(container(values.replace("DIGEST", digest)).getImage())
                .isEqualTo(image.replace("DIGEST", digest).replace("VERSION", version));
    }

    /** Nothing is pulled that the list does not name. */
    @Test
    void an_air_gapped_registry_needs_what_is_listed() {
        var everything = Chart.render("""
                networkPolicy: {enabled: true}
                monitoring: {serviceMonitor: {skipIfMissing: false}, prometheusRule: {skipIfMissing: false}, dashboards: {enabled: true}}
                webhook: {certManager: {enabled: true, issuerRef: {name: ca}}}
                """);
        var pulled = Pattern.compile("(?m)^\\s*(?:- )?image: (\\S+)$")
                .matcher(everything)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        var listed = Pattern.compile("image: (\\S+)")
                .matcher(((Map<?, ?>) yaml(Chart.FOLDER.resolve("Chart.yaml")).get("annotations"))
                        .get("artifacthub.io/images")
                        .toString())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(pulled).hasSize(1).isEqualTo(listed);
    }

    @Test
    void a_network_policy_lets_in_whom_it_names() {
        var open = Chart.objects(Chart.render("networkPolicy: {enabled: true}"), NetworkPolicy.class)
                .getFirst()
                .getSpec();
        assertThat(open.getPolicyTypes()).containsExactly("Ingress");
        assertThat(open.getIngress())
                .hasSize(2)
                .allSatisfy(rule -> assertThat(rule.getFrom()).isEmpty());
        var closed =
                Chart.objects(Chart.render("""
                        networkPolicy:
                          enabled: true
                          webhookFrom: [{ipBlock: {cidr: 10.0.0.1/32}}]
                          metricsFrom: [{namespaceSelector: {matchLabels: {name: monitoring}}}]
                          egress: [{ports: [{port: 5432}]}]
                        """), NetworkPolicy.class).getFirst().getSpec();
        assertThat(closed.getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(closed.getIngress()
                        .getFirst()
                        .getFrom()
                        .getFirst()
                        .getIpBlock()
                        .getCidr())
                .isEqualTo("10.0.0.1/32");
        assertThat(closed.getIngress().getLast().getFrom()).hasSize(1);
        assertThat(closed.getEgress()).hasSize(1);
        assertThat(Chart.objects(
                                Chart.render("{networkPolicy: {enabled: true}, webhook: {enabled: false}}"),
                                NetworkPolicy.class)
                        .getFirst()
                        .getSpec()
                        .getIngress())
                .hasSize(1);
    }

    /** Whatever lies in the folders is rendered, as it is. */
    @Test
    void alerts_and_dashboards_come_from_files(@TempDir Path folder) throws IOException {
        try (var files = Files.walk(Chart.FOLDER)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var copy = folder.resolve(Chart.FOLDER.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        Files.createDirectories(folder.resolve("files/alerts"));
        Files.createDirectories(folder.resolve("files/dashboards"));
        Files.writeString(folder.resolve("files/alerts/sample.yaml"), """
                groups:
                  - name: sample
                    rules:
                      - {alert: Sample, expr: "up == 0", annotations: {summary: "{{ $labels.server }} is down"}}
                """);
        Files.writeString(folder.resolve("files/dashboards/sample.json"), "{\"title\": \"{{ sample }}\"}\n");
        var objects = Chart.objects(Chart.render(folder, Chart.RELEASE, Chart.NAMESPACE, """
                monitoring:
                  prometheusRule: {skipIfMissing: false, labels: {release: prometheus}}
                  dashboards: {enabled: true, annotations: {folder: Databases}}
                """));
        var rule = named(objects, "PrometheusRule", "howdah-sample");
        assertThat(rule.getMetadata().getLabels()).containsEntry("release", "prometheus");
        assertThat(rule.<String>get("spec", "groups", 0, "rules", 0, "annotations", "summary"))
                .isEqualTo("{{ $labels.server }} is down");
        var dashboard = named(objects, "ConfigMap", "howdah-dashboard-sample");
        assertThat(dashboard.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
        assertThat(dashboard.getMetadata().getAnnotations()).containsEntry("folder", "Databases");
        assertThat(dashboard.<Map<String, String>>get("data"))
                .containsEntry("sample.json", "{\"title\": \"{{ sample }}\"}\n");
    }

    private static GenericKubernetesResource named(List<GenericKubernetesResource> objects, String kind, String name) {
        return objects.stream()
                .filter(object -> object.getKind().equals(kind)
                        && object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The table in docs/install.md: every key, and its default. */
    @Test
    void every_value_is_documented() {
        var values = new TreeMap<String, String>();
        flatten("", yaml(Chart.FOLDER.resolve("values.yaml")), values);
        var listed = new TreeMap<String, String>();
        Pattern.compile("(?m)^\\| `([a-zA-Z.]+)` \\| (?:`([^`]*)`)? ?\\|")
                .matcher(read(Chart.REPOSITORY.resolve("docs/install.md")))
                .results()
                .forEach(row -> listed.put(row.group(1), row.group(2) == null ? "" : row.group(2)));
        assertThat(listed).isEqualTo(values);
    }

    private static void flatten(String prefix, Map<?, ?> values, Map<String, String> into) {
        values.forEach((key, value) -> {
            var path = prefix.isEmpty() ? key.toString() : prefix + "." + key;
            if (value instanceof Map<?, ?> more && !more.isEmpty() && !path.matches("resources|.*\\.labels")) {
                flatten(path, more, into);
            } else {
                into.put(
                        path,
                        value instanceof Map || value instanceof List ? Serialization.asJson(value) : value.toString());
            }
        });
    }

    private static Map<?, ?> yaml(Path file) {
        return Serialization.unmarshal(read(file), Map.class);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

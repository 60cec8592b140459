// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.howdah.SourceTree;
import dev.howdah.chart.Chart;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The app of apps and the Kustomizations. No API server here knows their kinds, so each field is one of those named here, what
 * they point at is there, and what waits for another waits for one that is there.
 */
class GitOpsExamplesTest {
    private static final Path FOLDER = SourceTree.REPOSITORY.resolve("examples/gitops");

    /** As the documentation of Argo CD 3 and Flux 2 has them; below a {@code *} anything goes. */
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "argoproj.io/v1alpha1 Application",
            Set.of(
                    "spec.project",
                    "spec.source.repoURL",
                    "spec.source.targetRevision",
                    "spec.source.path",
                    "spec.source.directory.recurse",
                    "spec.source.helm.releaseName",
                    "spec.source.helm.valuesObject*",
                    "spec.destination.server",
                    "spec.destination.namespace",
                    "spec.syncPolicy.automated.prune",
                    "spec.syncPolicy.automated.selfHeal",
                    "spec.syncPolicy.syncOptions"),
            "argoproj.io/v1alpha1 AppProject",
            Set.of(
                    "spec.sourceRepos",
                    "spec.destinations.server",
                    "spec.destinations.namespace",
                    "spec.clusterResourceWhitelist.group",
                    "spec.clusterResourceWhitelist.kind",
                    "spec.namespaceResourceWhitelist.group",
                    "spec.namespaceResourceWhitelist.kind",
                    "spec.namespaceResourceBlacklist.group",
                    "spec.namespaceResourceBlacklist.kind"),
            "source.toolkit.fluxcd.io/v1 GitRepository",
            Set.of("spec.interval", "spec.url", "spec.ref.branch"),
            "helm.toolkit.fluxcd.io/v2 HelmRelease",
            Set.of(
                    "spec.interval",
                    "spec.releaseName",
                    "spec.targetNamespace",
                    "spec.storageNamespace",
                    "spec.install.createNamespace",
                    "spec.chart.spec.chart",
                    "spec.chart.spec.reconcileStrategy",
                    "spec.chart.spec.sourceRef.kind",
                    "spec.chart.spec.sourceRef.name",
                    "spec.values*"),
            "kustomize.toolkit.fluxcd.io/v1 Kustomization",
            Set.of(
                    "spec.interval",
                    "spec.timeout",
                    "spec.prune",
                    "spec.wait",
                    "spec.path",
                    "spec.dependsOn.name",
                    "spec.sourceRef.kind",
                    "spec.sourceRef.name",
                    "spec.healthChecks.apiVersion",
                    "spec.healthChecks.kind",
                    "spec.healthChecks.namespace",
                    "spec.healthChecks.name"));

    private static final Set<String> METADATA = Set.of("name", "namespace", "annotations");

    @Test
    void every_field_is_known() {
        var kinds = new TreeSet<String>();
        for (var object : Stream.concat(objects("argocd").stream(), objects("flux").stream())
                .toList()) {
            var kind = object.path("apiVersion").asText() + " "
                    + object.path("kind").asText();
            kinds.add(kind);
            assertThat(FIELDS).containsKey(kind);
            var fields = new TreeSet<String>();
            collect("spec", object.path("spec"), fields);
            assertThat(fields)
                    .isNotEmpty()
                    .allSatisfy(field -> assertThat(FIELDS.get(kind))
                            .as(kind)
                            .anyMatch(known -> known.endsWith("*")
                                    ? field.startsWith(known.substring(0, known.length() - 1))
                                    : known.equals(field)));
            object.path("metadata")
                    .fieldNames()
                    .forEachRemaining(name -> assertThat(METADATA).contains(name));
        }
        assertThat(kinds).containsExactlyInAnyOrderElementsOf(FIELDS.keySet());
    }

    private static void collect(String path, JsonNode node, Set<String> fields) {
        if (node.isObject()) {
            node.properties().forEach(field -> collect(path + "." + field.getKey(), field.getValue(), fields));
        } else if (node.isArray() && !node.isEmpty() && node.get(0).isObject()) {
            node.forEach(entry -> collect(path, entry, fields));
        } else {
            fields.add(path);
        }
    }

    @Test
    void the_apps_point_at_what_is_there_in_waves() {
        var apps = objects("argocd").stream()
                .filter(object -> isKind(object, "Application"))
                .toList();
        var projects = objects("argocd").stream()
                .filter(object -> isKind(object, "AppProject"))
                .collect(Collectors.toMap(GitOpsExamplesTest::name, project -> project));
        var waves = new ArrayList<Integer>();
        for (var app : apps) {
            var spec = app.path("spec");
            var path = SourceTree.REPOSITORY.resolve(
                    spec.path("source").path("path").asText());
            assertThat(path).as(name(app)).isDirectory();
            if (!name(app).equals("howdah-root")) {
                waves.add(wave(app));
            }
            var project = spec.path("project").asText();
            if (!project.equals("default")) {
                assertThat(projects).containsKey(project);
                assertThat(wave(projects.get(project))).isLessThan(wave(app));
                assertThat(objects(path))
                        .as("%s lets through what its folder has", project)
                        .isNotEmpty()
                        .allMatch(object -> isPermitted(projects.get(project), object));
            }
        }
        assertThat(waves).isEqualTo(List.of(0, 1, 2));
        var chart = apps.stream()
                .filter(app -> name(app).equals("howdah"))
                .findFirst()
                .orElseThrow();
        renders(chart.path("spec").path("source").path("helm").path("valuesObject"));
    }

    @Test
    void a_project_lets_nothing_through_that_is_the_other_one_s() {
        var projects = objects("argocd").stream()
                .filter(object -> isKind(object, "AppProject"))
                .collect(Collectors.toMap(GitOpsExamplesTest::name, project -> project));
        assertThat(projects).containsOnlyKeys("databases-dba", "databases-teams");
        assertThat(objects(FOLDER.resolve("teams")))
                .isNotEmpty()
                .noneMatch(object -> isPermitted(projects.get("databases-dba"), object));
        assertThat(objects(FOLDER.resolve("platform")))
                .isNotEmpty()
                .noneMatch(object -> isPermitted(projects.get("databases-teams"), object));
        for (var kind : List.of("Secret", "ConfigMap", "Deployment")) {
            var other = Serialization.unmarshal(
                    "apiVersion: v1\nkind: %s\nmetadata: {name: other, namespace: checkout}".formatted(kind),
                    JsonNode.class);
            assertThat(projects.values()).noneMatch(project -> isPermitted(project, other));
        }
    }

    /** As Argo CD decides: what has a namespace is permitted where there is no whitelist, what has none is not. */
    private static boolean isPermitted(JsonNode project, JsonNode object) {
        var namespaced = object.path("metadata").has("namespace");
        var scope = namespaced ? "namespace" : "cluster";
        var white = project.path("spec").path(scope + "ResourceWhitelist");
        var black = project.path("spec").path(scope + "ResourceBlacklist");
        return (namespaced && white.isMissingNode() || lists(white, object)) && !lists(black, object);
    }

    private static boolean lists(JsonNode list, JsonNode object) {
        var version = object.path("apiVersion").asText();
        var group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        for (var entry : list) {
            if (isOrAny(entry.path("group"), group)
                    && isOrAny(entry.path("kind"), object.path("kind").asText())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOrAny(JsonNode pattern, String word) {
        return pattern.asText().equals("*") || pattern.asText().equals(word);
    }

    private static int wave(JsonNode object) {
        return Integer.parseInt(object.path("metadata")
                .path("annotations")
                .path("argocd.argoproj.io/sync-wave")
                .asText("0"));
    }

    @Test
    void the_kustomizations_point_at_what_is_there_and_wait_for_each_other() {
        var all = objects("flux");
        var sources =
                all.stream().filter(object -> isKind(object, "GitRepository")).map(GitOpsExamplesTest::name);
        assertThat(sources).containsExactly("databases");
        var names = new ArrayList<String>();
        var order = List.of("howdah", "databases-platform", "databases-teams");
        for (var kustomization :
                all.stream().filter(object -> isKind(object, "Kustomization")).toList()) {
            names.add(name(kustomization));
            var spec = kustomization.path("spec");
            assertThat(spec.path("sourceRef").path("name").asText()).isEqualTo("databases");
            var inside = objects(
                    SourceTree.REPOSITORY.resolve(spec.path("path").asText()).normalize());
            assertThat(inside).as(name(kustomization)).isNotEmpty();
            spec.path("dependsOn")
                    .forEach(
                            other -> assertThat(order.indexOf(other.path("name").asText()))
                                    .isBetween(0, order.indexOf(name(kustomization)) - 1));
            assertThat(spec.path("wait").asBoolean()
                            || !spec.path("healthChecks").isEmpty())
                    .as("%s waits for what it applies", name(kustomization))
                    .isTrue();
            spec.path("healthChecks")
                    .forEach(checked -> assertThat(inside)
                            .anyMatch(object -> checked.path("apiVersion").equals(object.path("apiVersion"))
                                    && checked.path("kind").equals(object.path("kind"))
                                    && checked.path("name").asText().equals(name(object))
                                    && checked.path("namespace")
                                            .equals(object.path("metadata").path("namespace"))));
        }
        assertThat(names).containsExactlyInAnyOrderElementsOf(order);
        var release = all.stream()
                .filter(object -> isKind(object, "HelmRelease"))
                .findFirst()
                .orElseThrow();
        var chart = release.path("spec").path("chart").path("spec");
        assertThat(SourceTree.REPOSITORY.resolve(chart.path("chart").asText()).resolve("Chart.yaml"))
                .isRegularFile();
        assertThat(chart.path("sourceRef").path("name").asText()).isEqualTo("databases");
        renders(release.path("spec").path("values"));
    }

    /** The chart's schema refuses values that it does not know. */
    private static void renders(JsonNode values) {
        assertThat(Chart.render(Serialization.asYaml(values))).contains("image: registry.example.com/platform/howdah:");
    }

    private static boolean isKind(JsonNode object, String kind) {
        return object.path("kind").asText().equals(kind);
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static List<JsonNode> objects(String folder) {
        return objects(FOLDER.resolve(folder));
    }

    private static List<JsonNode> objects(Path folder) {
        return SourceTree.files(folder, ".yaml").stream()
                .flatMap(file -> Stream.of(SourceTree.read(file).split("(?m)^---$")))
                .map(text -> Serialization.unmarshal(text, JsonNode.class))
                .toList();
    }
}

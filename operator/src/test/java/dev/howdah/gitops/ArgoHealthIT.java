// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The scripts in Argo CD's engine, by their own cases; the objects of these are what the operator wrote once. */
class ArgoHealthIT {
    /** Argo CD's own, so that an app of apps waits for its waves. */
    private static final String APPLICATION = "../argoproj.io/Application";

    private record Expected(String status, String message) {}

    private record Case(Expected healthStatus, String inputPath) {}

    private record Cases(List<Case> tests) {}

    @TestFactory
    Stream<DynamicTest> every_case_comes_to_its_health() {
        var check = HealthCheck.orSkip();
        return Stream.concat(HealthCheck.KINDS.stream(), Stream.of(APPLICATION))
                .flatMap(kind -> cases(kind).stream()
                        .map(one -> DynamicTest.dynamicTest(kind + " " + one.inputPath(), () -> {
                            var file = HealthCheck.folder(kind).resolve(one.inputPath());
                            var answer = check.ask(List.of(file)).getFirst();
                            assertThat(new Expected(answer.health(), answer.healthMessage()))
                                    .isEqualTo(one.healthStatus());
                        })));
    }

    @Test
    void every_object_is_in_a_case_and_every_kind_has_each_health() throws IOException {
        for (var kind : HealthCheck.KINDS) {
            try (var files = Files.list(HealthCheck.folder(kind).resolve("testdata"))) {
                assertThat(cases(kind))
                        .as(kind)
                        .extracting(Case::inputPath)
                        .containsExactlyInAnyOrderElementsOf(files.map(file -> "testdata/" + file.getFileName())
                                .toList());
            }
            var expected = new ArrayList<>(List.of("Healthy", "Progressing", "Degraded"));
            if (kind.equals("DatabaseClaim") || kind.equals("PostgresServer")) {
                expected.add("Suspended");
            }
            assertThat(cases(kind).stream().map(one -> one.healthStatus().status()))
                    .as(kind)
                    .containsAll(expected)
                    .isSubsetOf(expected);
        }
    }

    private static List<Case> cases(String kind) {
        return Serialization.unmarshal(read(HealthCheck.folder(kind).resolve("health_test.yaml")), Cases.class)
                .tests();
    }

    /** What a platform team merges into its argocd-cm is the scripts, word for word, and they are all one. */
    @Test
    void the_config_map_has_the_scripts() {
        var scripts = new TreeMap<String, String>();
        for (var kind : HealthCheck.KINDS) {
            scripts.put(
                    "resource.customizations.health.howdah.dev_" + kind,
                    read(HealthCheck.folder(kind).resolve("health.lua")));
        }
        assertThat(scripts.values()).containsOnly(scripts.firstEntry().getValue());
        scripts.put(
                "resource.customizations.health.argoproj.io_Application",
                read(HealthCheck.folder(APPLICATION).resolve("health.lua")));
        var map = HealthCheck.SCRIPTS.resolve("argocd-cm.yaml");
        if (Boolean.getBoolean("howdah.golden.write")) {
            write(map, scripts);
        }
        var data = Serialization.unmarshal(read(map), ConfigMap.class);
        assertThat(data.getMetadata().getName()).isEqualTo("argocd-cm");
        assertThat(data.getData()).as("made by -Dhowdah.golden.write=true").containsExactlyInAnyOrderEntriesOf(scripts);
    }

    private static void write(Path map, Map<String, String> scripts) {
        var yaml = new StringBuilder("""
                # Copyright The Howdah Authors
                # SPDX-License-Identifier: Apache-2.0

                # Health of the kinds of howdah.dev, to be merged into Argo CD's argocd-cm. Made of the scripts beside this file.
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: argocd-cm
                  namespace: argocd
                data:
                """);
        scripts.forEach((key, script) -> yaml.append("  ")
                .append(key)
                .append(": |\n")
                .append(script.indent(4).replaceAll("(?m)^ +$", "")));
        try {
            Files.writeString(map, yaml);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

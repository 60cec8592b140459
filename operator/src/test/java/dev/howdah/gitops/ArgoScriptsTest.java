// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.SourceTree;
import dev.howdah.gitops.HealthCases.Case;
import dev.howdah.plan.Golden;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The scripts as files, with their cases. */
class ArgoScriptsTest {
    @Test
    void every_object_is_in_a_case_and_every_kind_has_each_health() {
        for (var kind : HealthCheck.KINDS) {
            var cases = HealthCases.of(kind);
            assertThat(cases.stream().map(one -> HealthCases.object(kind, one)))
                    .as(kind)
                    .containsExactlyInAnyOrderElementsOf(
                            SourceTree.files(HealthCheck.folder(kind).resolve("testdata"), ""));
            var expected = new ArrayList<>(List.of("Healthy", "Progressing", "Degraded"));
            if (kind.equals("DatabaseClaim") || kind.equals("PostgresServer")) {
                expected.add("Suspended");
            }
            assertThat(cases)
                    .as(kind)
                    .extracting(Case::healthStatus)
                    .extracting(HealthCases.Expected::status)
                    .containsAll(expected)
                    .isSubsetOf(expected);
        }
    }

    /** What a platform team merges into its argocd-cm is the scripts, word for word, and they are all one. */
    @Test
    void the_config_map_has_the_scripts() {
        var scripts = new TreeMap<String, String>();
        for (var kind : HealthCheck.KINDS) {
            scripts.put("resource.customizations.health.howdah.dev_" + kind, script(kind));
        }
        assertThat(scripts.values()).containsOnly(scripts.firstEntry().getValue());
        scripts.put("resource.customizations.health.argoproj.io_Application", script(HealthCases.APPLICATION));
        var map = HealthCheck.SCRIPTS.resolve("argocd-cm.yaml");
        Golden.compare(map, yaml(scripts));
        var data = Serialization.unmarshal(SourceTree.read(map), ConfigMap.class);
        assertThat(data.getMetadata().getName()).isEqualTo("argocd-cm");
        assertThat(data.getData()).containsExactlyInAnyOrderEntriesOf(scripts);
    }

    private static String script(String kind) {
        return SourceTree.read(HealthCheck.folder(kind).resolve("health.lua"));
    }

    private static String yaml(Map<String, String> scripts) {
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
        return yaml.toString();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * A real API server takes every example and every YAML block of the documentation as it stands, unknown fields refused. A
 * block that is only a part of an object has {@value YamlBlocks#FRAGMENT} before it. What becomes of the claims is shown
 * by the demo, which DemoIT runs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExamplesIT {
    private final InstalledCluster cluster = InstalledCluster.start();

    @TestFactory
    Stream<DynamicTest> every_yaml_is_accepted() {
        var blocks = YamlBlocks.all();
        var namespaces = new TreeSet<String>();
        for (var block : blocks) {
            var object = object(block);
            if (object.getMetadata() != null && object.getMetadata().getNamespace() != null) {
                namespaces.add(object.getMetadata().getNamespace());
            }
        }
        namespaces.remove(InstalledCluster.OPERATOR_NAMESPACE);
        namespaces.remove("default");
        namespaces.forEach(cluster::createNamespace);
        return blocks.stream().map(block -> DynamicTest.dynamicTest(block.place(), () -> apply(block)));
    }

    private void apply(YamlBlocks.Block block) {
        var object = object(block);
        assertThat(object.getKind()).as("%s: kind", block.place()).isNotBlank();
        try {
            cluster.client()
                    .resource(object)
                    .fieldValidation(Validation.STRICT)
                    .forceConflicts()
                    .serverSideApply();
        } catch (RuntimeException e) {
            throw new AssertionError(block.place() + " is refused: " + e.getMessage(), e);
        }
    }

    private static GenericKubernetesResource object(YamlBlocks.Block block) {
        try {
            return Serialization.unmarshal(block.yaml(), GenericKubernetesResource.class);
        } catch (RuntimeException e) {
            throw new AssertionError(block.place() + " is no YAML: " + e.getMessage(), e);
        }
    }

    @Test
    void an_unknown_field_would_be_noticed() {
        var wrong = new YamlBlocks.Block("control", """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: wrong, namespace: default}
                spec: {clasName: standard}
                """);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> apply(wrong))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("control is refused")
                .hasMessageContaining("clasName");
        assertThat(cluster.client()
                        .resources(DatabaseClaim.class)
                        .inNamespace("default")
                        .withName("wrong")
                        .get())
                .isNull();
    }

    @Test
    void examples_are_found() {
        assertThat(YamlBlocks.all())
                .extracting(YamlBlocks.Block::place)
                .contains("examples/claims/01-empty.yaml", "README.md, block 1");
    }

    @AfterAll
    void end() {
        cluster.close();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code kubectl explain} has a word on everything, and nothing is without bound. */
class EveryFieldIsDescribedTest {
    /** Kubernetes describes these itself. */
    private static final Set<String> KUBERNETES_OWN = Set.of("apiVersion", "kind", "metadata");

    @Test
    void thereIsAFileForEachKind() throws IOException {
        assertThat(CommittedCrds.all())
                .extracting(crd -> crd.getSpec().getNames().getKind())
                .containsExactly(
                        "DatabaseClaim", "DatabaseClass", "DatabasePolicy", "DatabaseWaiver", "PostgresServer");
    }

    @Test
    void everyFieldIsDescribed() throws IOException {
        // An entry of a list or map is described by the list or map.
        assertThat(where((path, schema) -> !path.endsWith("[]") && isBlank(schema.getDescription())))
                .isEmpty();
    }

    @Test
    void everyListHasABoundAndSaysHowItMerges() throws IOException {
        assertThat(where((_, schema) -> "array".equals(schema.getType())
                        && (schema.getMaxItems() == null || schema.getXKubernetesListType() == null)))
                .isEmpty();
    }

    @Test
    void everyMapHasABound() throws IOException {
        assertThat(where((_, schema) -> schema.getAdditionalProperties() != null && schema.getMaxProperties() == null))
                .isEmpty();
    }

    @Test
    void everyStringHasABound() throws IOException {
        assertThat(where((_, schema) -> "string".equals(schema.getType())
                        && schema.getMaxLength() == null
                        && (schema.getEnum() == null || schema.getEnum().isEmpty())
                        && !"date-time".equals(schema.getFormat())))
                .isEmpty();
    }

    @Test
    void everyIntegerHasAFormat() throws IOException {
        assertThat(where((_, schema) -> "integer".equals(schema.getType()) && schema.getFormat() == null))
                .isEmpty();
    }

    @Test
    void noSchemaIsOpen() throws IOException {
        // Values of parameters are texts or whole numbers; such a schema has no type.
        assertThat(where((_, schema) -> Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields())
                        || (schema.getType() == null) != Boolean.TRUE.equals(schema.getXKubernetesIntOrString())))
                .isEmpty();
    }

    @Test
    void everyTextOrNumberHasABound() throws IOException {
        assertThat(where((_, schema) ->
                        Boolean.TRUE.equals(schema.getXKubernetesIntOrString()) && schema.getMaxLength() == null))
                .isEmpty();
    }

    @Test
    void everyRuleHasAMessageAndIsThereOnce() throws IOException {
        assertThat(where((_, schema) -> {
                    var rules = schema.getXKubernetesValidations();
                    return rules.stream().anyMatch(rule -> isBlank(rule.getMessage()))
                            || rules.stream()
                                            .map(rule -> rule.getRule())
                                            .distinct()
                                            .count()
                                    < rules.size();
                }))
                .isEmpty();
    }

    /** Claims take their defaults from the class and the policies, so the schema must not come first. */
    @Test
    void aClaimHasNoDefaultsOfItsOwn() throws IOException {
        assertThat(where((path, schema) -> path.startsWith("DatabaseClaim.spec") && schema.getDefault() != null))
                .isEmpty();
    }

    private interface Condition {
        boolean holds(String path, JSONSchemaProps schema);
    }

    private static List<String> where(Condition condition) throws IOException {
        var found = new ArrayList<String>();
        for (var crd : CommittedCrds.all()) {
            var kind = crd.getSpec().getNames().getKind();
            for (var version : crd.getSpec().getVersions()) {
                walk(kind, version.getSchema().getOpenAPIV3Schema(), (path, schema) -> {
                    if (condition.holds(path, schema)) {
                        found.add(path);
                    }
                });
            }
        }
        return found;
    }

    private static void walk(String path, JSONSchemaProps schema, BiConsumer<String, JSONSchemaProps> visitor) {
        visitor.accept(path, schema);
        Predicate<String> ours = name -> path.contains(".") || !KUBERNETES_OWN.contains(name);
        if (schema.getProperties() != null) {
            new TreeMap<>(schema.getProperties()).forEach((name, property) -> {
                if (ours.test(name)) {
                    walk(path + "." + name, property, visitor);
                }
            });
        }
        if (schema.getItems() != null) {
            walk(path + "[]", schema.getItems().getSchema(), visitor);
        }
        if (schema.getAdditionalProperties() != null) {
            walk(path + "[]", schema.getAdditionalProperties().getSchema(), visitor);
        }
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api;

import dev.howdah.plan.Golden;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code docs/api.md} is what {@code crds/} says, for reading in one go. */
class ApiReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "api.md");
    private static final Set<String> KUBERNETES_OWN = Set.of("apiVersion", "kind", "metadata");
    /** Those of Kubernetes, the same in every kind. */
    private static final String CONDITIONS = "status.conditions";
    /** More values than these have a page of their own. */
    private static final int FEW = 12;

    @Test
    void theReferenceIsThatOfTheCrds() throws IOException {
        var page = new StringBuilder("""
                # API reference

                Made from [crds/](../crds) by `ApiReferenceTest`; the same is in the cluster as `kubectl explain databaseclaim.spec --recursive`.
                What the kinds mean together is in [concepts.md](concepts.md).

                """);
        for (var crd : CommittedCrds.all()) {
            page.append(kind(crd));
        }
        Golden.compare(PAGE, page.toString().stripTrailing() + "\n");
    }

    private static String kind(CustomResourceDefinition crd) {
        var names = crd.getSpec().getNames();
        var text = new StringBuilder();
        for (var version : crd.getSpec().getVersions()) {
            var schema = version.getSchema().getOpenAPIV3Schema();
            var rules = new ArrayList<String>();
            text.append("""
                    ## %s

                    `%s/%s`, %s, short `%s`. %s

                    | field | type | |
                    |---|---|---|
                    """.formatted(
                            names.getKind(),
                            crd.getSpec().getGroup(),
                            version.getName(),
                            crd.getSpec().getScope().equals("Cluster") ? "cluster-scoped" : "in a namespace",
                            String.join("`, `", names.getShortNames()),
                            schema.getDescription()));
            new TreeMap<>(schema.getProperties()).forEach((name, property) -> {
                if (!KUBERNETES_OWN.contains(name)) {
                    rows(text, name, property, schema.getRequired().contains(name), rules);
                }
            });
            schema.getXKubernetesValidations().forEach(rule -> rules.add(rule.getMessage()));
            if (!rules.isEmpty()) {
                text.append("\nRules beyond types:\n\n");
                rules.stream()
                        .distinct()
                        .forEach(rule -> text.append("- ").append(rule).append('\n'));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static void rows(
            StringBuilder text, String path, JSONSchemaProps schema, boolean required, List<String> rules) {
        text.append("| `%s` | %s | %s |%n".formatted(path, type(schema), words(schema, required)));
        if (path.equals(CONDITIONS)) {
            return;
        }
        var below = schema;
        var prefix = path;
        if (schema.getItems() != null) {
            below = schema.getItems().getSchema();
            prefix = path + "[]";
        } else if (schema.getAdditionalProperties() != null) {
            below = schema.getAdditionalProperties().getSchema();
            prefix = path + "{}";
        }
        collect(schema, path, rules);
        if (below != schema) {
            collect(below, prefix, rules);
        }
        if (below.getProperties() != null) {
            var fields = below;
            var at = prefix;
            new TreeMap<>(below.getProperties())
                    .forEach((name, property) -> rows(
                            text,
                            at + "." + name,
                            property,
                            fields.getRequired().contains(name),
                            rules));
        }
    }

    private static void collect(JSONSchemaProps schema, String path, List<String> rules) {
        schema.getXKubernetesValidations().forEach(rule -> rules.add("`%s`: %s".formatted(path, rule.getMessage())));
    }

    private static String type(JSONSchemaProps schema) {
        if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
            return "integer or string";
        }
        if (schema.getItems() != null) {
            return "list of " + type(schema.getItems().getSchema());
        }
        if (schema.getAdditionalProperties() != null) {
            return "map to " + type(schema.getAdditionalProperties().getSchema());
        }
        return "date-time".equals(schema.getFormat()) ? "time" : schema.getType();
    }

    private static String words(JSONSchemaProps schema, boolean required) {
        var words = new ArrayList<String>();
        words.add(schema.getDescription() == null ? "" : schema.getDescription());
        if (required) {
            words.add("Required.");
        }
        var values = enumOf(schema) != null ? enumOf(schema) : inList(schema);
        if (values != null) {
            words.add("One of " + values + ".");
        }
        if (schema.getDefault() != null && schema.getDefault().isValueNode()) {
            words.add("Default `" + schema.getDefault().asText() + "`.");
        }
        if (schema.getMinimum() != null || schema.getMaximum() != null) {
            words.add(
                    schema.getMinimum() == null
                            ? "At most %s.".formatted(number(schema.getMaximum()))
                            : schema.getMaximum() == null
                                    ? "At least %s.".formatted(number(schema.getMinimum()))
                                    : "%s to %s.".formatted(number(schema.getMinimum()), number(schema.getMaximum())));
        }
        if (schema.getMaxItems() != null) {
            words.add("At most %d entries.".formatted(schema.getMaxItems()));
        }
        if (schema.getPattern() != null) {
            words.add("As `" + schema.getPattern() + "`.");
        }
        return words.stream()
                .filter(word -> !word.isBlank())
                .collect(Collectors.joining(" "))
                .replace("|", "\\|")
                .replace("\n", " ");
    }

    private static String number(Double value) {
        return Long.toString(value.longValue());
    }

    private static @Nullable String inList(JSONSchemaProps schema) {
        return schema.getItems() == null ? null : enumOf(schema.getItems().getSchema());
    }

    private static @Nullable String enumOf(JSONSchemaProps schema) {
        if (schema.getEnum() == null || schema.getEnum().isEmpty()) {
            return null;
        }
        return schema.getEnum().size() > FEW
                ? "the [reasons](reasons/README.md)"
                : schema.getEnum().stream()
                        .map(value -> "`" + value.asText() + "`")
                        .collect(Collectors.joining(", "));
    }
}

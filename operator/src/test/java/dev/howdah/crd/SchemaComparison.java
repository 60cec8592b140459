// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.crd;

import static dev.howdah.crd.CrdComparison.was;

import com.fasterxml.jackson.databind.JsonNode;
import dev.howdah.crd.CrdBreak.Rule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a schema no longer takes that its former one took, or takes as something else. */
final class SchemaComparison {
    /** Who is told. */
    interface Findings {
        void add(String field, Rule rule, String what);
    }

    private final Findings findings;

    SchemaComparison(Findings findings) {
        this.findings = findings;
    }

    void compare(String path, JSONSchemaProps former, JSONSchemaProps now) {
        compareType(path, former, now);
        compareValues(path, former, now);
        compareBounds(path, former, now);
        compareRules(path, former, now);
        compareFields(path, former, now);
        if (former.getItems() != null && now.getItems() != null) {
            compare(path + "[]", former.getItems().getSchema(), now.getItems().getSchema());
        }
        compareEntries(path, former, now);
    }

    private void compareType(String path, JSONSchemaProps former, JSONSchemaProps now) {
        var before = type(former);
        var after = type(now);
        // What takes a number or a text takes either.
        var wider = Boolean.TRUE.equals(now.getXKubernetesIntOrString())
                && List.of("string", "integer").contains(String.valueOf(former.getType()));
        if (!before.equals(after) && !wider) {
            findings.add(path, Rule.TypeChanged, was(before, after));
        }
        if (isTrue(former.getNullable()) && !isTrue(now.getNullable())) {
            findings.add(path, Rule.NullRefused, "could be null");
        }
        if (isTrue(former.getXKubernetesPreserveUnknownFields())
                && !isTrue(now.getXKubernetesPreserveUnknownFields())) {
            findings.add(path, Rule.UnknownFieldsRefused, "could have fields of any name");
        }
        var lists = merge(former);
        if (!lists.equals(merge(now))) {
            findings.add(path, Rule.ListTypeChanged, was(lists, merge(now)));
        }
    }

    private static String type(JSONSchemaProps schema) {
        var type = isTrue(schema.getXKubernetesIntOrString()) ? "integer or string" : schema.getType();
        return type + (schema.getFormat() == null ? "" : " (" + schema.getFormat() + ")");
    }

    private static String merge(JSONSchemaProps schema) {
        return "%s %s %s"
                .formatted(
                        schema.getXKubernetesListType() == null ? "atomic" : schema.getXKubernetesListType(),
                        schema.getXKubernetesListMapKeys(),
                        schema.getXKubernetesMapType() == null ? "granular" : schema.getXKubernetesMapType());
    }

    private void compareValues(String path, JSONSchemaProps former, JSONSchemaProps now) {
        if (!Objects.equals(former.getDefault(), now.getDefault())) {
            findings.add(path, Rule.DefaultChanged, was(former.getDefault(), now.getDefault()));
        }
        if (!now.getEnum().isEmpty()) {
            if (former.getEnum().isEmpty()) {
                findings.add(path, Rule.EnumTightened, "could be any value, now only " + now.getEnum());
            }
            for (var value : former.getEnum()) {
                if (!now.getEnum().contains(value)) {
                    findings.add(path, Rule.EnumTightened, text(value) + " is no value any more");
                }
            }
        }
        if (now.getPattern() != null && !now.getPattern().equals(former.getPattern())) {
            findings.add(path, Rule.PatternChanged, was(former.getPattern(), now.getPattern()));
        }
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private void compareBounds(String path, JSONSchemaProps former, JSONSchemaProps now) {
        atMost(path, "maximum", former.getMaximum(), now.getMaximum());
        atMost(path, "maxLength", former.getMaxLength(), now.getMaxLength());
        atMost(path, "maxItems", former.getMaxItems(), now.getMaxItems());
        atMost(path, "maxProperties", former.getMaxProperties(), now.getMaxProperties());
        atLeast(path, "minimum", former.getMinimum(), now.getMinimum());
        atLeast(path, "minLength", former.getMinLength(), now.getMinLength());
        atLeast(path, "minItems", former.getMinItems(), now.getMinItems());
        atLeast(path, "minProperties", former.getMinProperties(), now.getMinProperties());
        exclusive(path, "exclusiveMaximum", former.getExclusiveMaximum(), now.getExclusiveMaximum());
        exclusive(path, "exclusiveMinimum", former.getExclusiveMinimum(), now.getExclusiveMinimum());
        exclusive(path, "uniqueItems", former.getUniqueItems(), now.getUniqueItems());
        if (now.getMultipleOf() != null && !now.getMultipleOf().equals(former.getMultipleOf())) {
            findings.add(path, Rule.BoundTightened, "multipleOf " + was(former.getMultipleOf(), now.getMultipleOf()));
        }
    }

    private void atMost(String path, String name, @Nullable Number former, @Nullable Number now) {
        if (now != null && (former == null || now.doubleValue() < former.doubleValue())) {
            findings.add(path, Rule.BoundTightened, name + " " + was(former, now));
        }
    }

    private void atLeast(String path, String name, @Nullable Number former, @Nullable Number now) {
        if (now != null
                && (former == null
                        ? now.doubleValue() != 0 || name.equals("minimum")
                        : now.doubleValue() > former.doubleValue())) {
            findings.add(path, Rule.BoundTightened, name + " " + was(former, now));
        }
    }

    private void exclusive(String path, String name, @Nullable Boolean former, @Nullable Boolean now) {
        if (isTrue(now) && !isTrue(former)) {
            findings.add(path, Rule.BoundTightened, name + " is set");
        }
    }

    private void compareRules(String path, JSONSchemaProps former, JSONSchemaProps now) {
        var before = former.getXKubernetesValidations().stream()
                .map(ValidationRule::getRule)
                .collect(Collectors.toSet());
        for (var rule : now.getXKubernetesValidations()) {
            if (!before.contains(rule.getRule())) {
                findings.add(
                        path,
                        Rule.RuleAdded,
                        "`%s` is new; from Kubernetes 1.30 on what is stored passes as long as that part is not changed"
                                .formatted(rule.getRule()));
            }
        }
    }

    private void compareFields(String path, JSONSchemaProps former, JSONSchemaProps now) {
        var fields = fields(now);
        fields(former).forEach((name, field) -> {
            var same = fields.get(name);
            if (same != null) {
                compare(below(path, name), field, same);
            } else if (!isTrue(now.getXKubernetesPreserveUnknownFields()) && now.getAdditionalProperties() == null) {
                findings.add(below(path, name), Rule.FieldRemoved, "is dropped from what is sent and stored");
            }
        });
        for (var name : now.getRequired()) {
            var field = fields.get(name);
            if (!former.getRequired().contains(name) && (field == null || field.getDefault() == null)) {
                findings.add(below(path, name), Rule.FieldRequired, "could be left out, and has no default");
            }
        }
    }

    private static Map<String, JSONSchemaProps> fields(JSONSchemaProps schema) {
        return schema.getProperties() == null ? Map.of() : new TreeMap<>(schema.getProperties());
    }

    private void compareEntries(String path, JSONSchemaProps former, JSONSchemaProps now) {
        var before = former.getAdditionalProperties() == null
                ? null
                : former.getAdditionalProperties().getSchema();
        var after = now.getAdditionalProperties() == null
                ? null
                : now.getAdditionalProperties().getSchema();
        if (before != null && after != null) {
            compare(path + "[]", before, after);
        } else if (before != null && !isTrue(now.getXKubernetesPreserveUnknownFields())) {
            findings.add(path, Rule.UnknownFieldsRefused, "could have entries of any name");
        }
    }

    private static String below(String path, String name) {
        return path.isEmpty() || path.endsWith(":") ? path + name : path + "." + name;
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }
}

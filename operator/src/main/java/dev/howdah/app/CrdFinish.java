// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.Reason;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finishes the generated CRDs at build time: what the generator has no annotation for, or gets wrong. */
public final class CrdFinish implements CRDPostProcessor {

    /** A kind, and the condition it is born with as Unknown. */
    private record Kind(Class<?> type, String condition) {}

    private static final Map<String, Kind> KINDS = Map.of(
            "DatabaseClaim", new Kind(DatabaseClaim.class, "Ready"),
            "DatabaseClass", new Kind(DatabaseClass.class, "Accepted"),
            "DatabasePolicy", new Kind(DatabasePolicy.class, "Accepted"),
            "DatabaseWaiver", new Kind(DatabaseWaiver.class, "Accepted"),
            "PostgresServer", new Kind(PostgresServer.class, "Ready"));

    /** Lists of plain values in which none may come twice; other such lists are replaced as a whole. */
    private static final Set<String> SETS = Set.of("schemas", "majorVersions");

    /** What a value in a map of parameters goes by. */
    private static final String PARAMETER = "parameter";

    /** Values of parameters: YAML reads {@code work_mem: 4096} as a number. */
    private static final Set<String> SCALARS = Set.of(PARAMETER, "min", "max");

    /** What counts further than an int. */
    private static final Set<String> LONG = Set.of("observedGeneration", "ledgerPosition");

    /** How long entries may be of lists whose own bounds the generator does not see. */
    private static final Map<String, Long> ENTRY_LENGTHS = Map.of("settableParameters", 128L, "steps", 1024L);

    /** Kubernetes' own type, which the generator leaves without bounds, descriptions and rules. */
    private static final String LABEL_SELECTOR = """
            x-kubernetes-map-type: atomic
            properties:
              matchLabels:
                type: object
                description: Labels that must all be there with these values.
                maxProperties: 32
                additionalProperties: &value
                  type: string
                  maxLength: 63
                  pattern: ^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$
              matchExpressions:
                type: array
                description: Requirements that must all hold.
                maxItems: 32
                x-kubernetes-list-type: atomic
                items:
                  type: object
                  required: [key, operator]
                  properties:
                    key:
                      type: string
                      description: Key of the label.
                      minLength: 1
                      maxLength: 317
                    operator:
                      type: string
                      description: How the label is compared.
                      enum: [DoesNotExist, Exists, In, NotIn]
                    values:
                      type: array
                      description: Values to compare with; needed by In and NotIn, refused by the others.
                      maxItems: 32
                      x-kubernetes-list-type: atomic
                      items: *value
                  x-kubernetes-validations:
                  - rule: (self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)
                    message: "values: In and NotIn need at least one, Exists and DoesNotExist take none; correct values or operator"
            """;

    @Override
    public HasMetadata process(HasMetadata resource, String crdVersion) {
        if (resource instanceof CustomResourceDefinition crd) {
            var kind = KINDS.get(crd.getSpec().getNames().getKind());
            if (kind == null) {
                throw new IllegalStateException(crd.getMetadata().getName() + ": not known to CrdFinish");
            }
            for (var version : crd.getSpec().getVersions()) {
                orderColumns(version, kind);
                var root = version.getSchema().getOpenAPIV3Schema();
                describeRoot(root, kind);
                root.setRequired(List.of("spec"));
                finish("", root);
                boundName(root);
                bornUnknown(property(root, "status"), kind.condition());
            }
        }
        return resource;
    }

    /** As written on the kind; the generator sorts them by path. */
    private static void orderColumns(CustomResourceDefinitionVersion version, Kind kind) {
        var order = Arrays.stream(kind.type().getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        version.getAdditionalPrinterColumns()
                .sort(Comparator.comparingInt(
                        (CustomResourceColumnDefinition column) -> order.indexOf(column.getName())));
    }

    private static void describeRoot(JSONSchemaProps root, Kind kind) {
        root.setDescription(
                kind.type().getAnnotation(JsonClassDescription.class).value());
        property(root, "spec").setDescription("What is wanted.");
        property(root, "status").setDescription("What the operator found and did; written by it alone.");
    }

    /** Objects are born with the condition {@code Unknown}, so that no tool ever reads an untouched object as healthy. */
    private static void bornUnknown(JSONSchemaProps status, String condition) {
        var born = JsonNodeFactory.instance.objectNode();
        if (!condition.equals("Ready")) {
            // kstatus looks at Ready, and where there is none at this.
            born.put("observedGeneration", 0);
        }
        born.putArray("conditions")
                .addObject()
                .put("type", condition)
                .put("status", "Unknown")
                .put("reason", Reason.Pending.name())
                .put("message", "Waiting for the operator")
                .put("lastTransitionTime", "1970-01-01T00:00:00Z");
        status.setDefault(born);
    }

    private static void finish(String name, JSONSchemaProps schema) {
        dropRepeatedRules(schema);
        switch (schema.getType()) {
            case "integer" -> schema.setFormat(LONG.contains(name) ? "int64" : "int32");
            case "string" -> {
                timeFormat(name, schema);
                if (SCALARS.contains(name)) {
                    admitNumbers(schema);
                }
            }
            case "array" -> {
                listType(name, schema);
                finish(name.equals("oneOf") ? PARAMETER : "", schema.getItems().getSchema());
            }
            default -> {
                if (isLabelSelector(schema)) {
                    useLabelSelector(schema);
                } else if (schema.getAdditionalProperties() != null) {
                    finish(PARAMETER, schema.getAdditionalProperties().getSchema());
                } else if (schema.getProperties() != null) {
                    schema.getProperties().forEach(CrdFinish::finish);
                }
            }
        }
    }

    /** The generator finds a rule on a record's component twice, and server-side apply refuses the repetition. */
    private static void dropRepeatedRules(JSONSchemaProps schema) {
        var rules = schema.getXKubernetesValidations();
        if (rules != null) {
            schema.setXKubernetesValidations(List.copyOf(new LinkedHashSet<>(rules)));
        }
    }

    private static void timeFormat(String name, JSONSchemaProps schema) {
        if (name.endsWith("Time")) {
            schema.setFormat("date-time");
        }
    }

    private static void admitNumbers(JSONSchemaProps schema) {
        if (schema.getPattern() == null) {
            schema.setType(null);
            schema.setXKubernetesIntOrString(true);
        }
    }

    private static void listType(String name, JSONSchemaProps list) {
        if (ENTRY_LENGTHS.containsKey(name)) {
            list.getItems().getSchema().setMaxLength(ENTRY_LENGTHS.get(name));
        }
        var key = key(list.getItems().getSchema());
        if (key != null) {
            list.setXKubernetesListType("map");
            list.setXKubernetesListMapKeys(List.of(key));
        } else {
            list.setXKubernetesListType(SETS.contains(name) ? "set" : "atomic");
        }
    }

    /** What tells the entries of a list apart: conditions by type, those of databases by theirs, things with a kind or namespace by nothing, others by name. */
    private static @Nullable String key(JSONSchemaProps entry) {
        var fields = entry.getProperties() == null
                ? Set.<String>of()
                : entry.getProperties().keySet();
        if (fields.contains("lastTransitionTime")) {
            return "type";
        }
        if (fields.contains("database") && fields.contains("claimRef")) {
            return "database";
        }
        return fields.contains("name") && !fields.contains("kind") && !fields.contains("namespace") ? "name" : null;
    }

    private static boolean isLabelSelector(JSONSchemaProps schema) {
        return schema.getProperties() != null
                && schema.getProperties().keySet().equals(Set.of("matchLabels", "matchExpressions"));
    }

    private static void useLabelSelector(JSONSchemaProps schema) {
        var selector = Serialization.unmarshal(LABEL_SELECTOR, JSONSchemaProps.class);
        schema.setXKubernetesMapType(selector.getXKubernetesMapType());
        schema.setProperties(selector.getProperties());
    }

    /** The longest name that Kubernetes admits: without it, rules that read the name are taken to be too expensive. */
    private static void boundName(JSONSchemaProps root) {
        var text = new JSONSchemaPropsBuilder().withType("string").build();
        var name = new JSONSchemaPropsBuilder(text).withMaxLength(253L).build();
        var metadata = new JSONSchemaPropsBuilder()
                .withType("object")
                .addToProperties("name", name)
                .addToProperties("generateName", text)
                .build();
        // The API server heeds the bound only in a root that declares all three. Sorted: every build writes the same.
        var properties = new TreeMap<>(root.getProperties());
        properties.put("apiVersion", text);
        properties.put("kind", text);
        properties.put("metadata", metadata);
        root.setProperties(properties);
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }
}

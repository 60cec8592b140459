// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import com.fasterxml.jackson.databind.JsonNode;
import dev.howdah.api.v1alpha1.ParameterLimit;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds a part of a document against the record it is to become, with what the annotations there say: the same as the
 * schema of the CRD without its CEL rules. What passes can be made into the record.
 */
final class Shape {
    private static final int LONGEST_QUOTE = 60;

    private final BiConsumer<String, String> fault;
    private final BiConsumer<String, String> unknown;

    /**
     * Makes one.
     *
     * @param fault takes the path and the message of each thing that is wrong
     * @param unknown takes those of each field that the record does not have
     */
    Shape(BiConsumer<String, String> fault, BiConsumer<String, String> unknown) {
        this.fault = fault;
        this.unknown = unknown;
    }

    /** Checks a node. {@code path} is where it is, {@code field} what carries its bounds. */
    private void check(JsonNode node, AnnotatedType annotated, AnnotatedElement field, String path) {
        var type = annotated.getType();
        if (type instanceof ParameterizedType generic) {
            if (generic.getRawType() == Map.class) {
                map(node, ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments()[1], field, path);
            } else {
                list(node, ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments()[0], field, path);
            }
        } else if (type instanceof Class<?> plain) {
            scalarOrObject(node, plain, field, path);
        }
    }

    private void scalarOrObject(JsonNode node, Class<?> type, AnnotatedElement field, String path) {
        if (type == String.class) {
            text(node, field, path);
        } else if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            number(node, field, path);
        } else if (type == Boolean.class || type == boolean.class) {
            if (!node.isBoolean()) {
                wrong(path, node, "must be true or false");
            }
        } else if (type.isEnum()) {
            var words = words(type);
            if (!node.isTextual() || !words.contains(node.asText())) {
                wrong(path, node, "must be one of: " + String.join(", ", words));
            }
        } else {
            object(node, type, path);
        }
    }

    /** The fields of an object, by name. */
    void object(JsonNode node, Class<?> type, String path) {
        if (!node.isObject()) {
            wrong(path, node, "must be an object with fields");
            return;
        }
        var fields = fields(type);
        node.properties().forEach(property -> {
            var known = fields.get(property.getKey());
            var there = path + "." + property.getKey();
            if (known == null) {
                unknown.accept(
                        there, "`%s`: unknown field; %s".formatted(there, meant(property.getKey(), fields.keySet())));
            } else if (!property.getValue().isNull()) {
                check(property.getValue(), known.getAnnotatedType(), known, there);
            }
        });
        fields.forEach((name, known) -> {
            if (known.isAnnotationPresent(Required.class) && !node.hasNonNull(name)) {
                fault.accept(path, "`%s.%s` is missing; it is required".formatted(path, name));
            }
        });
    }

    private static Map<String, Field> fields(Class<?> type) {
        var fields = new LinkedHashMap<String, Field>();
        if (type.isRecord()) {
            Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getName)
                    .forEach(name -> fields.put(name, field(type, name)));
        } else if (type == LabelSelector.class || type == LabelSelectorRequirement.class) {
            Arrays.stream(type.getDeclaredFields())
                    .filter(field -> !Modifier.isStatic(field.getModifiers())
                            && !field.getName().equals("additionalProperties"))
                    .forEach(field -> fields.put(field.getName(), field));
        } else {
            throw new IllegalStateException(type + " is a shape that is not known");
        }
        return fields;
    }

    private static Field field(Class<?> type, String name) {
        try {
            return type.getDeclaredField(name);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("a record has a field for each component", e);
        }
    }

    private static String meant(String name, Set<String> known) {
        var folded = known.stream().filter(candidate -> near(candidate, name)).toList();
        return folded.isEmpty()
                ? "known here: " + String.join(", ", known)
                : "did you mean " + String.join(" or ", folded) + "?";
    }

    private static boolean near(String one, String other) {
        return one.equalsIgnoreCase(other) || distance(one, other) <= 2;
    }

    private static int distance(String one, String other) {
        var before = new int[other.length() + 1];
        Arrays.setAll(before, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            var now = new int[other.length() + 1];
            now[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                var change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                now[j] = Math.min(Math.min(now[j - 1], before[j]) + 1, before[j - 1] + change);
            }
            before = now;
        }
        return before[other.length()];
    }

    private void list(JsonNode node, AnnotatedType element, AnnotatedElement field, String path) {
        if (!node.isArray()) {
            wrong(path, node, "must be a list");
            return;
        }
        size(node.size(), field, path, "entries");
        for (int i = 0; i < node.size(); i++) {
            check(node.get(i), element, element, path + "[" + i + "]");
        }
    }

    private void map(JsonNode node, AnnotatedType value, AnnotatedElement field, String path) {
        if (!node.isObject()) {
            wrong(path, node, "must be a map of names to values");
            return;
        }
        size(node.size(), field, path, "entries");
        node.properties().forEach(property -> check(property.getValue(), value, value, path + "." + property.getKey()));
    }

    private void text(JsonNode node, AnnotatedElement field, String path) {
        // The schema takes whole numbers for values of parameters.
        if (!node.isTextual() && !(node.isIntegralNumber() && admitsNumbers(field, path))) {
            wrong(
                    path,
                    node,
                    node.isValueNode() && !node.isNull()
                            ? "YAML reads this as a %s; put it in quotes"
                                    .formatted(node.isBoolean() ? "boolean" : "number")
                            : "must be a text");
            return;
        }
        var text = node.asText();
        size(text.length(), field, path, "characters");
        var pattern = field.getAnnotation(Pattern.class);
        if (pattern != null
                && !java.util.regex.Pattern.compile(pattern.value())
                        .matcher(text)
                        .find()) {
            wrong(path, node, form(pattern.value()));
        }
    }

    private static String form(String pattern) {
        if (pattern.contains("Ki|Mi|Gi")) {
            return "must be a size such as 10Gi, 500Mi or 1.5T";
        }
        return pattern.contains("h)?(") ? "must be a duration such as 168h, 1h30m or 90s" : "must match " + pattern;
    }

    private static boolean admitsNumbers(AnnotatedElement field, String path) {
        return path.contains("parameters.")
                && (!(field instanceof Field of) || of.getDeclaringClass() == ParameterLimit.class);
    }

    private void number(JsonNode node, AnnotatedElement field, String path) {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            wrong(path, node, "must be a whole number");
            return;
        }
        var min = field.getAnnotation(Min.class);
        var max = field.getAnnotation(Max.class);
        if ((min != null && node.asLong() < min.value())
                || (max != null && node.asLong() > max.value())
                || !node.canConvertToInt()) {
            wrong(
                    path,
                    node,
                    "must be from %s to %s"
                            .formatted(
                                    bound(min == null ? null : min.value(), Integer.MIN_VALUE),
                                    bound(max == null ? null : max.value(), Integer.MAX_VALUE)));
        }
    }

    private static String bound(@Nullable Double given, int otherwise) {
        return String.valueOf(given == null ? otherwise : given.longValue());
    }

    private void size(int size, AnnotatedElement field, String path, String what) {
        var bounds = field.getAnnotation(Size.class);
        if (bounds != null && (size < bounds.min() || size > bounds.max())) {
            fault.accept(
                    path,
                    "`%s`: has %d %s, must have from %d to %d".formatted(path, size, what, bounds.min(), bounds.max()));
        }
    }

    private void wrong(String path, JsonNode node, String rule) {
        var quoted = node.isValueNode() ? node.toString() : node.isArray() ? "a list" : "an object";
        if (quoted.length() > LONGEST_QUOTE) {
            quoted = quoted.substring(0, LONGEST_QUOTE) + "…";
        }
        fault.accept(path, "`%s`: %s: %s".formatted(path, quoted, rule));
    }

    /** As they are written, which is not always their name in Java. */
    private static List<String> words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ObjectReader.MAPPER.convertValue(constant, String.class))
                .toList();
    }
}

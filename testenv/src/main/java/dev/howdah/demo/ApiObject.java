// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads objects without their classes, as anybody does who has only the cluster; {@code -} where they say nothing. */
final class ApiObject {
    static final String NOTHING = "-";

    private ApiObject() {}

    static Map<String, Object> part(GenericKubernetesResource object, String name) {
        return map(object.getAdditionalProperties().get(name));
    }

    /** The condition of a type, empty where there is none. */
    static Map<String, Object> condition(GenericKubernetesResource object, String type) {
        return maps(part(object, "status").get("conditions"))
                .filter(condition -> type.equals(condition.get("type")))
                .findFirst()
                .orElse(Map.of());
    }

    @SuppressWarnings("unchecked") // objects of the API are maps by name
    static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    static Stream<Map<String, Object>> maps(@Nullable Object value) {
        return value instanceof List<?> list ? list.stream().map(ApiObject::map) : Stream.of();
    }

    static String text(@Nullable Object value) {
        return Objects.toString(value, NOTHING);
    }
}

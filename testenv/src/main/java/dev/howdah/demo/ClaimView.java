// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a claim says about itself, as anybody reads it; {@code -} where it says nothing. */
record ClaimView(
        String name, String ready, String reason, String message, String className, String version, String secret) {
    private static final String NOTHING = "-";

    static ClaimView of(GenericKubernetesResource claim) {
        var status = map(claim.getAdditionalProperties().get("status"));
        var spec = map(claim.getAdditionalProperties().get("spec"));
        var ready = list(status.get("conditions")).stream()
                .map(ClaimView::map)
                .filter(condition -> "Ready".equals(condition.get("type")))
                .findFirst()
                .orElse(Map.of());
        return new ClaimView(
                claim.getMetadata().getName(),
                text(ready.get("status")),
                text(ready.get("reason")),
                text(ready.get("message")),
                text(status.containsKey("className") ? status.get("className") : spec.get("className")),
                text(map(status.get("server")).get("version")),
                text(map(status.get("binding")).get("name")));
    }

    /** In one phrase. */
    String outcome() {
        return "Ready=" + ready + " " + reason;
    }

    @SuppressWarnings("unchecked") // objects of the API are maps by name
    private static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value, NOTHING);
    }
}

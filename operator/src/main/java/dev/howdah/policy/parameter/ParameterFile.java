// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files beside this class: the one thing that a pure room reads, and the one class that reads it. */
final class ParameterFile {
    private ParameterFile() {}

    static String name(int major) {
        return "postgresql-" + major + ".json";
    }

    static List<Parameter> read(int major) {
        try (var in = ParameterFile.class.getResourceAsStream(name(major))) {
            if (in == null) {
                throw new IllegalStateException(name(major) + " is missing in this build");
            }
            return new ObjectMapper()
                    .readTree(in)
                    .valueStream()
                    .map(ParameterFile::parameter)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Parameter parameter(JsonNode node) {
        var aliases = new LinkedHashMap<String, String>();
        node.path("aliases")
                .properties()
                .forEach(alias -> aliases.put(alias.getKey(), alias.getValue().asText()));
        return new Parameter(
                node.path("name").asText(),
                Parameter.Type.valueOf(constant(node, "type")),
                Parameter.Context.valueOf(constant(node, "context")),
                optional(node, "unit"),
                optional(node, "min"),
                optional(node, "max"),
                node.path("values").valueStream().map(JsonNode::asText).toList(),
                Map.copyOf(aliases));
    }

    private static String constant(JsonNode node, String field) {
        return node.path(field).asText().replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static @Nullable String optional(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.path(field).asText() : null;
    }
}

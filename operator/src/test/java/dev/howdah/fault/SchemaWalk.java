// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every property of a kind's spec, by its path: {@code access[].role}, {@code parameters{}}. */
record SchemaWalk(String kind, boolean namespaced, Map<String, JSONSchemaProps> properties) {
    static List<SchemaWalk> all() {
        try (var files = Files.list(Path.of("..", "crds"))) {
            var walks = new ArrayList<SchemaWalk>();
            for (var file : files.sorted().toList()) {
                var crd = Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
                var found = new LinkedHashMap<String, JSONSchemaProps>();
                var root = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
                walk("", root.getProperties().get("spec"), found);
                walks.add(new SchemaWalk(
                        crd.getSpec().getNames().getKind(),
                        crd.getSpec().getScope().equals("Namespaced"),
                        found));
            }
            return walks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void walk(String path, JSONSchemaProps schema, Map<String, JSONSchemaProps> found) {
        if (!path.isEmpty()) {
            found.put(path, schema);
        }
        if (schema.getProperties() != null) {
            schema.getProperties()
                    .forEach((name, child) -> walk(path.isEmpty() ? name : path + "." + name, child, found));
        }
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            walk(path + "[]", schema.getItems().getSchema(), found);
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            walk(path + "{}", schema.getAdditionalProperties().getSchema(), found);
        }
    }
}

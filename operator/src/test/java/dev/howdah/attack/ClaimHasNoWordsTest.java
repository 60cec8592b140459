// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Attack 17: a claim is a closed form. There is nothing in it by which a role, a right or a server could be named. */
class ClaimHasNoWordsTest {
    private static JSONSchemaProps spec() throws IOException {
        var crd = Serialization.unmarshal(
                Files.readString(Path.of("../crds/databaseclaims.howdah.dev.yaml")), CustomResourceDefinition.class);
        return crd.getSpec()
                .getVersions()
                .getFirst()
                .getSchema()
                .getOpenAPIV3Schema()
                .getProperties()
                .get("spec");
    }

    private static Stream<JSONSchemaProps> all(JSONSchemaProps schema) {
        var parts = Stream.of(schema);
        if (schema.getProperties() != null) {
            parts = Stream.concat(
                    parts, schema.getProperties().values().stream().flatMap(ClaimHasNoWordsTest::all));
        }
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            parts = Stream.concat(parts, all(schema.getItems().getSchema()));
        }
        return parts;
    }

    @Test
    void for_roles_and_rights() throws IOException {
        assertThat(spec().getProperties())
                .containsOnlyKeys(
                        "className",
                        "majorVersion",
                        "storage",
                        "connections",
                        "parameters",
                        "extensions",
                        "schemas",
                        "access",
                        "deletionPolicy");
        var access = spec().getProperties().get("access").getItems().getSchema();
        assertThat(access.getProperties()).containsOnlyKeys("name", "role", "binding", "connections", "secretName");
        assertThat(access.getProperties().get("role").getEnum())
                .extracting(value -> value.asText())
                .containsExactlyInAnyOrder("Owner", "ReadWrite", "ReadOnly");
        assertThat(all(spec())).noneMatch(part -> Boolean.TRUE.equals(part.getXKubernetesPreserveUnknownFields()));
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Reviews as the API server sends them. */
final class ReviewRequests {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private ReviewRequests() {}

    static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode claim(String namespace, String name, String spec) {
        return (ObjectNode) yaml("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: %s, namespace: %s, uid: 6a1f6f5c-3c50-4f0b-9f43-0d4c3f3f8a11, generation: 1}
                spec: %s
                status: {conditions: [{type: Ready, status: Unknown, reason: Pending}]}
                """.formatted(name, namespace, spec));
    }

    static ObjectNode create(JsonNode claim) {
        return request("CREATE", claim, null);
    }

    static ObjectNode update(JsonNode claim, JsonNode old) {
        return request("UPDATE", claim, old);
    }

    /** The {@code request} of a review. */
    static ObjectNode request(String operation, JsonNode claim, @Nullable JsonNode old) {
        var request = JSON.createObjectNode();
        request.put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002");
        request.putObject("kind")
                .put("group", "howdah.dev")
                .put("version", "v1alpha1")
                .put("kind", "DatabaseClaim");
        request.putObject("resource")
                .put("group", "howdah.dev")
                .put("version", "v1alpha1")
                .put("resource", "databaseclaims");
        request.put("name", claim.path("metadata").path("name").asText());
        request.put("namespace", claim.path("metadata").path("namespace").asText());
        request.put("operation", operation);
        request.putObject("userInfo").put("username", "anna");
        request.set("object", claim);
        request.set("oldObject", old == null ? JSON.nullNode() : old);
        request.put("dryRun", false);
        return request;
    }

    static byte[] review(JsonNode request) {
        try {
            return JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("apiVersion", "admission.k8s.io/v1")
                    .put("kind", "AdmissionReview")
                    .set("request", request));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

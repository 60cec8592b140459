// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.HttpURLConnection;

/** An AdmissionReview of {@code admission.k8s.io/v1}, on the way in and out. */
final class ReviewJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ReviewJson() {}

    /**
     * The request of a review.
     *
     * @throws IOException if it is no review that could be answered
     */
    static JsonNode request(byte[] body) throws IOException {
        var review = JSON.readTree(body);
        var request = review.path("request");
        if (!request.path("uid").isTextual()) {
            throw new IOException("no AdmissionReview with a request and its uid");
        }
        return request;
    }

    static byte[] response(JsonNode request, Answer answer) throws IOException {
        var review =
                JSON.createObjectNode().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        var response = review.putObject("response")
                .put("uid", request.path("uid").asText())
                .put("allowed", answer.outcome() != Outcome.Refused);
        if (answer.outcome() == Outcome.Refused) {
            refusal(response.putObject("status"), request, answer);
        }
        if (!answer.warnings().isEmpty()) {
            var warnings = response.putArray("warnings");
            answer.warnings().forEach(warnings::add);
        }
        return JSON.writeValueAsBytes(review);
    }

    private static void refusal(ObjectNode status, JsonNode request, Answer answer) {
        status.put("status", "Failure")
                .put("code", HttpURLConnection.HTTP_FORBIDDEN)
                .put("reason", "Forbidden")
                .put("message", answer.message());
        var details = status.putObject("details")
                .put("group", request.path("kind").path("group").asText())
                .put("kind", request.path("kind").path("kind").asText())
                .put("name", request.path("name").asText());
        var causes = details.putArray("causes");
        for (var violation : answer.refused()) {
            causes.addObject()
                    .put("reason", violation.reason().name())
                    .put("field", field(violation.path()))
                    .put("message", violation.message());
        }
    }

    /** Paths of violations begin at the spec. */
    private static String field(String path) {
        return path.startsWith("metadata.") ? path : "spec." + path;
    }
}

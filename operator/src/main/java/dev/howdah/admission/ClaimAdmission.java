// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.policy.review.ClaimJudge;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what the API server asks about a claim, from the {@code request} of an AdmissionReview; changes nothing. */
public final class ClaimAdmission {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimAdmission.class);
    private static final String KIND = "DatabaseClaim";

    /** What the API server appends to a {@code generateName}. */
    private static final String GENERATED = "00000";

    private final ClaimJudge judge;

    /** A field that only a newer schema knows is not for this version to judge. */
    private final KubernetesSerialization serialization = new KubernetesSerialization(
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build(),
            false);

    public ClaimAdmission(ClaimJudge judge) {
        this.judge = judge;
    }

    /** Never throws: a fault of ours must not stand in anybody's way. */
    Answer answer(JsonNode request) {
        try {
            return judged(request);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.atWarn()
                    .addKeyValue("namespace", request.path("namespace").asText())
                    .addKeyValue("name", request.path("name").asText())
                    .setCause(e)
                    .log("a claim could not be checked at admission");
            return Answer.unchecked(
                    e instanceof IllegalArgumentException ? "it cannot be read" : "an error, which its log tells");
        }
    }

    private Answer judged(JsonNode request) {
        if (!KIND.equals(request.path("kind").path("kind").asText())
                || !request.path("subResource").asText().isEmpty()) {
            return Answer.ALLOWED;
        }
        var object = request.path("object");
        if (!object.isObject()) {
            return Answer.ALLOWED;
        }
        var metadata = object.path("metadata");
        if (metadata.hasNonNull("deletionTimestamp") || unchanged(request, object)) {
            return Answer.ALLOWED;
        }
        return judge.judge(claim(request, object)).map(Answer::of).orElse(Answer.ALLOWED);
    }

    /** What changes only metadata, such as a finalizer or an annotation, is not asked about. */
    private static boolean unchanged(JsonNode request, JsonNode object) {
        return "UPDATE".equals(request.path("operation").asText())
                && spec(object).equals(spec(request.path("oldObject")));
    }

    private static JsonNode spec(JsonNode object) {
        var spec = object.path("spec");
        return spec.isNull() ? MissingNode.getInstance() : spec;
    }

    private DatabaseClaim claim(JsonNode request, JsonNode object) {
        var claim = serialization.convertValue(object, DatabaseClaim.class);
        var metadata = claim.getMetadata();
        if (metadata.getNamespace() == null) {
            metadata.setNamespace(request.path("namespace").asText());
        }
        if (metadata.getName() == null) {
            metadata.setName(metadata.getGenerateName() == null ? "" : metadata.getGenerateName() + GENERATED);
        }
        if (metadata.getUid() == null) {
            // Unlike every other: that of the question.
            metadata.setUid(request.path("uid").asText());
        }
        return claim;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.Finding;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClassTerms;
import java.util.List;
import java.util.SortedSet;

/** JSON as it travels between PostgreSQL and the operator. Unknown fields are a newer version's and are passed over. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addMixIn(Accepted.class, WithoutEmptyFindings.class)
            .addMixIn(ClassTerms.class, WithoutWhatWasNotKept.class)
            .build();

    /** Most databases have nothing to tell of, and most rows were written before there was anything to. */
    private interface WithoutEmptyFindings {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Finding> findings();
    }

    /** A row from before it was kept stays as it is: it is not written anew for this. */
    private interface WithoutWhatWasNotKept {
        @JsonInclude(JsonInclude.Include.NON_NULL)
        SortedSet<ClassTerms.Default> stated();
    }

    private Json() {}

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of ours cannot be written as JSON", e);
        }
    }

    /**
     * Reads what the server sent.
     *
     * @throws SqlFailure of kind Bug when it is not what was asked for
     */
    static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw SqlFailure.bug("the server's answer is not the JSON asked for", e);
        }
    }

    /** The same for a part of it. */
    static <T> T read(JsonNode json, Class<T> type) {
        try {
            return MAPPER.treeToValue(json, type);
        } catch (JsonProcessingException e) {
            throw SqlFailure.bug("the server's answer is not the JSON asked for", e);
        }
    }
}

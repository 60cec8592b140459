// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.output;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** Answers for machines: the fields of the answer's record. */
final class Machine {
    private Machine() {}

    static String json(Object answer) {
        return write(
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build(), answer);
    }

    static String yaml(Object answer) {
        return write(
                YAMLMapper.builder(YAMLFactory.builder()
                                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                                .build())
                        .build(),
                answer);
    }

    private static String write(ObjectMapper mapper, Object answer) {
        try {
            var text = mapper.setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
                    .writeValueAsString(answer);
            return text.endsWith("\n") ? text : text + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is plain data", e);
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.crd;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.howdah.crd.CrdBreak.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The breaks that are meant, each with its reason; one that is none any more has to go. */
record AcceptedBreaks(List<Entry> breaks) {
    /** In the repository. */
    static final String NAME = "tests/crds/accepted-breaks.yaml";

    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /**
     * One line of the file.
     *
     * @param reason why it is worth it, and what becomes of stored objects
     */
    record Entry(
            String kind,
            @Nullable String field,
            Rule rule,
            @Nullable String reason) {
        boolean covers(CrdBreak found) {
            return kind.equals(found.kind())
                    && rule == found.rule()
                    && (field == null ? "" : field).equals(found.field());
        }
    }

    static AcceptedBreaks read(String yaml) {
        try {
            return YAML.readValue(yaml, AcceptedBreaks.class);
        } catch (IOException e) {
            throw new UncheckedIOException(NAME + ": " + e.getMessage(), e);
        }
    }

    /** What is wrong: breaks that nobody meant, and entries that say nothing. Empty where all is well. */
    List<String> verdict(List<CrdBreak> found) {
        var lines = new ArrayList<String>();
        for (var each : found) {
            if (breaks.stream().noneMatch(entry -> entry.covers(each))) {
                lines.add(each.line());
            }
        }
        for (var entry : breaks) {
            if (entry.reason() == null || entry.reason().isBlank()) {
                lines.add("%s: %s says no reason".formatted(NAME, entry));
            }
            if (found.stream().noneMatch(entry::covers)) {
                lines.add("%s: nothing is broken as %s says; take it out".formatted(NAME, entry));
            }
        }
        return lines;
    }
}

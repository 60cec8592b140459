// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.cli.world.CannotRun;
import dev.howdah.cli.world.Document;
import dev.howdah.cli.world.Place;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A {@code howdah-test.yaml}: objects, and what is expected of the claims among them.
 *
 * @param objects files and folders, relative to the test's own folder
 * @param now when it is, for waivers; {@code null} for the real time
 */
record PolicyTest(
        String file, List<String> objects, @Nullable Instant now, List<Expectation> expect) {

    /**
     * What is expected of a claim. What is {@code null} is not looked at.
     *
     * @param values by path; an empty value means that nobody sets it
     */
    record Expectation(
            int line,
            String claim,
            @Nullable Boolean accepted,
            @Nullable Set<Reason> reasons,
            Map<String, Optional<String>> values) {}

    static PolicyTest of(Document document) {
        return new Reading(document).test();
    }

    /** Strict: a key that is misspelt would be a check that is never made. */
    private record Reading(Document document) {
        PolicyTest test() {
            var root = document.root();
            keys(root, "", Set.of("apiVersion", "kind", "objects", "now", "expect"));
            if (!root.path("kind").asText().equals("PolicyTest")) {
                throw wrong("kind", "must be PolicyTest");
            }
            var objects = new ArrayList<String>();
            list(root, "objects").forEach(object -> objects.add(text(object, "objects")));
            var expect = new ArrayList<Expectation>();
            var entries = list(root, "expect");
            for (int i = 0; i < entries.size(); i++) {
                expect.add(expectation(entries.get(i), "expect[" + i + "]"));
            }
            return new PolicyTest(document.file(), objects, now(root.path("now")), expect);
        }

        private List<JsonNode> list(JsonNode root, String key) {
            var list = root.path(key);
            if (!list.isArray() || list.isEmpty()) {
                throw wrong(key, "must be a list with at least one entry");
            }
            return list.valueStream().toList();
        }

        private @Nullable Instant now(JsonNode now) {
            if (now.isMissingNode()) {
                return null;
            }
            try {
                return OffsetDateTime.parse(now.asText()).toInstant();
            } catch (DateTimeException e) {
                throw wrong("now", "\"%s\" is not a time such as 2026-12-31T00:00:00Z".formatted(now.asText()));
            }
        }

        private Expectation expectation(JsonNode entry, String path) {
            keys(entry, path, Set.of("claim", "accepted", "reasons", "values"));
            var claim = text(entry.path("claim"), path + ".claim");
            if (!claim.matches("[^/]+/[^/]+")) {
                throw wrong(path + ".claim", "\"%s\" is not a claim: write <namespace>/<name>".formatted(claim));
            }
            if (!entry.has("accepted") && !entry.has("reasons") && !entry.has("values")) {
                throw wrong(path, "expects nothing; add accepted, reasons or values");
            }
            if (entry.has("accepted") && !entry.path("accepted").isBoolean()) {
                throw wrong(path + ".accepted", "must be true or false");
            }
            return new Expectation(
                    place().line(path),
                    claim,
                    entry.has("accepted")
                            ? Boolean.valueOf(entry.path("accepted").asBoolean())
                            : null,
                    entry.has("reasons") ? reasons(entry.path("reasons"), path + ".reasons") : null,
                    values(entry.path("values"), path + ".values"));
        }

        private Set<Reason> reasons(JsonNode node, String path) {
            if (!node.isArray()) {
                throw wrong(path, "must be a list of reasons, [] for none");
            }
            var reasons = new TreeSet<Reason>();
            node.forEach(one -> reasons.add(Arrays.stream(Reason.values())
                    .filter(reason -> reason.name().equals(one.asText()))
                    .findFirst()
                    .orElseThrow(() ->
                            wrong(path, "\"%s\" is not a reason; docs/reasons has them all".formatted(one.asText())))));
            return reasons;
        }

        private Map<String, Optional<String>> values(JsonNode node, String path) {
            if (!node.isMissingNode() && !node.isObject()) {
                throw wrong(path, "must be a map of paths to values");
            }
            var values = new TreeMap<String, Optional<String>>();
            node.properties()
                    .forEach(value -> values.put(value.getKey(), value(value.getValue(), path + "." + value.getKey())));
            return values;
        }

        private Optional<String> value(JsonNode node, String path) {
            if (node.isNull()) {
                return Optional.empty();
            }
            if (node.isArray()) {
                return Optional.of(
                        node.valueStream().map(JsonNode::asText).toList().toString());
            }
            if (node.isBoolean()) {
                throw wrong(path, "YAML reads this as a boolean; put it in quotes");
            }
            return Optional.of(text(node, path));
        }

        private void keys(JsonNode node, String path, Set<String> known) {
            if (!node.isObject()) {
                throw wrong(path, "must be an object with fields");
            }
            node.fieldNames().forEachRemaining(key -> {
                if (!known.contains(key)) {
                    throw wrong(
                            path.isEmpty() ? key : path + "." + key,
                            "unknown key; there are " + String.join(", ", new TreeSet<>(known)));
                }
            });
        }

        private String text(JsonNode node, String path) {
            if (!node.isValueNode() || node.asText().isBlank()) {
                throw wrong(path, "must be a text");
            }
            return node.asText();
        }

        private CannotRun wrong(String path, String message) {
            return new CannotRun("%s: `%s`: %s".formatted(place().at(path), path, message));
        }

        private Place place() {
            return document.place("");
        }
    }
}

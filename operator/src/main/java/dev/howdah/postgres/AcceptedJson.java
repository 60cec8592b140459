// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.howdah.policy.Accepted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger holds as accepted, in today's form. Rows of the first schema know no storage, parameters, versions of
 * extensions and grounds, those before the third no credentials: they get none, and the next agreement writes them down.
 */
final class AcceptedJson {
    private static final String GROUNDS = "grounds";
    private static final String EXTENSIONS = "extensions";
    private static final String CREDENTIALS = "credentials";
    private static final List<String> PARTS = List.of("claim", "terms");

    private AcceptedJson() {}

    static @Nullable Accepted read(@Nullable JsonNode accepted) {
        if (accepted == null || accepted.isNull()) {
            return null;
        }
        return Json.read(
                withCredentials(accepted.has(GROUNDS) ? accepted : ofFirstSchema(accepted.deepCopy())), Accepted.class);
    }

    private static JsonNode withCredentials(JsonNode accepted) {
        for (var part : PARTS) {
            if (accepted.get(part) instanceof ObjectNode terms && !terms.has(CREDENTIALS)) {
                terms.putObject(CREDENTIALS);
            }
        }
        return accepted;
    }

    private static JsonNode ofFirstSchema(JsonNode accepted) {
        if (accepted instanceof ObjectNode whole) {
            for (var part : PARTS) {
                if (whole.get(part) instanceof ObjectNode terms) {
                    terms.put("storage", 0);
                    terms.putObject("parameters");
                    var extensions = whole.arrayNode();
                    terms.path(EXTENSIONS)
                            .forEach(name -> extensions.addObject().put("name", name.asText()));
                    terms.set(EXTENSIONS, extensions);
                }
            }
            var grounds = whole.putObject(GROUNDS);
            grounds.putObject("spec");
            grounds.putArray("values");
            grounds.putObject("waived");
            grounds.putObject("behind");
        }
        return accepted;
    }
}

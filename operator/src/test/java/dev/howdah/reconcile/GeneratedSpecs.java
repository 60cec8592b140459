// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Specs of claims that the schema takes, good and bad in every way the rules know; the same for the same seed. */
final class GeneratedSpecs {
    private static final List<String> PARAMETERS = List.of(
            "work_mem: 32MB",
            "work_mem: 1GB",
            "work_mem: 4096",
            "work_mem: nonsense",
            "statement_timeout: 30s",
            "statement_timeout: 0",
            "statement_timeout: 2h",
            "default_transaction_isolation: serializable",
            "default_transaction_isolation: chaotic",
            "idle_in_transaction_session_timeout: 1min",
            "maintenance_work_mem: 64MB",
            "log_min_duration_statement: 1s",
            "search_path: public",
            "wrok_mem: 32MB",
            "shared_buffers: 1GB",
            "random_page_cost: \"1.1\"",
            "jit: \"off\"");

    private static final List<String> EXTENSIONS = List.of(
            "{name: pg_trgm}",
            "{name: pg_trgm, version: \"1.6\"}",
            "{name: pg_trgm, version: \"9.9\"}",
            "{name: hstore}",
            "{name: citext}",
            "{name: dblink}",
            "{name: nosuchthing}");

    private final Random random;
    private final List<String> classes;

    GeneratedSpecs(long seed, List<String> classes) {
        this.random = new Random(seed);
        this.classes = classes;
    }

    /** In YAML's flow style. Most fields are mostly absent, so that a good part is agreed to. */
    String next() {
        var fields = new ArrayList<String>();
        if (!chance(50)) {
            fields.add("className: " + one(classes));
        } else {
            fields.add("className: " + classes.getFirst());
        }
        maybe(fields, 20, "majorVersion: " + one(List.of(15, 16, 17, 18, 18, 18)));
        maybe(fields, 40, "storage: " + one(List.of("512Mi", "1Gi", "5Gi", "10Gi", "20Gi", "21Gi", "200Gi")));
        maybe(fields, 40, "connections: " + one(List.of(1, 2, 5, 10, 20, 50, 51, 100, 500)));
        maybe(fields, 40, "parameters: {" + String.join(", ", parameters()) + "}");
        maybe(fields, 30, "extensions: [" + String.join(", ", extensions()) + "]");
        maybe(fields, 15, "schemas: [" + one(List.of("public", "audit", "public, audit", "extra, public")) + "]");
        maybe(
                fields,
                25,
                "access: ["
                        + one(
                                List.of(
                                        "{name: app, role: Owner}",
                                        "{name: app, role: ReadWrite}",
                                        "{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly, connections: 2}",
                                        "{name: app, role: Owner, binding: true}, {name: batch, role: ReadWrite, connections: 90}"))
                        + "]");
        maybe(fields, 20, "deletionPolicy: " + one(List.of("Retain", "Delete")));
        return "{" + String.join(", ", fields) + "}";
    }

    /** No parameter twice. */
    private List<String> parameters() {
        var chosen = new ArrayList<String>();
        for (int i = random.nextInt(2) + 1; i > 0; i--) {
            add(chosen, one(PARAMETERS), ":", 0);
        }
        return chosen;
    }

    /** No extension twice. */
    private List<String> extensions() {
        var chosen = new ArrayList<String>();
        for (int i = random.nextInt(2) + 1; i > 0; i--) {
            add(chosen, one(EXTENSIONS), "[,}:]", 1);
        }
        return chosen;
    }

    /** @param part which part of an entry, between separators, is its name */
    private static void add(List<String> chosen, String entry, String separator, int part) {
        var name = entry.split(separator, -1)[part];
        if (chosen.stream().noneMatch(other -> other.split(separator, -1)[part].equals(name))) {
            chosen.add(entry);
        }
    }

    private void maybe(List<String> fields, int percent, String field) {
        if (chance(percent)) {
            fields.add(field);
        }
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T one(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}

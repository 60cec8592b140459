// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Claims' specs, a field at a time. */
final class Specs {
    private Specs() {}

    static final AccessEntry OWNER = entry("app", AccessRole.Owner);
    static final AccessEntry WRITER = entry("worker", AccessRole.ReadWrite);
    static final AccessEntry READER = entry("report", AccessRole.ReadOnly);
    static final DatabaseClaimSpec THREE_LOGINS = access(OWNER, WRITER, READER);

    /** The one called {@code app} is the binding. */
    static AccessEntry entry(String name, AccessRole role) {
        return limited(name, role, null);
    }

    static AccessEntry limited(String name, AccessRole role, @Nullable Integer connections) {
        return new AccessEntry(name, role, name.equals("app") ? true : null, connections, null);
    }

    static DatabaseClaimSpec access(AccessEntry... entries) {
        return new DatabaseClaimSpec(null, null, null, null, null, null, null, List.of(entries), null);
    }

    static DatabaseClaimSpec schemas(String... names) {
        return new DatabaseClaimSpec(null, null, null, null, null, null, List.of(names), null, null);
    }

    static DatabaseClaimSpec connections(int most) {
        return new DatabaseClaimSpec(null, null, null, most, null, null, null, null, null);
    }

    static DatabaseClaimSpec storage(String size) {
        return new DatabaseClaimSpec(null, null, size, null, null, null, null, null, null);
    }

    /** Names and values in turn. */
    static DatabaseClaimSpec parameters(String... settings) {
        var parameters = new HashMap<String, String>();
        for (int i = 0; i < settings.length; i += 2) {
            parameters.put(settings[i], settings[i + 1]);
        }
        return new DatabaseClaimSpec(null, null, null, null, parameters, null, null, null, null);
    }

    static DatabaseClaimSpec extensionsOf(ExtensionRequest... requests) {
        return new DatabaseClaimSpec(null, null, null, null, null, List.of(requests), null, null, null);
    }

    static DatabaseClaimSpec extension(String name, @Nullable String version) {
        return extensionsOf(new ExtensionRequest(name, version));
    }

    static DatabaseClaimSpec extensions(String... names) {
        return extensionsOf(
                Stream.of(names).map(name -> new ExtensionRequest(name, null)).toArray(ExtensionRequest[]::new));
    }

    /** As much as a claim can have. */
    static DatabaseClaimSpec wholeBefore() {
        return new DatabaseClaimSpec(
                null,
                null,
                "10Gi",
                10,
                Map.of("work_mem", "32MB", "statement_timeout", "1min"),
                List.of(new ExtensionRequest("hstore", "1.7"), new ExtensionRequest("pg_trgm", null)),
                List.of("public"),
                List.of(OWNER, entry("second", AccessRole.Owner), entry("gone", AccessRole.Owner), READER),
                null);
    }

    /** The same with a change in every field. */
    static DatabaseClaimSpec wholeAfter() {
        return new DatabaseClaimSpec(
                null,
                null,
                "12Gi",
                12,
                Map.of("work_mem", "64MB", "DateStyle", "ISO, DMY"),
                List.of(new ExtensionRequest("hstore", "1.8"), new ExtensionRequest("citext", null)),
                List.of("public", "audit"),
                List.of(
                        OWNER,
                        entry("second", AccessRole.ReadOnly),
                        entry("report", AccessRole.ReadWrite),
                        entry("new", AccessRole.ReadOnly)),
                null);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is inside a claim's database, as far as it is the operator's business. Only catalogs, never data.
 *
 * @param schemas by name, without PostgreSQL's own
 * @param extensions by name
 * @param defaultPrivileges the owner group's, as {@code kind:grantee:privilege}, such as {@code r:shop_orders_readonly:SELECT}
 * @param findings what somebody should know of, a bounded number
 */
public record Contents(
        Map<String, Schema> schemas,
        Map<String, Extension> extensions,
        Set<String> defaultPrivileges,
        List<Finding> findings) {

    public Contents(Map<String, Schema> schemas, Map<String, Extension> extensions, Set<String> defaultPrivileges) {
        this(schemas, extensions, defaultPrivileges, List.of());
    }

    /** A database just made from template0. */
    public static final Contents FRESH = new Contents(
            Map.of("public", new Schema("pg_database_owner", Map.of("", Set.of("USAGE")))), Map.of(), Set.of());

    /**
     * A schema.
     *
     * @param grants privileges by grantee; PUBLIC is the empty name
     */
    public record Schema(String owner, Map<String, Set<String>> grants) {
        public boolean grants(String grantee, List<String> privileges) {
            return grants.getOrDefault(grantee, Set.of()).containsAll(privileges);
        }
    }

    /** What decides about rights and is not seen in any grant. */
    public enum FindingKind {
        /** A table whose rows are not the same for everybody. */
        RowSecurity,
        /** A function that runs with its owner's rights and by whatever search path its caller has. */
        SecurityDefiner
    }

    /** One of them; {@code name} with its schema, a function's with its arguments. */
    public record Finding(FindingKind kind, String name) {}

    /**
     * An installed extension.
     *
     * @param holdsRows whether a table of it has a size, so that dropping it would lose data
     */
    public record Extension(String version, String schema, boolean holdsRows) {}
}

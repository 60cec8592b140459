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
 */
public record Contents(Map<String, Schema> schemas, Map<String, Extension> extensions, Set<String> defaultPrivileges) {

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

    /**
     * An installed extension.
     *
     * @param holdsRows whether a table of it has a size, so that dropping it would lose data
     */
    public record Extension(String version, String schema, boolean holdsRows) {}
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is on the server for one claim: its ledger row and what the shared catalogs say.
 *
 * @param row the row of the claim's UID or of its database name, {@code null} without one
 * @param roles those of our names that exist
 * @param memberships among those roles and the admin
 * @param settings per role, for this database only
 * @param database {@code null} when there is none of the name
 * @param surroundings what only somebody else can have brought about, as far as it was looked for
 */
public record Observed(
        @Nullable LedgerClaim row,
        Map<String, Role> roles,
        Set<Membership> memberships,
        Map<String, Map<String, String>> settings,
        @Nullable Database database,
        Surroundings surroundings) {

    /** Without a look around. */
    public Observed(
            @Nullable LedgerClaim row,
            Map<String, Role> roles,
            Set<Membership> memberships,
            Map<String, Map<String, String>> settings,
            @Nullable Database database) {
        this(row, roles, memberships, settings, database, Surroundings.NONE);
    }

    /** A role's attributes that we set. */
    public record Role(boolean login, int connectionLimit) {}

    /** {@code member} is in {@code group}. */
    public record Membership(String group, String member, boolean inherit, boolean set) {}

    /**
     * The database.
     *
     * @param connectionLimit -1 for none, -2 for a drop that was cut short
     * @param grants privileges by grantee; PUBLIC is the empty name
     * @param parameters set on the database itself, by PostgreSQL's own spelling
     */
    public record Database(
            String owner,
            int connectionLimit,
            boolean allowConnections,
            Map<String, Set<String>> grants,
            Map<String, String> parameters) {
        static final int BROKEN = -2;

        /** Whether a DROP DATABASE was interrupted: it can only be dropped again. */
        public boolean broken() {
            return connectionLimit == BROKEN;
        }

        /** Whether a grantee holds all of these. */
        public boolean grants(String grantee, List<String> privileges) {
            return grants.getOrDefault(grantee, Set.of()).containsAll(privileges);
        }
    }
}

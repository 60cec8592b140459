// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * A database that somebody else made, as the catalogs tell of it. Never its data.
 *
 * @param owner whose it is
 * @param template whether databases are made from it
 * @param sessions how many there are in it now
 * @param objects what can change hands inside, in the order in which it may; without what belongs to extensions
 * @param others what stays with whom it belongs to, in words
 * @param users roles that own or were granted something inside, have settings for it, may connect in their own right, or
 *     are connected
 * @param extensions by name
 * @param schemas its schemas and whose they are, without PostgreSQL's own
 * @param roles what the admin is to each owner and user
 * @param ways what a superuser has to run so that the admin can take over from a role, by the roles for which that is so
 */
public record Brownfield(
        String owner,
        boolean template,
        int sessions,
        List<Owned> objects,
        List<String> others,
        Set<String> users,
        SortedMap<String, Contents.Extension> extensions,
        SortedMap<String, String> schemas,
        Map<String, Role> roles,
        Map<String, List<String>> ways) {

    /** The role that stands for whoever owns the database. */
    static final String DATABASE_OWNER = "pg_database_owner";

    /**
     * One object.
     *
     * @param kind as ALTER spells it
     * @param identity quoted by PostgreSQL itself
     * @param schema it is in, or is
     */
    public record Owned(String kind, String identity, String schema, String owner) {}

    /**
     * A role.
     *
     * @param inherited whether the admin has its rights already
     * @param reachable whether the admin has them or can give them to itself
     */
    public record Role(boolean superuser, boolean login, boolean inherited, boolean reachable) {}

    /** The same, used by these. */
    public Brownfield usedBy(Set<String> all) {
        return new Brownfield(
                owner, template, sessions, objects, others, Set.copyOf(all), extensions, schemas, roles, ways);
    }

    /** Who an object really belongs to. */
    String ownerOf(Owned object) {
        return object.owner().equals(DATABASE_OWNER) ? owner : object.owner();
    }
}

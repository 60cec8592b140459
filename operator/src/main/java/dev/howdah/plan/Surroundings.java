// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the shared catalogs say about a claim's roles and database beyond what this operator sets.
 *
 * @param memberships all in which a role of the claim is the group or the member
 * @param attributes those that a role of a claim has and never gets from this operator
 * @param settings of the claim's roles, anywhere; names only, for a login may write what it likes there
 * @param changedPasswords logins whose password is not the one that was recorded, where that can be seen
 * @param operators the operator roles that were asked for and exist
 * @param left roles that an earlier claim of the same namespace and name left behind, for something depended on them
 * @param lived whether the owner group owns something in the database of the claim's name, so that it is the claim's
 *     whoever owns it now
 */
public record Surroundings(
        List<Held> memberships,
        Map<String, Set<Step.Attribute>> attributes,
        List<Setting> settings,
        Set<String> changedPasswords,
        Set<String> operators,
        Set<String> left,
        boolean lived) {
    static final Surroundings NONE =
            new Surroundings(List.of(), Map.of(), List.of(), Set.of(), Set.of(), Set.of(), false);

    /**
     * {@code member} is in {@code group}.
     *
     * @param own whether the admin granted it, so that a plain REVOKE takes it back
     * @param creator whether it is what PostgreSQL gives the maker of a role: the right to administer it, and nothing else
     */
    public record Held(String group, String member, String grantor, boolean own, boolean creator) {}

    /** What a role's sessions start with; {@code database} is empty for all of them. */
    public record Setting(String role, String database, Set<String> names) {
        /** In place of the names, of which there are more than anybody wants to read; words fit for a message. */
        public static final String UNREAD = "more than can be read";

        boolean unread() {
            return names.contains(UNREAD);
        }
    }
}

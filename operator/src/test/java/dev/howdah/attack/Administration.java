// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import org.jspecify.annotations.Nullable;

/** Who makes databases for teams and looks after them: Howdah, or somebody who never thought of an attack. */
interface Administration {
    /** Makes a database and a login. */
    Tenant provide(String name);

    /**
     * The day-to-day work in a team's database.
     *
     * @param habit what the naive one does there; Howdah does all it ever does
     * @return what went wrong, {@code null} if nothing
     */
    @Nullable
    String visit(Tenant tenant, Habit habit);

    /** The team asks for something in words of its own. Refusing is fine, and comes back as the answer. */
    @Nullable
    String request(Tenant tenant, Wish wish, String words);

    /** Gives the login another password. */
    @Nullable
    String resetPassword(Tenant tenant);

    /** The team is to have no access any more. */
    @Nullable
    String close(Tenant tenant);

    /** The database goes; what kept it from going comes back. */
    @Nullable
    String remove(Tenant tenant);

    /** The role it works with. */
    String admin();

    /** What a naive administration does in a team's database over its own connection. */
    enum Habit {
        /** Looks objects up in the catalogs by name. */
        LOOKS_UP,
        /** Reads tables and views, for metrics or health. */
        READS,
        /** Writes a heartbeat into a table of the team. */
        WRITES,
        /** Reads, after SET ROLE to the team's login. */
        READS_AS_TENANT,
        /** Makes a schema of its own there. */
        MAKES_SCHEMA,
        /** Takes an advisory lock there. */
        LOCKS,
        /** Leaves a function behind that runs with its own rights. */
        LEAVES_HELPERS,
        /** Calls nothing and reads nothing. */
        CONNECTS
    }

    /** What a team can put into words. */
    enum Wish {
        SCHEMA,
        PARAMETER,
        EXTENSION,
        EXTENSION_VERSION,
        /** Membership in a role, or an attribute of one, for its login. */
        ROLE
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of trying a login from where a developer sits. */
public sealed interface LoginTried {
    record Works(Rights rights) implements LoginTried {}

    /** There was an answer, and it was no. */
    record Refused(String message) implements LoginTried {}

    /** The login is right, and all its sessions are in use. */
    record Full(String message) implements LoginTried {}

    /** There was no answer. */
    record Unreachable(String message) implements LoginTried {}

    /**
     * What the login may do.
     *
     * @param server its version
     * @param actsAs the role its sessions act as: what they make belongs to it
     * @param encrypted whether the session was
     * @param sessions how many it may hold, {@code null} for no limit of its own
     * @param databaseSessions how many all logins of the database may hold together, {@code null} for no limit
     */
    record Rights(
            String server,
            String actsAs,
            boolean encrypted,
            @Nullable Integer sessions,
            @Nullable Integer databaseSessions,
            boolean createSchemas,
            List<Schema> schemas) {}

    /** A schema that it may use, and how many of its tables and views it may read and write. */
    record Schema(String name, boolean create, int tables, int readable, int writable) {}
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tries a login of a claim from where the command runs. The room that may speak SQL does it. */
@FunctionalInterface
public interface Logins {
    /** Never throws for what the server or the network says. */
    Outcome attempt(Attempt attempt);

    /**
     * What an application would use.
     *
     * @param sslMode libpq's word
     * @param caPem what to verify with, {@code null} for nothing
     */
    record Attempt(
            String host,
            int port,
            String database,
            String user,
            String password,
            String sslMode,
            @Nullable String caPem) {
        @Override
        public String toString() {
            return user + "@" + host + ":" + port;
        }
    }

    /** What came of it. */
    sealed interface Outcome {
        record Works(Rights rights) implements Outcome {}

        /** There was an answer, and it was no. */
        record Refused(String message) implements Outcome {}

        /** The login is right, and all its sessions are in use. */
        record Full(String message) implements Outcome {}

        /** There was no answer. */
        record Unreachable(String message) implements Outcome {}
    }

    /**
     * What the login may do.
     *
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

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.sql.SQLException;

/**
 * Keeps two operators from writing at once. Each leader has an epoch; every writing transaction fails once a later one
 * is in the ledger, and a new leader waits until no session of an earlier one is left. A session says by a shared lock
 * of which epoch it is; those of one epoch never wait for each other, so a server may be opened anew beside itself.
 */
final class Fence {
    /** Any number that is ours: nobody else can take locks in the ledger's database. */
    private static final int WRITERS = 485_199_031;

    private Fence() {}

    /** What every session that may write begins with. */
    static String share(long epoch) {
        return "SELECT pg_advisory_lock_shared(" + WRITERS + ", " + Math.toIntExact(epoch) + ")";
    }

    /**
     * Takes over. Changes nothing when this process holds the fence already.
     *
     * @param transitions of the Lease, at least this high the epoch will be
     * @return the epoch in force
     */
    static long take(Session connection, String holder, long transitions) throws SQLException {
        var me = Quoting.literal(holder);
        Batches.run(
                connection,
                "UPDATE howdah.fence SET epoch = greatest(epoch + (holder <> " + me + ")::int, " + transitions
                        + "), holder = " + me + " WHERE holder <> " + me);
        var text = Batches.run(connection, "SELECT epoch::text FROM howdah.fence WHERE holder = " + me);
        if (text == null) {
            throw new SQLException(SqlFailure.FENCED_OUT + ", another operator took over", "22P02");
        }
        var epoch = Long.parseLong(text);
        Batches.run(
                connection,
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND usename = session_user AND application_name ~ '^howdah/[0-9]+$'"
                        + " AND split_part(application_name, '/', 2)::bigint < " + epoch
                        + "; SELECT pg_advisory_lock(" + WRITERS + ", old), pg_advisory_unlock(" + WRITERS + ", old)"
                        + " FROM (SELECT DISTINCT objid::int AS old FROM pg_locks WHERE locktype = 'advisory'"
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                        + " AND classid = " + WRITERS + " AND objsubid = 2 AND objid < " + epoch + ") AS held");
        return epoch;
    }
}

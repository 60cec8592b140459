// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends statements together as one message, which PostgreSQL runs in one transaction, and waits a bounded time. */
final class Batches {
    private static final Duration DEADLINE = Duration.ofSeconds(25);

    private Batches() {}

    static @Nullable String run(Session session, String sql) throws SQLException {
        return run(session, sql, DEADLINE, List.of());
    }

    /** The same for what always has an answer. */
    static String ask(Session session, String sql) throws SQLException {
        return answer(run(session, sql));
    }

    static String answer(@Nullable String result) {
        if (result == null) {
            throw new IllegalStateException("the server did not answer the question");
        }
        return result;
    }

    /**
     * Runs the statements.
     *
     * @param deadline after which they are cancelled; the socket is given up some seconds later
     * @param tolerated SQLSTATEs of warnings that do not matter here
     * @return the first column of the first row of the last result, {@code null} without one
     * @throws SqlFailure when a statement went through with a warning that means it did not do its work
     */
    static @Nullable String run(Session session, String sql, Duration deadline, List<String> tolerated)
            throws SQLException {
        var begun = session.clock().instant();
        var well = false;
        try {
            var last = send(session.connection(), sql, deadline, tolerated);
            well = true;
            return last;
        } finally {
            session.traffic().sent(begun, session.clock().instant(), well);
        }
    }

    private static @Nullable String send(Connection connection, String sql, Duration deadline, List<String> tolerated)
            throws SQLException {
        var longer = deadline.compareTo(DEADLINE) > 0;
        if (longer) {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(deadline.toMillis() + 5_000));
        }
        try (var statement = connection.createStatement()) {
            statement.setQueryTimeout(Math.toIntExact(deadline.toSeconds()));
            var last = results(statement, sql);
            refuseWarnings(statement.getWarnings(), tolerated);
            return last;
        } finally {
            if (longer && !connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, Math.toIntExact(Connections.ANSWER_TIMEOUT.toMillis()));
            }
        }
    }

    private static @Nullable String results(Statement statement, String sql) throws SQLException {
        String last = null;
        var rows = statement.execute(sql);
        while (rows || statement.getUpdateCount() != -1) {
            if (rows) {
                try (var result = statement.getResultSet()) {
                    last = result.next() ? result.getString(1) : null;
                }
            }
            rows = statement.getMoreResults();
        }
        return last;
    }

    /** A GRANT or REVOKE that did nothing only warns; a cancelled wait for a standby warns after it has committed. */
    private static void refuseWarnings(@Nullable SQLWarning first, List<String> tolerated) {
        for (var warning = first; warning != null; warning = warning.getNextWarning()) {
            var state = SqlFailure.state(warning);
            if (!tolerated.contains(state)) {
                throw SqlFailure.warning("done, but with a warning", state, String.valueOf(warning.getMessage()));
            }
        }
    }
}

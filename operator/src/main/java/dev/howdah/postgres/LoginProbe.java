// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Tries a published login the way an application would. */
public final class LoginProbe {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final String TOO_MANY_CONNECTIONS = "53300";
    private static final String WRONG_PASSWORD = "28P01";

    private LoginProbe() {}

    /** What came of it. */
    public sealed interface Result {
        record Works() implements Result {}

        /** The claim's own limit is used up: the login is right, there is just no room now. */
        record Exhausted(String message) implements Result {}

        /** {@code password}: that is what was refused, so that another one may work. */
        record Fails(String message, boolean password) implements Result {}
    }

    /** A session that its client has just closed holds its place a moment longer: no room is asked for again. */
    static Result probe(ConnectionTarget target, String database, String user, String password) {
        var result = once(target, database, user, password);
        for (int again = 0; again < 2 && result instanceof Result.Exhausted; again++) {
            LockSupport.parkNanos(PAUSE.toNanos());
            result = once(target, database, user, password);
        }
        return result;
    }

    private static Result once(ConnectionTarget target, String database, String user, String password) {
        try (var connection = Connections.login(target, database, user, password);
                var statement = connection.createStatement()) {
            statement.execute(Catalogs.PROBE);
            return new Result.Works();
        } catch (SQLException e) {
            var text = e.getMessage() == null
                    ? ""
                    : e.getMessage().lines().findFirst().orElse("");
            if (TOO_MANY_CONNECTIONS.equals(e.getSQLState())) {
                return new Result.Exhausted(text);
            }
            var failure = SqlFailure.of("try the login " + user, e);
            if (failure.kind() == SqlFailure.Kind.Transient || failure.kind() == SqlFailure.Kind.Uncertain) {
                // Such as of a server that shuts down, or starts: it says nothing about the login.
                throw failure;
            }
            return new Result.Fails(
                    text + " (SQLSTATE " + e.getSQLState() + ")", WRONG_PASSWORD.equals(e.getSQLState()));
        }
    }
}

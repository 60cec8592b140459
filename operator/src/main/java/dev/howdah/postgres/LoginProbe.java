// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.sql.SQLException;

/** Tries a published login the way an application would. */
public final class LoginProbe {
    private static final String TOO_MANY_CONNECTIONS = "53300";

    private LoginProbe() {}

    /** What came of it. */
    public sealed interface Result {
        record Works() implements Result {}

        /** The claim's own limit is used up: the login is right, there is just no room now. */
        record Exhausted(String message) implements Result {}

        record Fails(String message) implements Result {}
    }

    static Result probe(ConnectionTarget target, String database, String user, String password) {
        try (var connection = Connections.login(target, database, user, password);
                var statement = connection.createStatement()) {
            statement.execute(Catalogs.PROBE);
            return new Result.Works();
        } catch (SQLException e) {
            var text = e.getMessage() == null
                    ? ""
                    : e.getMessage().lines().findFirst().orElse("");
            return TOO_MANY_CONNECTIONS.equals(e.getSQLState())
                    ? new Result.Exhausted(text)
                    : new Result.Fails(text + " (SQLSTATE " + e.getSQLState() + ")");
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import dev.howdah.testenv.PostgresLogin;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * A PostgreSQL server without TLS.
 *
 * @param host as the operator and applications reach it
 * @param port likewise
 * @param nearHost as this process reaches it
 * @param nearPort likewise
 */
record Database(String host, int port, PostgresLogin admin, String nearHost, int nearPort) {
    /** With what a Secret holds. */
    Connection connect(String database, String user, String password) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "10");
        var connection = new Driver()
                .connect(
                        "jdbc:postgresql://%s:%d/%s?sslmode=disable".formatted(nearHost, nearPort, database),
                        properties);
        if (connection == null) {
            throw new SQLException("the driver does not take this address");
        }
        return connection;
    }
}

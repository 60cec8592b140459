// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** {@code DATABASE_URL} of a Secret, as most frameworks take it. */
record DatabaseUrl(URI uri) {
    static DatabaseUrl parse(String text) {
        return new DatabaseUrl(URI.create(text));
    }

    String user() {
        return uri.getUserInfo().split(":", 2)[0];
    }

    String password() {
        return uri.getUserInfo().split(":", 2)[1];
    }

    String database() {
        return uri.getPath().substring(1);
    }

    Connection connect() throws SQLException {
        // The JDBC driver wants the login apart from the URL.
        var url = "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath() + "?" + uri.getQuery();
        return DriverManager.getConnection(url, user(), password());
    }

    /** The same for a shell. */
    String psql() {
        return "PGPASSWORD=" + password() + " psql -h " + uri.getHost() + " -p " + uri.getPort() + " -U " + user() + " "
                + database();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;

/** A connection of the operator's, with the books in which what it sends is counted. */
record Session(Connection connection, SqlTraffic traffic, InstantSource clock) implements AutoCloseable {

    /** Ends it without a word to the server: who gets it next must not find it as it is. */
    void abort() throws SQLException {
        connection.abort(Runnable::run);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.testenv.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A team with a database on the server, and the credentials of its Secret. */
abstract class Tenant {
    private final TestPostgres postgres;

    Tenant(TestPostgres postgres) {
        this.postgres = postgres;
    }

    abstract String database();

    abstract String login();

    /** As the Secret has it now. */
    abstract String password();

    /** All roles that are this team's. */
    abstract List<String> roles();

    /** The role that owns what the team makes. */
    abstract String owner();

    Connection connect() throws SQLException {
        return connect(database());
    }

    Connection connect(String other) throws SQLException {
        return postgres.connect(other, login(), password());
    }

    @Nullable
    String sql(String sql) throws SQLException {
        try (var connection = connect()) {
            return Sql.first(connection, sql);
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import dev.howdah.Rows;
import dev.howdah.Secrets;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tests ask and tell PostgreSQL, as its superuser or as a login of a Secret. */
final class Sql {
    private Sql() {}

    static List<String> rows(TestPostgres postgres, String database, String sql) {
        try (var connection = postgres.connect(database)) {
            return rows(connection, sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    static List<String> rows(Connection connection, String sql) throws SQLException {
        return Rows.of(connection, sql);
    }

    static void run(TestPostgres postgres, String database, String sql) {
        rows(postgres, database, sql);
    }

    static List<String> ledger(TestPostgres postgres, String sql) {
        return rows(postgres, "howdah", sql);
    }

    static List<String> databases(TestPostgres postgres) {
        return rows(postgres, "postgres", "SELECT datname FROM pg_database ORDER BY 1");
    }

    static List<String> roles(TestPostgres postgres, String prefix) {
        return rows(
                postgres,
                "postgres",
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, '" + prefix + "_') ORDER BY 1");
    }

    static Connection login(TestPostgres postgres, @Nullable Secret secret) throws SQLException {
        return postgres.connect(
                Secrets.value(secret, "database"),
                new PostgresLogin(Secrets.value(secret, "username"), Secrets.value(secret, "password")));
    }
}

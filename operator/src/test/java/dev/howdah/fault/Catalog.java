// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import dev.howdah.Rows;
import dev.howdah.Secrets;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** SQL on a {@link Rig}'s server, past the proxy. */
final class Catalog implements AutoCloseable {
    private final TestPostgres server;
    private Connection catalog;

    Catalog(TestPostgres server) throws SQLException {
        this.server = server;
        this.catalog = server.connect("postgres");
    }

    List<String> rows(String sql) {
        try {
            synchronized (this) {
                if (!catalog.isValid(1)) {
                    catalog = server.connect("postgres");
                }
                return rows(catalog, sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    void rowsAtOnce(String database, String... statements) {
        try (var connection = server.connect(database)) {
            for (var statement : statements) {
                rows(connection, statement);
            }
        } catch (SQLException e) {
            throw new AssertionError(List.of(statements).toString(), e);
        }
    }

    List<String> rows(String database, String sql) {
        try (var connection = server.connect(database)) {
            return rows(connection, sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    static List<String> rows(Connection connection, String sql) throws SQLException {
        return Rows.of(connection, sql);
    }

    /** As the login of a Secret, straight to the server. */
    Connection login(Secret secret) throws SQLException {
        return server.connect(
                Secrets.value(secret, "database"),
                new PostgresLogin(Secrets.value(secret, "username"), Secrets.value(secret, "password")));
    }

    /** Transactions that wrote, on the whole server: each takes the next number. */
    long transactions() {
        return Long.parseLong(
                rows("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").getFirst());
    }

    boolean hasDatabase(String database) {
        return !rows("SELECT 1 FROM pg_database WHERE datname = '" + database + "'")
                .isEmpty();
    }

    /** The database and its roles, whatever the ledger says. */
    void forgetDatabase(String database) {
        rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database + "'");
        if (hasDatabase(database)) {
            rows("DROP DATABASE \"" + database + "\" WITH (FORCE)");
        }
        var roles = rows("SELECT quote_ident(rolname) FROM pg_roles WHERE starts_with(rolname, '" + database + "_')");
        if (!roles.isEmpty()) {
            rows("DROP ROLE " + String.join(", ", roles));
        }
    }

    @Override
    public void close() throws SQLException {
        catalog.close();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import static org.awaitility.Awaitility.await;

import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;

/** A server of its own for the attacks of one major and one kind of admin. */
final class World implements AutoCloseable {
    private static final int CONNECTIONS = 40;

    final int major;
    final boolean superuser;
    private final TestPostgres postgres;

    private World(int major, boolean superuser, TestPostgres postgres) {
        this.major = major;
        this.superuser = superuser;
        this.postgres = postgres;
    }

    static World start(int major, boolean superuser) {
        var options = PostgresOptions.major(major)
                .withMaxConnections(CONNECTIONS)
                .with("cluster_name", "attacks-" + major + "-" + superuser)
                // Whatever can show a password shows it.
                .with("log_statement", "all")
                .with("log_min_duration_statement", "0")
                .with("log_connections", "on")
                .with("shared_preload_libraries", "pg_stat_statements")
                .with("pg_stat_statements.track", "all")
                .with("max_prepared_transactions", "4")
                .with("shared_buffers", "16MB");
        return new World(major, superuser, TestPostgres.start(options));
    }

    TestPostgres postgres() {
        return postgres;
    }

    /** Such as 18.6. */
    String version() {
        return dba("postgres", "SHOW server_version").split(" ", 2)[0];
    }

    String mode() {
        return superuser ? "superuser" : "plain";
    }

    /** As the superuser, who sees what came of it and does what only a DBA can. */
    String dba(String database, String sql) {
        try (var connection = postgres.connect(database)) {
            return Sql.first(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** A session that its client has closed holds its place a moment longer. */
    void awaitNoSessionsOf(String login) {
        await().until(() -> dba("postgres", "SELECT count(*) FROM pg_stat_activity WHERE usename = " + Sql.lit(login))
                .equals("0"));
    }

    @Override
    public void close() {
        postgres.close();
    }

    @Override
    public String toString() {
        return "PostgreSQL " + major + " " + mode();
    }
}

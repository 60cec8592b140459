// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;

/** A server that logs every statement and connection, and so counts what reaches it. */
record CountedServer(String name, TestPostgres postgres, PostgresLogin admin) implements AutoCloseable {
    static CountedServer withSuperuser(String name, int major) {
        var postgres = TestPostgres.start(options(major));
        return new CountedServer(name, postgres, new PostgresLogin(postgres.superuser(), postgres.superuserPassword()));
    }

    static CountedServer withPlainAdmin(String name, int major) throws SQLException {
        var postgres = TestPostgres.start(options(major).withTls());
        return new CountedServer(name, postgres, postgres.createAdmin("platform_admin"));
    }

    private static PostgresOptions options(int major) {
        return PostgresOptions.major(major)
                .with("log_statement", "all")
                .with("log_connections", "on")
                // Its own work must not be taken for ours.
                .with("autovacuum", "off");
    }

    /** A place in its log. */
    long mark() {
        return postgres.logFile().toFile().length();
    }

    /**
     * Messages with SQL in them since the mark. PostgreSQL logs a message of the simple protocol as one statement, however
     * many statements it holds, and one of the extended protocol as one execution: each is a round trip.
     */
    long messages(long mark) {
        return count(mark, "LOG:  statement: ") + count(mark, "LOG:  execute ");
    }

    /** Logins that succeeded since the mark. */
    long connections(long mark) {
        return count(mark, "LOG:  connection authorized: ");
    }

    /** Logins of claims that were tried since the mark. */
    long probes(long mark) {
        return count(mark, "application_name=howdah probe");
    }

    /** Questions about all claims at once since the mark. */
    long sweeps(long mark) {
        return count(mark, "LOG:  statement: SELECT json_build_object('inRecovery'");
    }

    private long count(long mark, String text) {
        return since(mark).lines().filter(line -> line.contains(text)).count();
    }

    String since(long mark) {
        return new ServerLog(postgres.logFile(), mark).text();
    }

    /** Rows written in all databases and all catalogs since the server started, so that no DDL goes unseen. */
    long rowsWritten() throws SQLException {
        try (var connection = postgres.connect("postgres")) {
            return number(
                    connection, "SELECT sum(tup_inserted + tup_updated + tup_deleted)::bigint FROM pg_stat_database");
        }
    }

    /** Sessions of clients, our own apart. */
    static long sessions(Connection own) throws SQLException {
        return number(
                own,
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        postgres.close();
    }
}

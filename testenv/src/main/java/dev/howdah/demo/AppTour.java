// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import java.sql.Connection;
import java.sql.SQLException;

/** What an application does with its Secrets. Every step says what it did, or fails with what was otherwise. */
final class AppTour {
    private static final String CLAIM = "catalog";
    private static final String OWNER_SECRET = "catalog-db";
    private static final String REPORT_SECRET = "catalog-reports";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String INVALID_PASSWORD = "28";
    private static final int ROWS = 3;

    private final DemoCluster cluster;
    private final Narrator narrator;

    AppTour(DemoCluster cluster, Narrator narrator) {
        this.cluster = cluster;
        this.narrator = narrator;
    }

    void write() throws SQLException {
        var url = cluster.databaseUrl(OWNER_SECRET);
        try (var connection = url.connect()) {
            run(connection, "CREATE TABLE product (id int PRIMARY KEY, name text NOT NULL, properties hstore)");
            run(connection, "CREATE INDEX ON product USING gin (name gin_trgm_ops)");
            run(
                    connection,
                    "INSERT INTO product VALUES (1, 'saddle', 'colour=>brown'), (2, 'canopy', NULL), (3, 'rope', NULL)");
        }
        narrator.line("as " + url.user() + ", by DATABASE_URL of " + OWNER_SECRET + ": made a table, wrote " + ROWS
                + " rows");
    }

    void readOnly() throws SQLException {
        var url = cluster.databaseUrl(REPORT_SECRET);
        try (var connection = url.connect()) {
            expectRows(connection);
            narrator.line("as " + url.user() + ", the read-only login: read " + ROWS + " rows");
            run(connection, "INSERT INTO product VALUES (4, 'stolen', NULL)");
            throw new NotAsPromised("the read-only login could write");
        } catch (SQLException e) {
            if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw e;
            }
            narrator.line("and a write: " + Demo.firstLine(e) + " (SQLSTATE " + e.getSQLState() + ")");
        }
    }

    /** The claim goes and comes back, and finds its data. */
    void deleteAndReapply(Runnable apply) throws SQLException {
        var former = cluster.databaseUrl(OWNER_SECRET);
        cluster.deleteClaim(CLAIM);
        DemoCluster.await(
                "Secret " + OWNER_SECRET + " is not gone", () -> cluster.hasSecret(OWNER_SECRET) ? null : CLAIM);
        try (var _ = former.connect()) {
            throw new NotAsPromised("the login of the deleted claim still works");
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(INVALID_PASSWORD)) {
                throw e;
            }
        }
        narrator.line(
                "kubectl delete dbclaim " + CLAIM + ": the Secrets are gone and the logins closed, the database stays");

        apply.run();
        var back = DemoCluster.await("claim " + CLAIM + " is not ready again", () -> {
            var now = cluster.claim(DemoCluster.TEAM + "/" + CLAIM);
            return now.ready().equals("True") ? now : null;
        });
        try (var connection = cluster.databaseUrl(OWNER_SECRET).connect()) {
            expectRows(connection);
        }
        narrator.line(
                "kubectl apply again: " + back.outcome() + ", a new password, and the " + ROWS + " rows are there");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void expectRows(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM product")) {
            rows.next();
            if (rows.getInt(1) != ROWS) {
                throw new NotAsPromised("product has " + rows.getInt(1) + " rows instead of " + ROWS);
            }
        }
    }
}

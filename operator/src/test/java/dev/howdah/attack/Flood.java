// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.testenv.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Sessions until no more are given. */
final class Flood implements AutoCloseable {
    private static final int MOST = 60;

    private final Tenant tenant;
    private final TestPostgres postgres;
    private final List<Connection> sessions = new ArrayList<>();

    Flood(Tenant tenant, TestPostgres postgres) {
        this.tenant = tenant;
        this.postgres = postgres;
    }

    void into(String database) {
        while (sessions.size() < MOST) {
            try {
                sessions.add(postgres.connect(database, tenant.login(), tenant.password()));
            } catch (SQLException e) {
                return;
            }
        }
    }

    int size() {
        return sessions.size();
    }

    @Override
    public void close() throws SQLException {
        for (var session : sessions) {
            session.close();
        }
    }
}

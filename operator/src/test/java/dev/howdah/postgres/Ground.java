// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.ServerLog;
import dev.howdah.api.v1alpha1.PostgresServerSpec.SslMode;
import dev.howdah.postgres.ServerOpening.Expectation;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestEnvironment;
import dev.howdah.testenv.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real server of one major version with one kind of admin, shared by the tests of this JVM; it logs every statement. */
record Ground(TestPostgres postgres, AdminKind kind, PostgresLogin admin) {
    static final String INSTALLATION = "b7a0c3de-0000-4000-8000-000000000001";
    static final String HOLDER = "test";

    static Ground of(int major, AdminKind kind) {
        var postgres = TestEnvironment.postgres(options(major).with("cluster_name", major + "-" + kind));
        return on(postgres, kind);
    }

    static PostgresOptions options(int major) {
        return PostgresOptions.major(major)
                .with("log_statement", "all")
                .with("log_connections", "on")
                .with("max_prepared_transactions", "5")
                .with("shared_buffers", "16MB");
    }

    /** Makes the admin when it is not there yet; its password is its own name, known to these tests only. */
    static Ground on(TestPostgres postgres, AdminKind kind) {
        if (kind == AdminKind.SUPERUSER) {
            return new Ground(postgres, kind, new PostgresLogin(postgres.superuser(), postgres.superuserPassword()));
        }
        var login = new PostgresLogin("platform admin", "platform-admin-of-the-tests");
        var verifier = Quoting.literal(Scram.verifier(login.password()));
        var ground = new Ground(postgres, kind, login);
        if (ground.asSuperuser("postgres", "SELECT 1 FROM pg_roles WHERE rolname = 'platform admin'") == null) {
            ground.asSuperuser(
                    "postgres", "CREATE ROLE \"platform admin\" LOGIN CREATEDB CREATEROLE PASSWORD " + verifier);
        }
        return ground;
    }

    /** All majors and both kinds. */
    static Stream<Ground> all() {
        return Stream.of(15, 16, 17, 18)
                .flatMap(major -> Stream.of(AdminKind.values()).map(kind -> of(major, kind)));
    }

    /** The oldest and the newest major with both kinds; {@code make majors} has those in between too. */
    static Stream<Ground> oldestAndNewest() {
        if (Boolean.getBoolean("howdah.majors.all")) {
            return all();
        }
        return Stream.of(15, 18).flatMap(major -> Stream.of(AdminKind.values()).map(kind -> of(major, kind)));
    }

    ConnectionTarget target() {
        return targetOf(admin.name(), admin.password());
    }

    ConnectionTarget targetOf(String user, String password) {
        return new ConnectionTarget(
                postgres.host(), postgres.port(), "postgres", user, password, SslMode.DISABLE, null);
    }

    HostedServer open() {
        return open(HOLDER);
    }

    HostedServer open(String holder) {
        return ServerOpening.open(target(), expectation(holder), InstantSource.system(), new SqlTraffic());
    }

    /** Has both sessions of the pool opened. */
    void warm(HostedServer server) {
        try (var _ = new TestClaim(this, server, "warm", "one").begin();
                var _ = new TestClaim(this, server, "warm", "two").begin()) {
            assertThat(server.identity()).isNotNull();
        }
    }

    static Expectation expectation(String holder) {
        return new Expectation(INSTALLATION, holder, 0, null, null, 0);
    }

    /** The first column of the first row as the superuser, outside of all that is tested. */
    @Nullable
    boolean hasDatabase(String name) {
        return asSuperuser("postgres", "SELECT count(*) FROM pg_database WHERE datname = '" + name + "'")
                .equals("1");
    }

    String asSuperuser(String database, String sql) {
        try (var connection = postgres.connect(database)) {
            return first(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static @Nullable String first(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            String last = null;
            var rows = statement.execute(sql);
            while (rows || statement.getUpdateCount() != -1) {
                if (rows) {
                    var result = statement.getResultSet();
                    last = result.next() ? result.getString(1) : null;
                }
                rows = statement.getMoreResults();
            }
            return last;
        }
    }

    /** What the server logs from now on. */
    Log log() {
        return new Log(ServerLog.from(postgres));
    }

    /** A part of the server's log. */
    record Log(ServerLog log) {
        String text() {
            return log.text();
        }

        List<String> statements() {
            return log.statements();
        }

        long connections() {
            return text().lines()
                    .filter(line -> line.contains("connection authorized: "))
                    .count();
        }
    }

    @Override
    public String toString() {
        return postgres.major() + " " + kind.name().toLowerCase(Locale.ROOT);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.PostgresServerSpec.SslMode;
import dev.howdah.plan.LoginTried;
import java.security.cert.CertificateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import javax.net.ssl.SSLException;

/** Tries a login from anywhere, such as a developer's machine, and asks what it may do. Unlike a probe it is curious. */
public final class LoginTrial {
    private static final String TOO_MANY_CONNECTIONS = "53300";
    private static final String STARTING = "57P03";
    private static final String REJECTED = "08004";

    /** Of the session's own login, by its own eyes. */
    private static final String RIGHTS = """
            SELECT json_build_object(
              'server', current_setting('server_version'),
              'actsAs', current_user,
              'encrypted', ?::boolean,
              'sessions', (SELECT nullif(r.rolconnlimit, -1) FROM pg_roles r WHERE r.rolname = session_user),
              'databaseSessions', (SELECT nullif(d.datconnlimit, -1) FROM pg_database d
                WHERE d.datname = current_database()),
              'createSchemas', has_database_privilege(current_database(), 'CREATE'),
              'schemas', (SELECT coalesce(json_agg(json_build_object(
                  'name', n.nspname,
                  'create', has_schema_privilege(n.oid, 'CREATE'),
                  'tables', t.tables, 'readable', t.readable, 'writable', t.writable) ORDER BY n.nspname), '[]')
                FROM pg_namespace n, LATERAL (SELECT count(*) AS tables,
                    count(*) FILTER (WHERE has_table_privilege(c.oid, 'SELECT')) AS readable,
                    count(*) FILTER (WHERE has_table_privilege(c.oid, 'INSERT')
                      AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')) AS writable
                  FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')) t
                WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
                  AND has_schema_privilege(n.oid, 'USAGE')))::text""";

    /** As the login itself: PostgreSQL shows the group that it acts as nothing of the session. */
    private static final String ENCRYPTED = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    private LoginTrial() {}

    /** Logs in as an application would. {@code target} is where, its admin is not asked. */
    public static LoginTried of(ConnectionTarget target, String database, String user, String password) {
        try (var connection = Connections.login(target, database, user, password);
                var statement = connection.prepareStatement(RIGHTS)) {
            statement.setBoolean(1, isEncrypted(connection));
            try (ResultSet rights = statement.executeQuery()) {
                rights.next();
                return new LoginTried.Works(Json.read(rights.getString(1), LoginTried.Rights.class));
            }
        } catch (SQLException e) {
            return failed(target, e);
        }
    }

    private static boolean isEncrypted(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET ROLE NONE");
            boolean encrypted;
            try (ResultSet session = statement.executeQuery(ENCRYPTED)) {
                encrypted = session.next() && session.getBoolean(1);
            }
            // Back to the group, which the login has as its default.
            statement.execute("RESET ROLE");
            return encrypted;
        }
    }

    /** libpq's word for how a connection is encrypted; {@code require} where it is none that we publish. */
    public static SslMode sslMode(String word) {
        return Arrays.stream(SslMode.values())
                .filter(mode -> mode.word().equals(word))
                .findFirst()
                .orElse(SslMode.REQUIRE);
    }

    private static LoginTried failed(ConnectionTarget target, SQLException e) {
        var state = SqlFailure.state(e);
        var text = Unreached.firstLine(e);
        if (state.equals(TOO_MANY_CONNECTIONS)) {
            return new LoginTried.Full(text);
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException || cause instanceof CertificateException) {
                return new LoginTried.Refused(text);
            }
        }
        var silent = (state.startsWith("08") && !state.equals(REJECTED)) || state.equals(STARTING);
        return silent
                ? new LoginTried.Unreachable(Unreached.why(target, e))
                : new LoginTried.Refused(text + " (SQLSTATE " + state + ")");
    }
}

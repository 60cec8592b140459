// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.PostgresServerSpec.SslMode;
import dev.howdah.api.v1alpha1.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.SSLException;
import org.postgresql.Driver;

/**
 * Opens connections. What a tenant may have set on its database binds every session in it, an admin's too, unless the
 * startup packet says otherwise: so all that could turn a session against us is said there.
 */
final class Connections {
    /** Waits for a socket and for the login, each. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** Longest silence of a server before a round trip is given up. */
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private static final List<String> HARDENED = List.of(
            "search_path=pg_catalog,pg_temp",
            "role=none",
            "local_preload_libraries=",
            "standard_conforming_strings=on",
            "default_transaction_read_only=off",
            "password_encryption=scram-sha-256",
            "synchronous_commit=on",
            "client_min_messages=warning",
            "statement_timeout=300000",
            "lock_timeout=5000",
            "idle_session_timeout=0",
            "idle_in_transaction_session_timeout=60000",
            "row_security=off",
            "default_transaction_isolation=read\\ committed",
            "default_transaction_deferrable=off",
            "exit_on_error=off",
            "transform_null_equals=off",
            "quote_all_identifiers=off",
            "array_nulls=on",
            "default_tablespace=",
            "temp_tablespaces=",
            "default_table_access_method=heap",
            "tcp_user_timeout=0",
            "client_connection_check_interval=0",
            "work_mem=4MB",
            "jit=off",
            "max_parallel_workers_per_gather=0",
            "enable_indexscan=on",
            "enable_bitmapscan=on",
            "enable_hashjoin=on");

    /**
     * A probe finds out whether a login works, not how fast or isolated its sessions are. What a login has set on itself
     * comes back to whoever opens its session, as a reported value (search_path, since 18) or in a warning that it is not
     * valid, and as long as the login likes: so none of it is sent.
     */
    private static final String PROBE = "-c statement_timeout=25000 -c default_transaction_isolation=read\\ committed"
            + " -c default_transaction_deferrable=off -c idle_session_timeout=0"
            + " -c idle_in_transaction_session_timeout=0 -c client_min_messages=error"
            + " -c search_path=pg_catalog,pg_temp";

    private static final int SELF_GRANT_SINCE = 16;
    private static final int TRANSACTION_TIMEOUT_SINCE = 17;

    private Connections() {}

    /** Who is connecting, as far as it changes what may be said in the startup packet. */
    record Admin(boolean superuser, int majorVersion) {
        /** Before the server was asked: only what every version and admin accepts. */
        static final Admin UNKNOWN = new Admin(false, 0);
    }

    static Connection admin(ConnectionTarget target, String database, String applicationName, Admin admin)
            throws SQLException {
        return connect(target, database, adminProperties(target, applicationName, admin));
    }

    static Properties adminProperties(ConnectionTarget target, String applicationName, Admin admin) {
        var settings = new ArrayList<>(HARDENED);
        if (admin.majorVersion() >= SELF_GRANT_SINCE) {
            // Some managed services set it: the admin would inherit every role it makes.
            settings.add("createrole_self_grant=");
        }
        if (admin.majorVersion() >= TRANSACTION_TIMEOUT_SINCE) {
            settings.add("transaction_timeout=0");
        }
        if (admin.superuser()) {
            settings.add("session_preload_libraries=");
            if (admin.majorVersion() >= TRANSACTION_TIMEOUT_SINCE) {
                settings.add("event_triggers=off");
            }
        }
        var properties = common(target, applicationName);
        properties.setProperty("user", target.user());
        properties.setProperty("password", target.password());
        properties.setProperty("options", "-c " + String.join(" -c ", settings));
        return properties;
    }

    /** As a login of a claim, the way its application would come. */
    static Connection login(ConnectionTarget target, String database, String user, String password)
            throws SQLException {
        var properties = common(target, "howdah probe");
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("options", PROBE);
        return connect(target, database, properties);
    }

    private static Connection connect(ConnectionTarget target, String database, Properties properties)
            throws SQLException {
        var connection = new Driver().connect(url(target, database), properties);
        if (connection == null) {
            throw new IllegalStateException("the driver refused its own URL");
        }
        return connection;
    }

    static String url(ConnectionTarget target, String database) {
        var host = target.host().contains(":") ? "[" + target.host() + "]" : target.host();
        return "jdbc:postgresql://" + host + ":" + target.port() + "/"
                + java.net.URLEncoder.encode(database, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static Properties common(ConnectionTarget target, String applicationName) {
        var properties = new Properties();
        properties.setProperty("ApplicationName", applicationName);
        // With these two the driver sends nothing of its own after the login.
        properties.setProperty("assumeMinServerVersion", "15");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
        properties.setProperty("loginTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
        properties.setProperty("socketTimeout", String.valueOf(ANSWER_TIMEOUT.toSeconds()));
        properties.setProperty("sslmode", target.sslMode().word());
        var verifies = target.sslMode() == SslMode.VERIFY_CA || target.sslMode() == SslMode.VERIFY_FULL;
        if (verifies && target.caPem() != null) {
            properties.setProperty("sslfactory", TrustedCertificates.class.getName());
            properties.setProperty(TrustedCertificates.PEM, target.caPem());
        } else if (verifies) {
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        return properties;
    }

    /** Why a connection could not be made, in words that say what to do. */
    static ServerRefused refusal(ConnectionTarget target, SQLException e) {
        var state = SqlFailure.state(e);
        var text = Unreached.firstLine(e);
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException || cause instanceof java.security.cert.CertificateException) {
                return new ServerRefused(
                        Reason.CertificateNotTrusted,
                        "the TLS certificate of %s:%d is not trusted (%s); put the right `ca.crt` into the admin Secret, or check `spec.external.host`"
                                .formatted(target.host(), target.port(), cause.getMessage()),
                        e);
            }
        }
        if (text.contains("hostname") && text.contains("verif")) {
            return new ServerRefused(
                    Reason.CertificateNotTrusted,
                    "the TLS certificate of %s:%d was made for another host name (%s); correct `spec.external.host` or the certificate"
                            .formatted(target.host(), target.port(), text),
                    e);
        }
        if (text.contains("does not support SSL")) {
            return new ServerRefused(
                    Reason.Unreachable,
                    "%s:%d does not offer TLS; turn `ssl` on there, or write out `spec.external.sslMode: disable`"
                            .formatted(target.host(), target.port()),
                    e);
        }
        if (state.startsWith("28")) {
            return new ServerRefused(
                    Reason.AuthenticationFailed,
                    "%s:%d refuses the admin \"%s\" (%s); correct `username` and `password` in the admin Secret, or pg_hba.conf"
                            .formatted(target.host(), target.port(), target.user(), text),
                    e);
        }
        return new ServerRefused(
                Reason.Unreachable,
                "%s:%d cannot be reached: %s; check `spec.external`, the network and that PostgreSQL is running"
                        .formatted(target.host(), target.port(), Unreached.why(target, e)),
                e);
    }
}

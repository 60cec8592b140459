// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a server for tests shall be like.
 *
 * @param major 15, 16, 17 or 18
 * @param maxConnections PostgreSQL's {@code max_connections}
 * @param tls whether the server has a certificate and refuses connections without TLS
 * @param settings further settings of {@code postgresql.conf}, by name; they win over ours
 * @param logFile where the server writes its log; in the server's own directory, and removed with it, when empty
 */
public record PostgresOptions(
        int major, int maxConnections, boolean tls, Map<String, String> settings, Optional<Path> logFile) {

    /** The options in an order that does not depend on how they were given. */
    public PostgresOptions {
        settings = Map.copyOf(settings);
    }

    /** A server without TLS and with 100 connections. */
    public static PostgresOptions major(int major) {
        return new PostgresOptions(major, 100, false, Map.of(), Optional.empty());
    }

    /** The same with another {@code max_connections}. */
    public PostgresOptions withMaxConnections(int connections) {
        return new PostgresOptions(major, connections, tls, settings, logFile);
    }

    /** The same with TLS, and nothing but TLS. */
    public PostgresOptions withTls() {
        return new PostgresOptions(major, maxConnections, true, settings, logFile);
    }

    /** The same with one more setting, for example {@code log_statement}, {@code all}. */
    public PostgresOptions with(String setting, String value) {
        var more = new TreeMap<>(settings);
        more.put(setting, value);
        return new PostgresOptions(major, maxConnections, tls, more, logFile);
    }

    /** The same with its log in this file, which stays when the server is removed. */
    public PostgresOptions withLogFile(Path file) {
        return new PostgresOptions(major, maxConnections, tls, settings, Optional.of(file));
    }

    /** The same for the same options, in every class loader. */
    String key() {
        return major + "," + maxConnections + "," + tls + "," + new TreeMap<>(settings) + ","
                + logFile.orElse(Path.of(""));
    }

    /** The configuration, in PostgreSQL's own quoting. */
    String configuration(int port, Path directory) {
        var all = new TreeMap<String, String>();
        all.put("listen_addresses", LoopbackPort.HOST);
        all.put("port", Integer.toString(port));
        all.put("unix_socket_directories", "");
        all.put("max_connections", Integer.toString(maxConnections));
        all.put("cluster_name", "howdah-test-" + major);
        all.put("log_line_prefix", "%m [%p] %q%u@%d ");
        // Nothing of ours may stay in /dev/shm.
        all.put("dynamic_shared_memory_type", "mmap");
        // The files are thrown away in the end; losing them with the machine loses nothing.
        all.put("fsync", "off");
        all.put("full_page_writes", "off");
        if (tls) {
            all.put("ssl", "on");
            all.put("ssl_ca_file", directory.resolve("ca.crt").toString());
            all.put("ssl_cert_file", directory.resolve("server.crt").toString());
            all.put("ssl_key_file", directory.resolve("server.key").toString());
        }
        all.putAll(settings);
        var lines = new StringBuilder();
        all.forEach((name, value) -> lines.append(name)
                .append(" = '")
                .append(value.replace("\\", "\\\\").replace("'", "''"))
                .append("'\n"));
        return lines.toString();
    }

    /** Who may connect: over TCP from this machine with a password, and nobody else in no other way. */
    String hostBasedAuthentication() {
        String kind = tls ? "hostssl" : "host";
        return """
                local all all reject
                %1$s all all 127.0.0.1/32 scram-sha-256
                %1$s all all ::1/128 scram-sha-256
                """.formatted(kind);
    }
}

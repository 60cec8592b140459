// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** The files of one server: its data and configuration, its certificate, its log, and what tells others how to reach it. */
record PostgresFiles(PostgresOptions options, Path directory) {

    Path data() {
        return directory.resolve("data");
    }

    Path log() {
        return options.logFile().orElse(directory.resolve("postgres.log"));
    }

    Path ca() {
        return directory.resolve("ca.crt");
    }

    void configure(int port) {
        PrivateFiles.write(data().resolve("postgresql.conf"), options.configuration(port, directory));
        PrivateFiles.write(data().resolve("pg_hba.conf"), options.hostBasedAuthentication());
    }

    /** For pg_upgrade, which knows no other way in. */
    void admitBySocket() {
        PrivateFiles.write(data().resolve("pg_hba.conf"), "local all all scram-sha-256\n");
    }

    void certify(ServerCertificate certificate) {
        PrivateFiles.write(ca(), certificate.caPem());
        PrivateFiles.write(directory.resolve("server.crt"), certificate.certificatePem());
        PrivateFiles.write(directory.resolve("server.key"), certificate.keyPem());
    }

    /** Leaves beside the server what {@link #described} reads. */
    void describe(int port, String password) {
        PrivateFiles.write(description(), "port=" + port + "\npassword=" + password + "\n");
    }

    Properties described() {
        var described = new Properties();
        try {
            described.load(new StringReader(PrivateFiles.read(description())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return described;
    }

    private Path description() {
        return directory.resolve("server.properties");
    }

    /** With this file there, the next start is one as a standby. */
    Path standbySignal() {
        return data().resolve("standby.signal");
    }

    /** PostgreSQL says in its lock file when it takes connections. */
    boolean isReady(long pid) {
        try (Stream<String> lines = Files.lines(lock())) {
            var all = lines.toList();
            return all.size() >= 8
                    && all.getFirst().equals(Long.toString(pid))
                    && List.of("ready", "standby").contains(all.get(7).strip());
        } catch (IOException _) {
            return false;
        }
    }

    /** The process that its lock file names. */
    long pid() {
        return Long.parseLong(PrivateFiles.read(lock()).lines().findFirst().orElseThrow());
    }

    private Path lock() {
        return data().resolve("postmaster.pid");
    }
}

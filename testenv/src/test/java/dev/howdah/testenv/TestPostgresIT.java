// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

final class TestPostgresIT {
    private static final String WRONG_PASSWORD = "28P01";
    private static final String REFUSED_BY_HBA = "28000";

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    void isTheMajorAskedForAndLetsOnlyThePasswordIn(int major) throws SQLException {
        var postgres = TestEnvironment.postgres(major);
        assertEquals(major, Integer.parseInt(one(postgres, "SHOW server_version_num")) / 10000);
        assertEquals("on", one(postgres, "SELECT current_setting('is_superuser')"));

        var wrong = assertThrows(SQLException.class, () -> postgres.connect("postgres", "postgres", "wrong"));
        assertEquals(WRONG_PASSWORD, wrong.getSQLState());
        var none = assertThrows(SQLException.class, () -> postgres.connect("postgres", "postgres", ""));
        assertTrue(String.valueOf(none.getMessage()).contains("password"), none::toString);
        assertTrue(one(postgres, "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'")
                .startsWith("SCRAM-SHA-256$"));
    }

    @Test
    void anAdministratorIsNoSuperuserAndItsPasswordIsNotInTheLog(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("postgres.log");
        try (var postgres = TestPostgres.start(
                PostgresOptions.major(18).with("log_statement", "all").withLogFile(log))) {
            var admin = postgres.createAdmin("odd \"name");
            try (var connection = postgres.connect("postgres", admin);
                    var statement = connection.createStatement()) {
                assertEquals("off", one(connection, "SELECT current_setting('is_superuser')"));
                statement.execute("CREATE ROLE made_by_admin");
                statement.execute("CREATE DATABASE made_by_admin");
                assertThrows(SQLException.class, () -> statement.execute("CREATE ROLE s SUPERUSER"));
            }
            String said = Files.readString(log);
            assertTrue(said.contains("CREATE DATABASE made_by_admin"), "log_statement has no effect");
            assertFalse(said.contains(admin.password()), "the password is in the log");
        }
        assertTrue(Files.exists(log), "a log file of one's own stays");
    }

    @Test
    void withTlsTheCertificateIsVerifiedAndPlainConnectionsAreRefused() throws Exception {
        var postgres = TestEnvironment.postgres(PostgresOptions.major(17).withTls());
        try (var connection = postgres.connect("postgres")) {
            assertEquals("t", one(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
        }
        var plain = assertThrows(SQLException.class, () -> connect(postgres, "127.0.0.1", "sslmode=disable"));
        assertEquals(REFUSED_BY_HBA, plain.getSQLState());

        // The same authority is also right for the name, and another authority is wrong for both.
        Path ca = Files.writeString(
                Files.createTempFile("howdah-test", ".crt"), postgres.caPem().orElseThrow());
        Path other = Files.writeString(
                ca.resolveSibling(ca.getFileName() + ".other"),
                ServerCertificate.create().caPem());
        try {
            connect(postgres, "localhost", "sslmode=verify-full&sslrootcert=" + ca)
                    .close();
            assertThrows(
                    SQLException.class,
                    () -> connect(postgres, "localhost", "sslmode=verify-full&sslrootcert=" + other));
        } finally {
            Files.delete(ca);
            Files.delete(other);
        }
    }

    @Test
    void survivesAKillAndCanBeAStandby() throws Exception {
        Path directory;
        ProcessHandle last;
        try (var postgres = TestPostgres.start(PostgresOptions.major(18).withMaxConnections(17))) {
            directory = postgres.directory();
            assertEquals("17", one(postgres, "SHOW max_connections"));
            try (var connection = postgres.connect("postgres");
                    var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kept AS SELECT 42 AS answer");
                postgres.kill();
                assertThrows(SQLException.class, () -> statement.execute("SELECT 1"));
            }
            assertThrows(SQLException.class, () -> postgres.connect("postgres"));
            postgres.startAgain();
            assertEquals("42", one(postgres, "SELECT answer FROM kept"));

            postgres.restartAsStandby();
            assertEquals("t", one(postgres, "SELECT pg_is_in_recovery()"));
            postgres.restartAsPrimary();
            assertEquals("f", one(postgres, "SELECT pg_is_in_recovery()"));

            last = ProcessHandle.of(postgres.pid()).orElseThrow();
        }
        assertFalse(LiveProcesses.runs(last));
        assertFalse(Files.exists(directory));
    }

    @Test
    void aKilledServerThatIsClosedLeavesNoSharedMemory() throws Exception {
        // This server's own: others on this machine come and go meanwhile.
        String segment;
        try (var postgres = TestPostgres.start(PostgresOptions.major(16))) {
            segment = Files.readAllLines(postgres.directory().resolve("data").resolve("postmaster.pid"))
                    .get(6)
                    .strip()
                    .split("\\s+", -1)[1];
            assertTrue(sharedMemory().contains(segment), "ipcs does not show the segment, so this test shows nothing");
            postgres.kill();
        }
        assertTrue(LiveProcesses.within(
                java.time.Duration.ofSeconds(5), () -> !sharedMemory().contains(segment)));
    }

    @Test
    void theSharedOneIsOneAndCannotBeStopped() {
        var postgres = TestEnvironment.postgres(18);
        assertEquals(postgres.port(), TestEnvironment.postgres(18).port());
        assertThrows(IllegalStateException.class, postgres::stop);
        assertThrows(IllegalStateException.class, postgres::kill);
        assertSame(
                UnavailableException.class,
                assertThrows(RuntimeException.class, () -> TestEnvironment.postgres(14))
                        .getClass());
    }

    private static Connection connect(TestPostgres postgres, String host, String parameters) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", postgres.superuser());
        properties.setProperty("password", postgres.superuserPassword());
        return new Driver()
                .connect("jdbc:postgresql://" + host + ":" + postgres.port() + "/postgres?" + parameters, properties);
    }

    private static String one(TestPostgres postgres, String query) throws SQLException {
        try (var connection = postgres.connect("postgres")) {
            return one(connection, query);
        }
    }

    private static String one(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            assertTrue(result.next(), query);
            return result.getString(1);
        }
    }

    /** The ids of all segments on this machine, the second column. */
    private static List<String> sharedMemory() {
        try {
            Process process = new ProcessBuilder("ipcs", "-m").start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.strip().split("\\s+", -1))
                    .filter(columns -> columns.length > 1)
                    .map(columns -> columns[1])
                    .toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;

/**
 * A real PostgreSQL server on the loopback address, with SCRAM as the only way in and a superuser whose password is
 * random. It is gone, with its files, when it is closed or when this JVM ends in whatever way.
 */
public final class TestPostgres implements AutoCloseable {
    private static final String SUPERUSER = "postgres";
    private static final int TRIES = 3;

    private final PostgresFiles files;
    private final int port;
    private final String password;
    private final @Nullable PostgresProcess process;

    private TestPostgres(PostgresFiles files, int port, String password, @Nullable PostgresProcess process) {
        this.files = files;
        this.port = port;
        this.password = password;
        this.process = process;
    }

    /** A new server with the given options; whoever starts it closes it, or leaves that to the end of the JVM. */
    public static TestPostgres start(PostgresOptions options) {
        return start(options, Progress.onStandardError());
    }

    /** The same, saying elsewhere what takes long. */
    public static TestPostgres start(PostgresOptions options, Progress progress) {
        return start(options, PostgresBinaries.of(options.major(), CacheDirectory.ofThisUser(), progress), progress);
    }

    /** The same with the programs in {@code bin} of this folder, for those that have pg_upgrade too. */
    public static TestPostgres start(PostgresOptions options, Path programs) {
        return start(options, new PostgresBinaries(programs), Progress.onStandardError());
    }

    private static TestPostgres start(PostgresOptions options, PostgresBinaries cached, Progress progress) {
        Instant begin = Instant.now();
        var user = PostgresUser.ofThisProcess();
        var watchdog = Watchdog.start();
        try {
            Path directory = PrivateFiles.directory("howdah-postgres-");
            watchdog.removes(directory);
            var binaries = cached.readableBy(user, directory);
            var certificate = options.tls()
                    ? CompletableFuture.supplyAsync(ServerCertificate::create, Thread::startVirtualThread)
                    : CompletableFuture.<@Nullable ServerCertificate>completedFuture(null);
            String password = RandomSecret.create();
            var files = new PostgresFiles(options, directory);
            var process = new PostgresProcess(watchdog, binaries, user, files);
            process.initialize(SUPERUSER, password);
            ServerCertificate made = certificate.join();
            if (made != null) {
                files.certify(made);
            }
            var postgres = firstStart(files, password, process);
            progress.line("PostgreSQL " + options.major() + (options.tls() ? " with TLS" : "") + " on "
                    + postgres.host() + ":" + postgres.port() + ", ready after "
                    + Progress.span(Duration.between(begin, Instant.now())));
            return postgres;
        } catch (RuntimeException e) {
            watchdog.close();
            throw e;
        }
    }

    private static TestPostgres firstStart(PostgresFiles files, String password, PostgresProcess process) {
        for (int attempt = 1; ; attempt++) {
            int port = LoopbackPort.free();
            files.configure(port);
            PrivateFiles.write(files.log(), "");
            process.handOver();
            try {
                process.launch();
                files.describe(port, password);
                return new TestPostgres(files, port, password, process);
            } catch (UnavailableException e) {
                if (attempt == TRIES || !PrivateFiles.read(files.log()).contains("Address already in use")) {
                    throw e;
                }
            }
        }
    }

    /** The same server, seen from another class loader; it cannot be stopped from there. */
    static TestPostgres attached(PostgresOptions options, Path directory) {
        var files = new PostgresFiles(options, directory);
        var described = files.described();
        return new TestPostgres(
                files, Integer.parseInt(described.getProperty("port")), described.getProperty("password"), null);
    }

    /** The loopback address. */
    public String host() {
        return LoopbackPort.HOST;
    }

    /** The TCP port; it stays the same over restarts. */
    public int port() {
        return port;
    }

    /** The major version. */
    public int major() {
        return files.options().major();
    }

    /** The name of the superuser. */
    public String superuser() {
        return SUPERUSER;
    }

    /** The superuser's random password. */
    public String superuserPassword() {
        return password;
    }

    /** The certificate of the authority that signed the server's; empty without TLS. */
    public Optional<String> caPem() {
        return files.options().tls() ? Optional.of(PrivateFiles.read(files.ca())) : Optional.empty();
    }

    /** Everything the server and its children said. */
    public Path logFile() {
        return files.log();
    }

    /** A URL without a user; with TLS it verifies the server's certificate and name. */
    public String jdbcUrl(String database) {
        String tls = files.options().tls() ? "sslmode=verify-full&sslrootcert=" + files.ca() : "sslmode=disable";
        return "jdbc:postgresql://" + host() + ":" + port + "/" + database + "?" + tls;
    }

    /** A new connection of the superuser; whoever asks closes it. */
    public Connection connect(String database) throws SQLException {
        return connect(database, SUPERUSER, password);
    }

    /** A new connection of the login; whoever asks closes it. */
    public Connection connect(String database, PostgresLogin login) throws SQLException {
        return connect(database, login.name(), login.password());
    }

    /** A new connection; whoever asks closes it. */
    public Connection connect(String database, String user, String withPassword) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", withPassword);
        // Not by DriverManager, which does not find the driver from every class loader.
        Connection connection = new Driver().connect(jdbcUrl(database), properties);
        if (connection == null) {
            throw new SQLException("the driver does not take " + jdbcUrl(database));
        }
        return connection;
    }

    /** A new role that may log in, create databases and create roles, and is no superuser. */
    public PostgresLogin createAdmin(String name) throws SQLException {
        var login = new PostgresLogin(name, RandomSecret.create());
        try (var connection = connect("postgres");
                var statement = connection.createStatement()) {
            var postgres = connection.unwrap(PGConnection.class);
            statement.execute("CREATE ROLE " + postgres.escapeIdentifier(name) + " LOGIN CREATEDB CREATEROLE");
            // The verifier is made here, so that the server's log never shows the password.
            postgres.alterUserPassword(name, login.password().toCharArray(), "scram-sha-256");
        }
        return login;
    }

    /** Ends the server as an administrator would, cutting off its clients; the files stay for {@link #startAgain}. */
    public void stop() {
        own().end("INT");
    }

    /** {@link #stop} and {@link #startAgain}. */
    public void restart() {
        stop();
        startAgain();
    }

    /** Kills the server process with SIGKILL, so that clients see their connections break and nothing is written. */
    public void kill() {
        own().end("KILL");
    }

    /** Starts a stopped or killed server on the same port, with crash recovery where that is due. */
    public void startAgain() {
        own().launchAgain();
    }

    /** Restarts as a standby without a primary: {@code pg_is_in_recovery()} is true and nothing can be written. */
    public void restartAsStandby() {
        stop();
        PrivateFiles.write(files.standbySignal(), "");
        own().handOver();
        startAgain();
    }

    /** Restarts as a primary after {@link #restartAsStandby}. */
    public void restartAsPrimary() {
        stop();
        try {
            Files.deleteIfExists(files.standbySignal());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        startAgain();
    }

    /**
     * This server by {@code pg_upgrade}: stopped, its data taken over by the programs in {@code bin} of this folder, started
     * on the same port. The returned object is the server from now on, and closes it.
     *
     * @param major of the programs
     */
    public TestPostgres upgraded(int major, Path programs) {
        stop();
        var options = new PostgresOptions(
                major,
                files.options().maxConnections(),
                files.options().tls(),
                files.options().settings(),
                files.options().logFile());
        var folder = files.directory().resolve("upgraded");
        var newer = new PostgresFiles(options, folder);
        try {
            Files.createDirectory(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var process = own().successor(new PostgresBinaries(programs), newer);
        process.initialize(SUPERUSER, password, "--no-data-checksums");
        process.takeOver(own(), SUPERUSER, password);
        newer.configure(port);
        PrivateFiles.write(newer.log(), "");
        process.handOver();
        process.launch();
        return new TestPostgres(newer, port, password, process);
    }

    private PostgresProcess own() {
        if (process == null) {
            throw new IllegalStateException(
                    "this server is shared by the whole JVM: start one of your own by TestPostgres.start to stop it");
        }
        return process;
    }

    /** The server process, which a test of faults may stop and continue by signals. */
    public long pid() {
        return files.pid();
    }

    Path directory() {
        return files.directory();
    }

    /** Ends the server and removes its files; returns when both are gone. */
    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}

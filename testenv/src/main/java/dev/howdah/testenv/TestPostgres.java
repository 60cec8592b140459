// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;

/**
 * A real PostgreSQL server on the loopback address, with SCRAM as the only way in and a superuser whose password is
 * random. It is gone, with its files, when it is closed or when this JVM ends in whatever way.
 */
public final class TestPostgres implements AutoCloseable {
    private static final String SUPERUSER = "postgres";
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration RECOVERS_WITHIN = Duration.ofSeconds(20);
    private static final int TRIES = 3;

    private final PostgresOptions options;
    private final Path directory;
    private final int port;
    private final String password;
    private final @Nullable Server server;

    private TestPostgres(PostgresOptions options, Path directory, int port, String password, @Nullable Server server) {
        this.options = options;
        this.directory = directory;
        this.port = port;
        this.password = password;
        this.server = server;
    }

    /** The part of a server that only its starter has. */
    private static final class Server {
        final Watchdog watchdog;
        final PostgresBinaries binaries;
        final PostgresUser user;

        @Nullable
        Process process;

        Server(Watchdog watchdog, PostgresBinaries binaries, PostgresUser user) {
            this.watchdog = watchdog;
            this.binaries = binaries;
            this.user = user;
        }
    }

    /** A new server with the given options; whoever starts it closes it, or leaves that to the end of the JVM. */
    public static TestPostgres start(PostgresOptions options) {
        return start(options, Progress.onStandardError());
    }

    /** The same, saying elsewhere what takes long. */
    public static TestPostgres start(PostgresOptions options, Progress progress) {
        Instant begin = Instant.now();
        var cached = PostgresBinaries.of(options.major(), CacheDirectory.ofThisUser(), progress);
        var user = PostgresUser.ofThisProcess();
        var watchdog = Watchdog.start();
        try {
            Path directory = PrivateFiles.directory("howdah-postgres-");
            watchdog.removes(directory);
            var binaries = user == PostgresUser.NOBODY ? cached.copiedTo(directory.resolve("programs")) : cached;
            var certificate = options.tls()
                    ? CompletableFuture.supplyAsync(ServerCertificate::create)
                    : CompletableFuture.<@Nullable ServerCertificate>completedFuture(null);
            String password = RandomSecret.create();
            initialize(new Server(watchdog, binaries, user), directory, password);
            ServerCertificate made = certificate.join();
            if (made != null) {
                PrivateFiles.write(directory.resolve("ca.crt"), made.caPem());
                PrivateFiles.write(directory.resolve("server.crt"), made.certificatePem());
                PrivateFiles.write(directory.resolve("server.key"), made.keyPem());
            }
            var postgres = firstStart(options, directory, password, new Server(watchdog, binaries, user));
            progress.line("PostgreSQL " + options.major() + (options.tls() ? " with TLS" : "") + " on "
                    + postgres.host() + ":" + postgres.port() + ", ready after "
                    + Progress.span(Duration.between(begin, Instant.now())));
            return postgres;
        } catch (RuntimeException e) {
            watchdog.close();
            throw e;
        }
    }

    private static void initialize(Server server, Path directory, String password) {
        Path secret = PrivateFiles.write(directory.resolve("password"), password + "\n");
        Path log = PrivateFiles.write(directory.resolve("initdb.log"), "");
        handOver(server, directory);
        var process = server.watchdog.start(
                server.user.command(List.of(
                        server.binaries.program("initdb").toString(),
                        "--pgdata=" + directory.resolve("data"),
                        "--username=" + SUPERUSER,
                        "--pwfile=" + secret,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--no-locale",
                        "--no-sync",
                        "--no-instructions")),
                Watchdog.Signal.TERM,
                log);
        try {
            int exit = process.waitFor();
            server.watchdog.forgets(process);
            Files.delete(secret);
            if (exit != 0) {
                throw new UnavailableException("initdb failed: " + PrivateFiles.read(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
    }

    /** Gives the files to the user that will read them. */
    private static void handOver(Server server, Path directory) {
        if (server.user != PostgresUser.NOBODY) {
            return;
        }
        try {
            Process process = new ProcessBuilder("chown", "-R", "65534:65534", directory.toString())
                    .inheritIO()
                    .start();
            if (process.waitFor() != 0) {
                throw new UnavailableException("cannot give " + directory + " to the user nobody");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
    }

    private static TestPostgres firstStart(PostgresOptions options, Path directory, String password, Server server) {
        for (int attempt = 1; ; attempt++) {
            int port = LoopbackPort.free();
            PrivateFiles.write(
                    directory.resolve("data").resolve("postgresql.conf"), options.configuration(port, directory));
            PrivateFiles.write(directory.resolve("data").resolve("pg_hba.conf"), options.hostBasedAuthentication());
            var postgres = new TestPostgres(options, directory, port, password, server);
            PrivateFiles.write(postgres.logFile(), "");
            handOver(server, directory);
            try {
                postgres.launch();
                postgres.describe();
                return postgres;
            } catch (UnavailableException e) {
                if (attempt == TRIES || !PrivateFiles.read(postgres.logFile()).contains("Address already in use")) {
                    throw e;
                }
            }
        }
    }

    /** Leaves beside the server what {@link #attached} needs. */
    private void describe() {
        PrivateFiles.write(directory.resolve("server.properties"), "port=" + port + "\npassword=" + password + "\n");
    }

    /** The same server, seen from another class loader; it cannot be stopped from there. */
    static TestPostgres attached(PostgresOptions options, Path directory) {
        var described = new Properties();
        try {
            described.load(new StringReader(PrivateFiles.read(directory.resolve("server.properties"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TestPostgres(
                options,
                directory,
                Integer.parseInt(described.getProperty("port")),
                described.getProperty("password"),
                null);
    }

    private void launch() {
        Server own = own();
        var process = own.watchdog.start(
                own.user.command(List.of(
                        own.binaries.program("postgres").toString(),
                        "-D",
                        directory.resolve("data").toString())),
                Watchdog.Signal.QUIT,
                logFile());
        own.process = process;
        Instant deadline = Instant.now().plus(READY_WITHIN);
        while (!isReady(process.pid())) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                own.watchdog.forgets(process);
                process.destroyForcibly();
                String log = PrivateFiles.read(logFile());
                throw new UnavailableException("PostgreSQL " + options.major() + " did not start: "
                        + log.substring(Math.max(0, log.length() - 1500)));
            }
            Pause.millis(20);
        }
    }

    /** PostgreSQL says in its lock file when it takes connections. */
    private boolean isReady(long pid) {
        try (Stream<String> lines = Files.lines(directory.resolve("data").resolve("postmaster.pid"))) {
            var all = lines.toList();
            return all.size() >= 8
                    && all.getFirst().equals(Long.toString(pid))
                    && (all.get(7).strip().equals("ready") || all.get(7).strip().equals("standby"));
        } catch (IOException _) {
            return false;
        }
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
        return options.major();
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
        return options.tls() ? Optional.of(PrivateFiles.read(directory.resolve("ca.crt"))) : Optional.empty();
    }

    /** Everything the server and its children said. */
    public Path logFile() {
        return options.logFile().orElse(directory.resolve("postgres.log"));
    }

    /** A URL without a user; with TLS it verifies the server's certificate and name. */
    public String jdbcUrl(String database) {
        String tls =
                options.tls() ? "sslmode=verify-full&sslrootcert=" + directory.resolve("ca.crt") : "sslmode=disable";
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
        end("INT");
    }

    /** {@link #stop} and {@link #startAgain}. */
    public void restart() {
        stop();
        startAgain();
    }

    /** Kills the server process with SIGKILL, so that clients see their connections break and nothing is written. */
    public void kill() {
        end("KILL");
    }

    /** Starts a stopped or killed server on the same port, with crash recovery where that is due. */
    public void startAgain() {
        Instant deadline = Instant.now().plus(RECOVERS_WITHIN);
        while (true) {
            try {
                launch();
                return;
            } catch (UnavailableException e) {
                // Children of a killed server end a moment later and keep the new one out until then.
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
                Pause.millis(200);
            }
        }
    }

    /** Restarts as a standby without a primary: {@code pg_is_in_recovery()} is true and nothing can be written. */
    public void restartAsStandby() {
        stop();
        PrivateFiles.write(standbySignal(), "");
        handOver(own(), directory);
        startAgain();
    }

    /** Restarts as a primary after {@link #restartAsStandby}. */
    public void restartAsPrimary() {
        stop();
        try {
            Files.deleteIfExists(standbySignal());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        startAgain();
    }

    private Path standbySignal() {
        return directory.resolve("data").resolve("standby.signal");
    }

    private void end(String signal) {
        Server own = own();
        Process process = own.process;
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException("the server does not run");
        }
        try {
            if (signal.equals("KILL")) {
                process.destroyForcibly();
            } else {
                new ProcessBuilder("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
            }
            if (!process.waitFor(READY_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                throw new UnavailableException("PostgreSQL did not end after " + signal);
            }
            own.watchdog.forgets(process);
            own.process = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
    }

    private Server own() {
        if (server == null) {
            throw new IllegalStateException(
                    "this server is shared by the whole JVM: start one of your own by TestPostgres.start to stop it");
        }
        return server;
    }

    /** The server process, which a test of faults may stop and continue by signals. */
    public long pid() {
        return Long.parseLong(PrivateFiles.read(directory.resolve("data").resolve("postmaster.pid"))
                .lines()
                .findFirst()
                .orElseThrow());
    }

    Path directory() {
        return directory;
    }

    /** Ends the server and removes its files; returns when both are gone. */
    @Override
    public void close() {
        if (server != null) {
            if (server.process == null) {
                // A killed server leaves a small shared memory segment that only its next run, or this, removes.
                KilledServer.removeSharedMemory(directory.resolve("data"));
            }
            server.watchdog.close();
        }
    }
}

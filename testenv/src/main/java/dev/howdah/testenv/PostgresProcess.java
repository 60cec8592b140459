// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The programs of one server, for whoever started it: its files are made, and its process starts and ends. */
final class PostgresProcess implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration RECOVERS_WITHIN = Duration.ofSeconds(20);

    private final Watchdog watchdog;
    private final PostgresBinaries binaries;
    private final PostgresUser user;
    private final PostgresFiles files;
    private @Nullable Process process;

    PostgresProcess(Watchdog watchdog, PostgresBinaries binaries, PostgresUser user, PostgresFiles files) {
        this.watchdog = watchdog;
        this.binaries = binaries;
        this.user = user;
        this.files = files;
    }

    /** Of other programs with other files. What it starts ends with this one. */
    PostgresProcess successor(PostgresBinaries others, PostgresFiles newer) {
        return new PostgresProcess(watchdog, others.readableBy(user, newer.directory()), user, newer);
    }

    /** Makes the data, with this user as its superuser. {@code options} are further ones of initdb. */
    void initialize(String superuser, String password, String... options) {
        Path secret = PrivateFiles.write(files.directory().resolve("password"), password + "\n");
        Path log = PrivateFiles.write(files.directory().resolve("initdb.log"), "");
        handOver();
        var command = new ArrayList<>(List.of(
                binaries.program("initdb").toString(),
                "--pgdata=" + files.data(),
                "--username=" + superuser,
                "--pwfile=" + secret,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
                "--no-instructions"));
        command.addAll(List.of(options));
        run("initdb", command, log);
        try {
            Files.delete(secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes over the data of another server that has ended, by pg_upgrade; this one has data of its own only to begin with. */
    void takeOver(PostgresProcess former, String superuser, String password) {
        Path log = PrivateFiles.write(files.directory().resolve("pg_upgrade.log"), "");
        Path secret =
                PrivateFiles.write(files.directory().resolve("pgpass"), "*:*:*:" + superuser + ":" + password + "\n");
        former.files.admitBySocket();
        files.admitBySocket();
        handOver();
        run(
                "pg_upgrade",
                List.of(
                        "/bin/sh",
                        "-c",
                        "cd \"$0\" && PGPASSFILE=\"$1\" && export PGPASSFILE && shift && exec \"$@\"",
                        files.directory().toString(),
                        secret.toString(),
                        binaries.program("pg_upgrade").toString(),
                        "--old-bindir=" + former.binaries.folder().resolve("bin"),
                        "--new-bindir=" + binaries.folder().resolve("bin"),
                        "--old-datadir=" + former.files.data(),
                        "--new-datadir=" + files.data(),
                        "--username=" + superuser,
                        "--socketdir=" + files.directory()),
                log);
    }

    private void run(String what, List<String> command, Path log) {
        var started = watchdog.start(user.command(command), Watchdog.Signal.TERM, log);
        try {
            int exit = started.waitFor();
            watchdog.forgets(started);
            if (exit != 0) {
                throw new UnavailableException(what + " failed: " + PrivateFiles.read(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
    }

    /** Gives the files to the user that will read them. */
    void handOver() {
        if (user != PostgresUser.NOBODY) {
            return;
        }
        try {
            Process chown = new ProcessBuilder(
                            "chown", "-R", "65534:65534", files.directory().toString())
                    .inheritIO()
                    .start();
            if (chown.waitFor() != 0) {
                throw new UnavailableException("cannot give " + files.directory() + " to the user nobody");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
    }

    /** Returns when it takes connections. */
    void launch() {
        var launched = watchdog.start(
                user.command(List.of(
                        binaries.program("postgres").toString(),
                        "-D",
                        files.data().toString())),
                Watchdog.Signal.QUIT,
                files.log());
        process = launched;
        Instant deadline = Instant.now().plus(READY_WITHIN);
        while (!files.isReady(launched.pid())) {
            if (!launched.isAlive() || Instant.now().isAfter(deadline)) {
                watchdog.forgets(launched);
                launched.destroyForcibly();
                String log = PrivateFiles.read(files.log());
                throw new UnavailableException("PostgreSQL " + files.options().major() + " did not start: "
                        + log.substring(Math.max(0, log.length() - 1500)));
            }
            Pause.millis(20);
        }
    }

    /** After {@link #end}, with crash recovery where that is due. */
    void launchAgain() {
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

    /** By a signal, such as INT or KILL. */
    void end(String signal) {
        Process running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("the server does not run");
        }
        try {
            if (signal.equals("KILL")) {
                running.destroyForcibly();
            } else {
                new ProcessBuilder("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(running.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
            }
            if (!running.waitFor(READY_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                throw new UnavailableException("PostgreSQL did not end after " + signal);
            }
            watchdog.forgets(running);
            process = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
    }

    /** Ends it and removes its files; returns when both are gone. */
    @Override
    public void close() {
        if (process == null) {
            // A killed server leaves a small shared memory segment that only its next run, or this, removes.
            KilledServer.removeSharedMemory(files.data());
        }
        watchdog.close();
    }
}

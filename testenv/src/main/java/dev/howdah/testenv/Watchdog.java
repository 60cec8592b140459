// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Ends processes and removes directories when it is closed, when this JVM exits, and also when this JVM is killed: a
 * small shell script in a session of its own that notices the end of its standard input. Ending things is always the
 * script's work, so that the way that must not fail is the way that is used every day.
 *
 * <p>Everything is started in a session of its own, so that Ctrl-C in a terminal reaches only this JVM and the servers
 * get an orderly end.
 */
final class Watchdog implements AutoCloseable {
    /** How a process is asked to end before it is killed. */
    enum Signal {
        TERM,
        /** How {@code go} tidies up after itself. */
        INT,
        /** PostgreSQL's immediate shutdown: right for a server whose files are thrown away next. */
        QUIT,
        /** For what has no children and nothing to tidy up, but would take its time when asked. */
        KILL
    }

    private static final long END_SECONDS = 20;
    private static final List<String> FOREIGN = List.of("PG", "ETCD_", "KUBE", "HOWDAH_", "QUARKUS_");

    private final Process script;
    private final Thread hook;

    private Watchdog(Process script) {
        this.script = script;
        this.hook = new Thread(this::end, "testenv-watchdog-" + script.pid());
    }

    static Watchdog start() {
        try {
            Process script = new ProcessBuilder(inOwnSession(List.of("/bin/sh", "-c", script(), "howdah-watchdog")))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var watchdog = new Watchdog(script);
            Runtime.getRuntime().addShutdownHook(watchdog.hook);
            return watchdog;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a process that ends with this watchdog; its output is appended to the log. */
    Process start(List<String> command, Signal signal, Path log) {
        return start(command, signal, log, Map.of());
    }

    /** The same with more in its environment. */
    Process start(List<String> command, Signal signal, Path log, Map<String, String> environment) {
        var builder = new ProcessBuilder(inOwnSession(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Settings of the user's own servers and clients must not reach ours.
        builder.environment().keySet().removeIf(name -> FOREIGN.stream().anyMatch(name::startsWith));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            ends(process, signal);
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends this process too. */
    void ends(Process process, Signal signal) {
        say("process " + process.pid() + " " + signal);
    }

    /** The process has ended already. */
    void forgets(Process process) {
        say("forget " + process.pid());
    }

    /** Removes this directory with all that is in it. */
    void removes(Path directory) {
        say("directory " + directory.toAbsolutePath());
    }

    /** Returns when everything has ended and is removed. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is exiting already: the hook has done its work or is about to find it done.
        }
    }

    private void end() {
        try {
            script.getOutputStream().close();
            script.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            // The script goes on by itself.
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void say(String line) {
        try {
            script.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            script.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The watchdog has ended before its time", e);
        }
    }

    static List<String> inOwnSession(List<String> command) {
        var path = SearchPath.of(System.getenv());
        var whole = new ArrayList<String>();
        path.find("setsid")
                .map(setsid -> List.of(setsid.toString()))
                .or(() -> path.find("perl")
                        .map(perl -> List.of(
                                perl.toString(), "-e", "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV", "--")))
                .ifPresent(whole::addAll);
        whole.addAll(command);
        return whole;
    }

    private static String script() throws IOException {
        try (InputStream resource = Watchdog.class.getResourceAsStream("watchdog.sh")) {
            if (resource == null) {
                throw new IOException("watchdog.sh is not among the resources");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

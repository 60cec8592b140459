// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The packaged operator as a process of its own, which is how it runs anywhere. It listens on free loopback ports and is
 * gone, with its log, when it is closed or when this JVM ends in whatever way.
 */
public final class OperatorProcess implements AutoCloseable {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(40);

    /** Options of every start by {@link #launch}, so that the JVM warns of nothing. */
    public static final List<String> QUIET =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private final Watchdog watchdog;
    private final Process process;
    private final Path log;
    private final int managementPort;

    private OperatorProcess(Watchdog watchdog, Process process, Path log, int managementPort) {
        this.watchdog = watchdog;
        this.process = process;
        this.log = log;
        this.managementPort = managementPort;
    }

    /** {@code howdah run} from the jar, with only these of our own variables in its environment. */
    public static OperatorProcess run(Path jar, Map<String, String> environment) {
        return start(jar, List.of("run"), environment);
    }

    /** Any verb. */
    public static OperatorProcess start(Path jar, List<String> arguments, Map<String, String> environment) {
        var command = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
        command.addAll(arguments);
        return launch(command, environment);
    }

    /** With these arguments of {@code java}, and nothing set in the JVM but what they say: for measuring. */
    public static OperatorProcess launch(List<String> java, Map<String, String> environment) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUIET);
        command.addAll(java);
        return of(command, environment);
    }

    /** The operator by a command of the caller's, which must become its process. */
    public static OperatorProcess of(List<String> command, Map<String, String> environment) {
        int managementPort = LoopbackPort.free();
        var all = new HashMap<String, String>();
        all.put("QUARKUS_HTTP_HOST", LoopbackPort.HOST);
        all.put("QUARKUS_HTTP_PORT", "0");
        all.put("QUARKUS_MANAGEMENT_HOST", LoopbackPort.HOST);
        all.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        // For a person's eyes.
        all.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "false");
        all.putAll(environment);

        var watchdog = Watchdog.start();
        try {
            Path directory = PrivateFiles.directory("howdah-operator-");
            watchdog.removes(directory);
            // Else what is killed leaves it where all programs keep theirs.
            all.put("QUARKUS_VERTX_CACHE_DIRECTORY", directory.resolve("vertx").toString());
            Path log = PrivateFiles.write(directory.resolve("operator.log"), "");
            return new OperatorProcess(
                    watchdog, watchdog.start(command, Watchdog.Signal.TERM, log, all), log, managementPort);
        } catch (RuntimeException e) {
            watchdog.close();
            throw e;
        }
    }

    /** What it has written so far, to standard output and standard error together. */
    public String output() {
        return PrivateFiles.read(log);
    }

    /** Where {@link #output} comes from. */
    public Path log() {
        return log;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** A page of the management port. */
    public URI management(String path) {
        return URI.create("http://" + LoopbackPort.HOST + ":" + managementPort + path);
    }

    /** What a page of the management port answers. */
    public HttpResponse<String> get(String path) throws IOException {
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(
                    HttpRequest.newBuilder(management(path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Returns when it says that it is ready.
     *
     * @throws UnavailableException with the end of its log, when it ends before or takes too long
     */
    public OperatorProcess awaitReady(Duration within) {
        Instant deadline = Instant.now().plus(within);
        while (true) {
            try {
                if (get("/health/ready").statusCode() == 200) {
                    return this;
                }
            } catch (IOException _) {
                // It does not listen yet.
            }
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new UnavailableException(
                        "the operator " + (process.isAlive() ? "is not ready" : "has ended") + ": " + endOfOutput());
            }
            Pause.millis(50);
        }
    }

    /** The last lines of {@link #output}. */
    public String endOfOutput() {
        String text = output();
        return text.substring(Math.max(0, text.length() - 4000));
    }

    /** Asks it to end, as Kubernetes does, and returns its exit code. */
    public int terminate() {
        return terminate(ENDS_WITHIN);
    }

    /** The same where it has more to do at its end than usual. */
    public int terminate(Duration within) {
        process.destroy();
        return exitCode(within);
    }

    /** Kills it in the middle of whatever it does. */
    public int kill() {
        process.destroyForcibly();
        return exitCode();
    }

    /** Waits for its end. */
    public int exitCode() {
        return exitCode(ENDS_WITHIN);
    }

    private int exitCode(Duration within) {
        try {
            if (!process.waitFor(within.toSeconds(), TimeUnit.SECONDS)) {
                throw new UnavailableException("the operator does not end: " + endOfOutput());
            }
            watchdog.forgets(process);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
    }

    /** Ends it and removes its log. */
    @Override
    public void close() {
        watchdog.close();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link Dev} started is gone when its JVM ends, however it ends. */
final class EndOfParentIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    /** Signal 2, as a bit. */
    private static final long SIGINT = 1L << 1;

    @TempDir
    private Path temporary;

    @Test
    void killed() throws Exception {
        var dev = start();
        List<ProcessHandle> started = started(dev);
        dev.destroyForcibly();
        assertGone(dev, started);
    }

    @Test
    void interruptedLikeByControlC() throws Exception {
        var dev = start();
        List<ProcessHandle> started = started(dev);
        // A terminal sends the signal to the whole process group, which setsid made dev the leader of.
        int exit = new ProcessBuilder("/bin/sh", "-c", "kill -s INT -- -" + dev.pid())
                .inheritIO()
                .start()
                .waitFor();
        assertEquals(0, exit);
        assertGone(dev, started);
    }

    @Test
    void endOfStandardInput() throws Exception {
        var dev = start();
        List<ProcessHandle> started = started(dev);
        dev.getOutputStream().close();
        assertTrue(dev.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(0, dev.exitValue());
        // An orderly exit comes after the end of everything else.
        assertEquals(List.of(), LiveProcesses.running(started));
        assertGone(dev, started);
    }

    private Process start() throws IOException {
        var arguments = new ArrayList<>(listeningToControlC());
        arguments.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Dev.class.getName(),
                "--postgres",
                "18"));
        var command = Watchdog.inOwnSession(arguments);
        var dev = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = new BufferedReader(new InputStreamReader(dev.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.startsWith("PGPASSWORD=")) {
            line = output.readLine();
        }
        assertTrue(line != null, "dev ended before it was ready");
        return dev;
    }

    /** A shell starts what runs in the background deaf to Control-C, and the deafness is inherited. */
    private static List<String> listeningToControlC() throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return List.of();
        }
        long ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .findFirst()
                .orElse(0);
        return (ignored & SIGINT) == 0 ? List.of() : List.of("env", "--default-signal=INT");
    }

    private List<ProcessHandle> started(Process dev) {
        List<ProcessHandle> started = dev.descendants().toList();
        var commands = started.stream()
                .map(process -> process.info().command().orElse(""))
                .toList();
        assertTrue(commands.stream().anyMatch(command -> command.endsWith("postgres")), commands::toString);
        // etcd, API server, controller manager, PostgreSQL and its children, watchdogs.
        assertTrue(started.size() >= 8, commands::toString);
        assertEquals(2, left().size(), "the control plane and PostgreSQL have a directory each");
        return started;
    }

    private void assertGone(Process dev, List<ProcessHandle> started) throws Exception {
        assertTrue(dev.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
        LiveProcesses.within(LIMIT, () -> LiveProcesses.running(started).isEmpty() && left().isEmpty());
        assertEquals(List.of(), LiveProcesses.running(started));
        assertEquals(List.of(), left());
    }

    private List<Path> left() {
        try (var files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith("howdah"))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A {@code go} on this machine. */
record GoToolchain(Path go, GoVersion version) {
    static final String BINARY = "howdah-controlplane";

    static Optional<GoToolchain> find() {
        return SearchPath.of(System.getenv())
                .and(Path.of("/usr/local/go/bin"))
                .find("go")
                .flatMap(go -> version(go).map(version -> new GoToolchain(go, version)));
    }

    private static Optional<GoVersion> version(Path go) {
        try {
            Process process = new ProcessBuilder(go.toString(), "version")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? GoVersion.in(said) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Builds a small program into the folder. */
    void build(GoModule module, Path folder, String name) throws IOException {
        Path sources = sources(module, folder);
        try (var watchdog = Watchdog.start()) {
            compile(watchdog, sources, List.of(), folder.resolve(name), new AtomicInteger());
        }
        remove(module, sources);
    }

    /** Builds the control plane's binary into the folder, with a line of progress every 15 seconds. */
    void build(GoModule module, Path folder, Progress progress) throws IOException {
        Path sources = sources(module, folder);
        progress.line("building the control plane with Go " + version
                + ": once, then cached; 6 to 8 minutes with 2 processors");
        try (var watchdog = Watchdog.start()) {
            int packages = lines(watchdog, sources, List.of(go.toString(), "list", "-deps", "."), new AtomicInteger());
            Instant begin = Instant.now();
            var compiled = new AtomicInteger();
            try (var clock = new ScheduledThreadPoolExecutor(1)) {
                var _ = clock.scheduleAtFixedRate(
                        () -> progress.line("compiled " + compiled + " of at most " + packages + " packages, "
                                + Progress.span(Duration.between(begin, Instant.now()))),
                        15,
                        15,
                        TimeUnit.SECONDS);
                var flags = List.of("-v", "-ldflags", module.linkerFlags());
                compile(watchdog, sources, flags, folder.resolve(BINARY), compiled);
                clock.shutdownNow();
            }
            progress.line("built in " + Progress.span(Duration.between(begin, Instant.now())));
        }
        remove(module, sources);
    }

    private static Path sources(GoModule module, Path folder) throws IOException {
        Path sources = Files.createTempDirectory(folder, "sources-");
        module.writeTo(sources);
        return sources;
    }

    private void compile(Watchdog watchdog, Path sources, List<String> flags, Path target, AtomicInteger compiled)
            throws IOException {
        var command = new ArrayList<>(List.of(go.toString(), "build", "-trimpath", "-buildvcs=false"));
        command.addAll(flags);
        command.addAll(List.of("-o", target.toString(), "."));
        lines(watchdog, sources, command, compiled);
    }

    private static void remove(GoModule module, Path sources) throws IOException {
        for (var name : module.files().keySet()) {
            Files.delete(sources.resolve(name));
        }
        Files.delete(sources);
    }

    /** Runs a command to its end and counts its lines. */
    private static int lines(Watchdog watchdog, Path folder, List<String> command, AtomicInteger count) throws IOException {
        var builder = new ProcessBuilder(Watchdog.inOwnSession(command))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(Map.of("CGO_ENABLED", "0", "GOWORK", "off", "GOTMPDIR", folder.toString()));
        Process process = builder.start();
        watchdog.ends(process, Watchdog.Signal.INT);
        var last = new ArrayDeque<String>();
        try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (!line.startsWith("go: ")) {
                    count.incrementAndGet();
                }
                last.add(line);
                if (last.size() > 8) {
                    last.remove();
                }
            }
            if (process.waitFor() != 0) {
                throw new IOException("the command 'go " + command.get(1) + "' failed: " + String.join(" | ", last));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            watchdog.forgets(process);
        }
        return count.get();
    }
}

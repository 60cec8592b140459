// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Ways to start the packaged operator, in arguments of {@code java}. */
public final class Launch {
    /** What the manifest of the jar opens. */
    private static final List<String> OPENS = List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");

    /** As {@code OperatorProcess}: a cache holds for the very options it was made with. */
    private static final List<String> QUIET =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

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
        var java = new ArrayList<>(OPENS);
        java.addAll(List.of(options));
        java.addAll(List.of("-cp", String.join(":", jars()), "dev.howdah.app.Main", "run"));
        return java;
    }

    /** A run that notes what an AOT cache should hold. */
    public List<String> training(Path cache) {
        return classPath("-XX:AOTMode=record", "-XX:AOTConfiguration=" + configuration(cache));
    }

    /** Makes the cache of a training run, and returns how to start with it. */
    public List<String> cached(Path cache) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Resident.tool("java")));
        command.addAll(QUIET);
        command.addAll(classPath(
                "-XX:AOTMode=create", "-XX:AOTConfiguration=" + configuration(cache), "-XX:AOTCache=" + cache));
        Resident.says(command);
        return classPath("-XX:AOTCache=" + cache);
    }

    private static Path configuration(Path cache) {
        return cache.resolveSibling(cache.getFileName() + ".config");
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

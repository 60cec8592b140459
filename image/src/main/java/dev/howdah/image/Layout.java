// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.image;

import dev.howdah.testenv.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the image as they lie on this machine first, under a root of their own. The JVM takes a start cache only with
 * jars of the same names, sizes and times; where they lie may differ, so what is trained here holds there.
 *
 * @param root what becomes /
 */
record Layout(Path root) {
    static final String JAVA = "/opt/java";
    static final String HOME = "/opt/howdah";
    static final String ARGUMENTS = HOME + "/java.args";
    static final String SBOM = HOME + "/sbom.cdx.json";
    static final String MAIN = "dev.howdah.app.Main";

    static final String CACHE = HOME + "/howdah.aot";

    private static final String CACHE_OPTION = "-XX:AOTCache=";

    Path java() {
        return at(JAVA);
    }

    Path executable() {
        return java().resolve("bin/java");
    }

    Path libraries() {
        return at(HOME + "/lib");
    }

    Path application() {
        return at(HOME + "/app");
    }

    Path cache() {
        return at(CACHE);
    }

    /** Where a file of the image lies here. */
    Path at(String path) {
        return root.resolve(path.substring(1));
    }

    /** Takes the packaged application apart by how often its parts change. */
    void fill(Path quarkusApp, Path license) {
        try {
            Files.createDirectories(libraries());
            Files.createDirectories(application());
            for (var from : List.of("lib/main", "lib/boot")) {
                copy(quarkusApp.resolve(from), libraries());
            }
            for (var from : List.of("quarkus", "app")) {
                copy(quarkusApp.resolve(from), application());
            }
            Files.copy(license, at(HOME + "/LICENSE"), StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(at(ARGUMENTS), String.join("\n", arguments(opened(quarkusApp))) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (var jar : jars(from)) {
            Files.copy(jar, to.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    /** What Quarkus wants opened, as its own launcher says. */
    private static List<String> opened(Path quarkusApp) throws IOException {
        try (var jar = new JarFile(quarkusApp.resolve("quarkus-run.jar").toFile())) {
            var opens = jar.getManifest().getMainAttributes().getValue("Add-Opens");
            return opens == null ? List.of() : List.of(opens.strip().split(" +"));
        }
    }

    private List<String> arguments(List<String> opened) throws IOException {
        var arguments = new ArrayList<String>();
        arguments.add(CACHE_OPTION + CACHE);
        // For a heap of this size; the JVM would choose by the node, and the cache must know.
        arguments.add("-XX:+UseSerialGC");
        // Of the container's limit; as much again is needed outside of the heap.
        arguments.add("-XX:MaxRAMPercentage=40");
        arguments.add("-XX:+ExitOnOutOfMemoryError");
        // Would be a file in /tmp.
        arguments.add("-XX:-UsePerfData");
        arguments.add("--enable-native-access=ALL-UNNAMED");
        arguments.add("--sun-misc-unsafe-memory-access=allow");
        opened.forEach(packages -> arguments.add("--add-opens=" + packages + "=ALL-UNNAMED"));
        arguments.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        arguments.add("--class-path");
        arguments.add(String.join(":", classPath()));
        return arguments;
    }

    /** What Quarkus has rewritten comes before what it was made from. */
    private List<String> classPath() throws IOException {
        var paths = new ArrayList<String>();
        for (var jar : jars(application())) {
            var path = HOME + "/app/" + jar.getFileName();
            if (path.endsWith("/transformed-bytecode.jar")) {
                paths.addFirst(path);
            } else {
                paths.add(path);
            }
        }
        jars(libraries()).forEach(jar -> paths.add(HOME + "/lib/" + jar.getFileName()));
        return paths;
    }

    /** The same arguments for running it from here. */
    List<String> argumentsHere() {
        try {
            return Files.readAllLines(at(ARGUMENTS)).stream()
                    .map(line -> line.replace(HOME + "/", at(HOME) + "/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one of them that a JVM does not want which is to record. */
    String cacheOption() {
        return CACHE_OPTION + cache();
    }

    /** Gives every file this time, as it will have in the image. */
    void date(Instant timestamp) {
        try (Stream<Path> files = Files.walk(root)) {
            for (var file : (Iterable<Path>) files::iterator) {
                if (!Files.isSymbolicLink(file)) {
                    Files.setLastModifiedTime(file, FileTime.from(timestamp));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what an earlier build has left. */
    void clear() {
        if (!Files.exists(root)) {
            return;
        }
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UnavailableException("cannot remove " + root + ": " + e.getMessage(), e);
        }
    }
}

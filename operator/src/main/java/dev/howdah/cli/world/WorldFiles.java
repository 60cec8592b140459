// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads worlds from files and folders. */
public final class WorldFiles {
    private static final List<String> SUFFIXES = List.of(".yaml", ".yml", ".json");
    private static final String STDIN = "-";

    private WorldFiles() {}

    /**
     * All objects in files, and in the YAML and JSON files of folders.
     *
     * @param in what {@code -} reads
     * @throws CannotRun when one is not there or not readable, or none holds an object that has a say
     */
    public static World read(List<String> names, InputStream in) {
        var objects = new ObjectReader();
        for (var name : names) {
            documents(name, in).forEach(objects::add);
        }
        if (objects.empty()) {
            throw new CannotRun("no object of howdah.dev in %s; name files or folders that hold some"
                    .formatted(String.join(", ", names)));
        }
        var world = objects.world(List.of());
        var unlabelled = world.unlabelled();
        return unlabelled.isEmpty()
                ? world
                : objects.world(List.of(
                        "no file has the Namespace %s: taken to be without labels, so policies for labelled namespaces do not match"
                                .formatted(String.join(", ", unlabelled))));
    }

    /** The documents of a file or folder. */
    public static List<Document> documents(String name, InputStream in) {
        try {
            if (name.equals(STDIN)) {
                return Documents.read("stdin", new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            var path = Path.of(name);
            if (!Files.exists(path)) {
                throw new CannotRun("%s: no such file or folder".formatted(name));
            }
            var documents = new ArrayList<Document>();
            for (var file : below(path)) {
                documents.addAll(Documents.read(file.toString(), text(file)));
            }
            return documents;
        } catch (IOException | UncheckedIOException e) {
            throw new CannotRun("%s: cannot be read: %s".formatted(name, e.getMessage()));
        }
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new CannotRun("%s: is not UTF-8 text".formatted(file));
        }
    }

    private static List<Path> below(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            SUFFIXES.stream().anyMatch(file.getFileName().toString()::endsWith))
                    .filter(file -> !hidden(path.relativize(file)))
                    .sorted()
                    .toList();
        }
    }

    private static boolean hidden(Path relative) {
        for (var part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}

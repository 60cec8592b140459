// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The folders in which programs are looked for, in order. */
record SearchPath(List<Path> folders) {
    SearchPath {
        folders = List.copyOf(folders);
    }

    static SearchPath of(Map<String, String> environment) {
        return new SearchPath(Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .toList());
    }

    SearchPath and(Path folder) {
        var more = new ArrayList<>(folders);
        more.add(folder);
        return new SearchPath(more);
    }

    Optional<Path> find(String program) {
        return folders.stream()
                .map(folder -> folder.resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }
}

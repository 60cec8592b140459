// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files in {@code crds/}, which is what users install. */
public final class CommittedCrds {
    static final Path FOLDER = Path.of("..", "crds");

    private CommittedCrds() {}

    static List<Path> files() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    public static List<CustomResourceDefinition> all() throws IOException {
        return files().stream().map(CommittedCrds::read).toList();
    }

    private static CustomResourceDefinition read(Path file) {
        return Serialization.unmarshal(text(file), CustomResourceDefinition.class);
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

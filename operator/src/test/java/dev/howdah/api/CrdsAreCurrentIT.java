// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is committed is what the build generates; runs after {@code package}, where the CRDs are made. */
class CrdsAreCurrentIT {
    private static final Path GENERATED = Path.of("target", "crds");

    @Test
    void committedCrdsAreTheGeneratedOnes() throws IOException {
        assertThat(contents(CommittedCrds.FOLDER, ".yaml"))
                .as("crds/ is not what the records in dev.howdah.api say; run `make crds` and commit the result")
                .isEqualTo(contents(GENERATED, "-v1.yml"));
    }

    private static Map<String, String> contents(Path folder, String suffix) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .collect(toMap(
                            file -> file.getFileName().toString().replace(suffix, ""),
                            CrdsAreCurrentIT::withoutComments,
                            (one, _) -> one,
                            TreeMap::new));
        }
    }

    private static String withoutComments(Path file) {
        return CommittedCrds.text(file)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(joining("\n"));
    }
}

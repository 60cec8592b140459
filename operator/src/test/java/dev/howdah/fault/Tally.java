// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What passed and what failed, by the rows of a table. */
final class Tally {
    private final String name;
    private final Map<String, int[]> rows = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final long began = System.nanoTime();

    Tally(String name) {
        this.name = name;
    }

    /** @param replay what to say to see it again */
    void count(String row, List<String> wrong, String replay) {
        var counts = rows.computeIfAbsent(row, r -> new int[2]);
        counts[wrong.isEmpty() ? 0 : 1]++;
        if (!wrong.isEmpty()) {
            failures.add(replay + "\n    " + String.join("\n    ", wrong));
            System.out.println(name + ": FAILED " + failures.getLast());
        }
    }

    int passed() {
        return rows.values().stream().mapToInt(c -> c[0]).sum();
    }

    int failed() {
        return rows.values().stream().mapToInt(c -> c[1]).sum();
    }

    String verdict() {
        return "%s: %d passed, %d failed".formatted(name, passed(), failed());
    }

    long minutes() {
        return (System.nanoTime() - began) / 60_000_000_000L;
    }

    String table(String what) {
        var text = new StringBuilder("| " + what + " | passed | failed |\n|---|---:|---:|\n");
        rows.forEach((row, counts) -> text.append("| %s | %d | %d |%n".formatted(row, counts[0], counts[1])));
        return text.append("| **all** | **%d** | **%d** |%n".formatted(passed(), failed()))
                .toString();
    }

    /** The verdict is a file's too, for the Makefile. */
    void conclude() {
        System.out.println(verdict());
        try {
            java.nio.file.Files.createDirectories(java.nio.file.Path.of("target"));
            java.nio.file.Files.writeString(
                    java.nio.file.Path.of("target", name + ".txt"),
                    (failures.isEmpty() ? "" : String.join("\n", failures) + "\n") + verdict() + "\n");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        assertThat(passed()).as("something was tried").isPositive();
        assertThat(failures).as(verdict()).isEmpty();
    }
}

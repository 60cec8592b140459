// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A part of {@code docs/reliability.md} that a whole run writes itself, between {@code <!-- name:begin -->} and its end. */
final class Section {
    private static final Path PAGE = Path.of("..", "docs", "reliability.md");

    private Section() {}

    static void write(String name, String text) {
        var begin = "<!-- " + name + ":begin -->";
        var end = "<!-- " + name + ":end -->";
        try {
            var page = Files.readString(PAGE);
            int from = page.indexOf(begin);
            int to = page.indexOf(end);
            if (from < 0 || to < from) {
                throw new IllegalStateException(PAGE + " has no section " + name);
            }
            Files.writeString(
                    PAGE, page.substring(0, from + begin.length()) + "\n" + text.strip() + "\n" + page.substring(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

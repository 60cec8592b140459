// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a test's outcome is held to; {@code -Dhowdah.golden=write} writes it instead. */
public final class Golden {
    private Golden() {}

    public static boolean isWritten() {
        return "write".equals(System.getProperty("howdah.golden"));
    }

    public static void compare(Path file, String actual) {
        try {
            if (isWritten()) {
                Files.writeString(file, actual);
            }
            assertThat(actual).as("%s (-Dhowdah.golden=write writes it)", file).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same for the part of a page between {@code <!-- name -->} and {@code <!-- end of name -->}. */
    public static void comparePart(Path page, String name, String actual) {
        try {
            var text = Files.readString(page);
            var begin = "<!-- %s -->\n".formatted(name);
            var end = "<!-- end of %s -->\n".formatted(name);
            assertThat(text).containsSubsequence(begin, end);
            compare(
                    page,
                    text.substring(0, text.indexOf(begin) + begin.length())
                            + actual
                            + text.substring(text.indexOf(end)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

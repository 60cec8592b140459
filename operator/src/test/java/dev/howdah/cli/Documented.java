// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.regex.Pattern;

/** What docs/cli.md shows of commands that need a cluster: compared but for what differs each time. */
public final class Documented {
    private Documented() {}

    /** The block of a command, as plain words. */
    public static String words(String command) {
        try {
            var page = Files.readString(Terminal.REPOSITORY.resolve("docs/cli.md"));
            var block = Pattern.compile("(?ms)^```text\n\\$ " + Pattern.quote(command) + "\n(.*?)^```$")
                    .matcher(page);
            if (!block.find()) {
                throw new AssertionError("docs/cli.md shows no output of " + command);
            }
            return plain(block.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without numbers, times and addresses, and however it is wrapped. */
    public static String plain(String output) {
        return output.replaceAll("\\b[\\w.-]+:\\d{4,5}\\b", "ADDRESS")
                .replace("not encrypted", "encrypted")
                .replaceAll("\\d[\\dT:Z.-]*", "N")
                .replaceAll("\\s+", " ")
                .replace("N.:", "N:")
                .strip();
    }
}

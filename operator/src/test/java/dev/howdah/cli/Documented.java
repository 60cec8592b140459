// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import dev.howdah.Markdown;

/** What docs/cli.md shows of commands that need a cluster: compared but for what differs each time. */
public final class Documented {
    private Documented() {}

    /** The block of a command, as plain words. */
    public static String words(String command) {
        var line = "$ " + command + "\n";
        return Markdown.of("docs/cli.md").blocks("text").stream()
                .map(Markdown.Block::text)
                .filter(text -> text.startsWith(line))
                .map(text -> plain(text.substring(line.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("docs/cli.md shows no output of " + command));
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

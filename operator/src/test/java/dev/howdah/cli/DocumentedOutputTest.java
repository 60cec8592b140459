// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every console block of docs/cli.md is what the command prints, at 80 columns at most, with the exit code that is shown
 * below it. {@code -Dhowdah.golden=write} writes the blocks.
 */
class DocumentedOutputTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```console\n\\$ howdah ([^\n]*)\n(.*?)^```$");
    private static final int WIDTH = 80;

    @Test
    void blocks_are_what_is_printed() throws IOException {
        var file = Terminal.REPOSITORY.resolve("docs/cli.md");
        var documented = Files.readString(file);
        var blocks = BLOCK.matcher(documented);
        var printed = blocks.replaceAll(block -> Matcher.quoteReplacement(
                "```console\n$ howdah %s\n%s```".formatted(block.group(1), output(block.group(1)))));
        if ("write".equals(System.getProperty("howdah.golden"))) {
            Files.writeString(file, printed);
        }
        assertThat(Files.readString(file)).isEqualTo(printed);
        assertThat(BLOCK.matcher(printed).results().count()).isGreaterThanOrEqualTo(6);
        assertThat(BLOCK.matcher(printed)
                        .results()
                        .flatMap(block -> block.group(2).lines()))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH));
    }

    private static String output(String command) {
        var outcome = new Terminal().run(command.split(" "));
        return outcome.out() + outcome.err() + (outcome.exit() == 0 ? "" : "$ echo $?\n" + outcome.exit() + "\n");
    }
}

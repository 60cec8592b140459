// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What could be typed next. */
class CompletionTest {
    @TempDir
    Path folder;

    @Test
    void a_script_that_bash_takes_and_that_knows_the_verbs() throws IOException, InterruptedException {
        var outcome = new Terminal().run("completion", "bash");
        assertThat(outcome.exit()).isZero();
        assertThat(new Terminal().run("completion", "zsh").out()).contains("bashcompinit");
        var script = Files.writeString(folder.resolve("howdah.sh"), outcome.out());
        var asked = Files.writeString(folder.resolve("ask.sh"), """
                . %s
                COMP_WORDS=(howdah con); COMP_CWORD=1; COMP_LINE='howdah con'
                _complete_howdah
                echo "${COMPREPLY[@]}"
                """.formatted(script));
        var bash = new ProcessBuilder("bash", asked.toString())
                .redirectErrorStream(true)
                .start();
        var answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(answer.strip()).isEqualTo("connect");
    }

    @Test
    void what_kubectl_asks() {
        assertThat(complete("con")).isEqualTo("connect\n:4\n");
        assertThat(complete("")).contains("status\n", "why\n").doesNotContain("train", "__complete");
        assertThat(complete("connect", "shop/orders", "--for", "p")).isEqualTo("psql\npython\n:4\n");
        assertThat(complete("doctor", "--oper")).isEqualTo("--operator-namespace\n:4\n");
        assertThat(complete("impact", "-f", "")).as("names of files").isEqualTo(":0\n");
        assertThat(complete("completion", "z")).isEqualTo("zsh\n:4\n");
        assertThat(complete("connect", "shop/orders", "--show-password", "--o")).isEqualTo("--output\n:4\n");
    }

    private static String complete(String... words) {
        var arguments = new String[words.length + 1];
        arguments[0] = "__complete";
        System.arraycopy(words, 0, arguments, 1, words.length);
        var outcome = new Terminal().run(arguments);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exit()).isZero();
        return outcome.out();
    }
}

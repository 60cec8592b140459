// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be answered is one line on standard error that names the way out, and exit code 2. */
class ExitCodeTest {
    private static final String OBJECTS = "examples/policy-tests/objects";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bogus",
                "why",
                "why orders -f " + OBJECTS,
                "why shop/orders/x -f " + OBJECTS,
                "why shop/orders no_such_value -f " + OBJECTS,
                "why shop/orders parameters.wrok_mem -f " + OBJECTS,
                "why shop/orders role -f " + OBJECTS,
                "why shop/orders -f no/such/file",
                "why shop/orders -o xml -f " + OBJECTS,
                "offer",
                "offer -n shop -f examples/README.md",
                "extensions stray",
                "status shop/orders/x -f " + OBJECTS,
                "status shop/orders -n lab -f " + OBJECTS,
                "status stray -f " + OBJECTS,
                "plan",
                "plan shop/orders --with no/such/file -f " + OBJECTS,
                "trace orders -f " + OBJECTS,
                "connect shop/orders --for cobol -f " + OBJECTS,
                "connect shop/orders --via localhost -f " + OBJECTS,
                "connect shop/orders --via localhost:0 -f " + OBJECTS,
                "rotate",
                "rotate shop/orders --wait --timeout soon",
                "rotate shop/orders --wait --timeout 0s",
                "rotate shop/orders -f " + OBJECTS,
                "doctor stray",
                "doctor -f no/such/file",
                "report -o xml",
                "completion",
                "completion fish",
                "impact",
                "impact -f no/such/file",
                "test",
                "test no/such/folder",
                "test docs",
            })
    void wrong_use_is_one_line(String line) {
        var outcome = new Terminal().run(line.split(" "));
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("howdah: ").hasLineCount(1).doesNotContain("Exception", "\tat ");
    }

    @Test
    void broken_yaml_names_file_and_line() throws IOException {
        var file = Files.writeString(folder.resolve("broken.yaml"), "kind: A\n  b: c\n");
        var outcome = new Terminal().run("offer", "-n", "shop", "-f", file.toString());
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo("howdah: %s:2: not valid YAML: mapping values are not allowed here\n".formatted(file));
    }

    @Test
    void a_misspelt_key_of_a_test_is_named() throws IOException {
        Files.writeString(folder.resolve("howdah-test.yaml"), """
                kind: PolicyTest
                objects: [a.yaml]
                expect:
                  - claim: shop/orders
                    acepted: true
                """);
        var outcome = new Terminal().run("test", folder.toString());
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("howdah-test.yaml:5: `expect[0].acepted`: unknown key; there are accepted, claim");
    }

    @Test
    void what_is_not_there_is_a_finding() {
        var outcome = new Terminal().run("why", "shop/nobody", "-f", OBJECTS);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("howdah: no claim \"shop/nobody\"; in that namespace there are shop/archive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "plan", "trace", "connect"})
    void so_it_is_to_every_verb(String verb) {
        var outcome = new Terminal().run(verb, "nobody", "-n", "shop", "-f", OBJECTS);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("howdah: no claim \"shop/nobody\"").hasLineCount(1);
    }

    @Test
    void so_is_a_login_that_is_not_there() {
        var outcome = new Terminal().run("connect", "store/orders", "nobody", "-f", "examples/status");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("howdah: the claim store/orders has no login \"nobody\"; it has app, report\n");
    }

    @Test
    void a_misspelt_verb_gets_a_suggestion() {
        assertThat(new Terminal().run("statsu").err())
                .contains("'statsu'; did you mean status?")
                .hasLineCount(1);
    }

    @Test
    void help_is_help() {
        for (var verb : new String[] {
            "why",
            "offer",
            "impact",
            "extensions",
            "test",
            "status",
            "plan",
            "trace",
            "connect",
            "rotate",
            "doctor",
            "report",
            "completion"
        }) {
            var outcome = new Terminal().run(verb, "--help");
            assertThat(outcome.exit()).isZero();
            assertThat(outcome.out().lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
            assertThat(outcome.out()).startsWith("Usage: howdah " + verb).contains("Exit code: 0");
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The real one, as a person or a GitOps tool runs it. */
record Kubectl(Path program, Path kubeconfig) {
    /** What both outputs said, together. */
    record Outcome(int exit, String said) {}

    /** Runs it to its end, in the root of this repository. */
    Outcome tried(Map<String, String> environment, String input, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(program.toString());
        command.addAll(arguments);
        var process = new ProcessBuilder(command)
                .directory(SourceTree.REPOSITORY.toFile())
                .redirectErrorStream(true);
        process.environment().putAll(environment);
        process.environment().put("KUBECONFIG", kubeconfig.toString());
        try {
            var running = process.start();
            try (var stdin = running.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended without reading all of it; its output says why.
            }
            var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(running.waitFor(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The words of a line, with YAML at its standard input. */
    Outcome tried(String line, String input) {
        return tried(Map.of(), input, Arrays.asList(line.split(" ")));
    }

    /** What must succeed. */
    String does(String line, String input) {
        var outcome = tried(line, input);
        assertThat(outcome.exit()).as("kubectl %s: %s", line, outcome.said()).isZero();
        return outcome.said();
    }

    String does(String line) {
        return does(line, "");
    }

    void applies(String yaml) {
        does("apply -f -", yaml);
    }
}

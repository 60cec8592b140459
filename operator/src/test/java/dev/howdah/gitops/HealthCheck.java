// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.howdah.SourceTree;
import dev.howdah.testenv.GoProgram;
import dev.howdah.testenv.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** {@code gitops/check}: the status that kstatus computes, and the health that our scripts tell Argo CD in its own engine. */
public final class HealthCheck {
    /** In Argo CD's own layout: {@code <group>/<Kind>/health.lua}. */
    public static final Path SCRIPTS = SourceTree.REPOSITORY.resolve("gitops/argocd");

    public static final List<String> KINDS =
            List.of("DatabaseClaim", "DatabaseClass", "DatabasePolicy", "DatabaseWaiver", "PostgresServer");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path program;

    private HealthCheck(Path program) {
        this.program = program;
    }

    /** What is made of one object. */
    public record Answer(String kstatus, String kstatusMessage, String health, String healthMessage) {}

    /** The test is skipped, aloud, on a machine without Go. */
    public static HealthCheck orSkip() {
        var program = GoProgram.built("gitops-check", SCRIPTS.resolveSibling("check"), Progress.onStandardError());
        Assumptions.assumeTrue(
                program.isPresent(),
                "kstatus and Argo CD's engine are libraries in Go, and there is no Go here; the line above says which is needed");
        return new HealthCheck(program.orElseThrow());
    }

    static Path folder(String kind) {
        return SCRIPTS.resolve("howdah.dev").resolve(kind).normalize();
    }

    /** Each file has one object. */
    public List<Answer> ask(List<Path> files) {
        var command = Stream.concat(Stream.of(program, SCRIPTS), files.stream())
                .map(Path::toString)
                .toList();
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
            var answers = new ArrayList<Answer>();
            for (var line : said.lines().toList()) {
                answers.add(JSON.readValue(line, Answer.class));
            }
            assertThat(answers).hasSameSizeAs(files);
            return answers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

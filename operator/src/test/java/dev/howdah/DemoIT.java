// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./howdah demo} keeps what it promises: every example becomes what its comment says, and what it bids to try works. */
class DemoIT {
    private static final int WIDTH = 100;
    private static final long PATIENCE_SECONDS = 60;

    private static ProcessBuilder demo(String... arguments) {
        var command =
                new ArrayList<>(List.of(SourceTree.REPOSITORY.resolve("howdah").toString(), "demo"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    @Test
    void all_is_as_promised() throws Exception {
        var builder = demo("--once");
        var process = builder.start();
        try {
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output)
                    .contains(
                            "DatabaseConflict",
                            "NoMatchingServer",
                            "ExtensionNotAvailable",
                            "lock_timeout 5s by policy \"baseline\"",
                            "work_mem 128MB by waiver \"closing\"",
                            "ExtensionNotAllowed by policy \"baseline\"",
                            "ParameterOutOfRange by policy \"baseline\"",
                            "QuotaExceeded by policy \"lab\"",
                            "shop/catalog: connections",
                            "./howdah why pay/closing parameters.work_mem",
                            "SQLSTATE 42501",
                            "demo: all as promised")
                    .as("what is gone at the end")
                    .doesNotContain("export KUBECONFIG=");
            var table = output.lines()
                    .dropWhile(line -> !line.startsWith("CLAIM"))
                    .takeWhile(line -> !line.isBlank())
                    .toList();
            assertThat(table)
                    .hasSizeGreaterThan(11)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH));
        } finally {
            process.destroy();
        }
    }

    /** @param files where all that runs in it keeps its temporary files */
    @Test
    void what_it_bids_to_try_works_and_nothing_of_it_is_left(@TempDir Path files) throws Exception {
        var builder = demo();
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + files);
        var process = builder.start();
        var notTried = new ArrayList<String>();
        List<ProcessHandle> started;
        try (var output = process.inputReader()) {
            var lines = untilItStays(output);
            assertThat(lines).noneMatch(line -> line.contains("not as promised"));
            started = process.descendants().filter(DemoIT::runs).toList();
            assertThat(started)
                    .as("API server, etcd, two PostgreSQL servers, operator")
                    .hasSizeGreaterThan(4);
            assertThat(files).isNotEmptyDirectory();

            var next = lines.stream()
                    .dropWhile(line -> !line.startsWith("Try next"))
                    .filter(line -> line.startsWith("  "))
                    .map(String::strip)
                    .collect(Collectors.partitioningBy(line -> line.startsWith("export ")));
            assertThat(next.get(true)).anyMatch(line -> line.startsWith("export KUBECONFIG="));
            assertThat(next.get(false))
                    .anyMatch(line -> line.startsWith("kubectl "))
                    .anyMatch(line -> line.startsWith("./howdah "))
                    .anyMatch(line -> line.contains(" psql "));
            for (var command : next.get(false)) {
                if (command.contains(" psql ") && !succeeds("command -v psql")) {
                    notTried.add(command);
                } else {
                    assertThat(succeeds(String.join("\n", next.get(true)) + "\n" + command))
                            .as(command)
                            .isTrue();
                }
            }

            process.getOutputStream().close();
            output.transferTo(Writer.nullWriter());
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroy();
        }
        await().untilAsserted(() -> assertThat(started).noneMatch(DemoIT::runs));
        await().untilAsserted(() -> assertThat(files).isEmptyDirectory());
        assumeThat(notTried).as("not tried, since there is no psql on PATH").isEmpty();
    }

    private static List<String> untilItStays(BufferedReader output) throws IOException {
        var lines = new ArrayList<String>();
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.contains("the end of standard input ends and removes everything")) {
                return lines;
            }
        }
        throw new AssertionError("it did not stay:\n" + String.join("\n", lines));
    }

    /** What a shell in the checkout makes of it, as a person would type it there. */
    private static boolean succeeds(String line) throws IOException, InterruptedException {
        var shell = new ProcessBuilder("sh", "-euc", line)
                .directory(SourceTree.REPOSITORY.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && shell.exitValue() == 0;
        } finally {
            shell.destroy();
        }
    }

    /** One that has ended and that nobody waited for has no command any more. */
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }
}

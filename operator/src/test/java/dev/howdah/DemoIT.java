// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code ./howdah demo --once} keeps what it promises: every example becomes what its comment says. */
class DemoIT {
    private static final int WIDTH = 100;

    @Test
    void all_is_as_promised() throws Exception {
        var builder = new ProcessBuilder(SourceTree.REPOSITORY.resolve("howdah").toString(), "demo", "--once")
                .redirectErrorStream(true);
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
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code ./howdah} as a person at a terminal runs it. */
final class CommandLine {
    private static final int PATIENCE_SECONDS = 60;

    private final Path script;
    private final Path kubeconfig;

    CommandLine(Path root, Path kubeconfig) {
        this.script = root.resolve("howdah");
        this.kubeconfig = kubeconfig;
    }

    /** What it prints, in the background; not as promised if it does not end with 0. */
    CompletableFuture<String> run(List<String> arguments) {
        return CompletableFuture.supplyAsync(() -> printed(arguments), Thread::startVirtualThread);
    }

    private String printed(List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(script.toString());
        command.addAll(arguments);
        var shown = "./howdah " + String.join(" ", arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        try {
            var process = builder.start();
            try {
                process.getOutputStream().close();
                var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new NotAsPromised(shown + " does not end");
                }
                if (process.exitValue() != 0) {
                    throw new NotAsPromised(shown + " ends with " + process.exitValue() + ": "
                            + output.strip().lines().findFirst().orElse("no output"));
                }
                return output;
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw new NotAsPromised(shown + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotAsPromised("interrupted", e);
        }
    }
}

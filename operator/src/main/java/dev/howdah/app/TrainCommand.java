// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.cli.Verbs;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Uses each verb once, so that the JVM can note which classes they need: what the launcher makes its AOT cache from. */
@Command(name = "train", hidden = true, description = "Use each verb once, for the launcher's AOT cache.")
final class TrainCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "examples/policy-tests")
    private Path tests = Path.of("");

    @Override
    public Integer call() {
        var objects = tests.resolve("objects").toString();
        var policies = tests.resolve("objects/policies.yaml").toString();
        List.of(
                        List.of("--help"),
                        List.of("test", tests.toString()),
                        List.of("why", "shop/orders", "-f", objects),
                        List.of("why", "shop/orders", "work_mem", "-f", objects, "-o", "yaml"),
                        List.of("offer", "-n", "shop", "-f", objects, "-o", "json"),
                        List.of("offer", "-n", "shop", "-f", objects),
                        List.of("impact", "-f", policies, "--against", objects),
                        List.of("status", "-f", objects),
                        List.of("status", "shop/orders", "-f", objects, "-o", "json"),
                        List.of("plan", "shop/orders", "-f", objects),
                        List.of("trace", "shop/orders", "-f", objects),
                        List.of("connect", "shop/orders", "-f", objects),
                        List.of("doctor", "-f", objects),
                        List.of("retained", "-f", objects),
                        List.of("extensions", "-f", objects),
                        List.of("completion", "bash"),
                        List.of("__complete", "sta"),
                        List.of("rotate", "shop/orders"),
                        List.of("doctor"),
                        List.of("report"),
                        List.of("why", "shop/orders"))
                .forEach(TrainCommand::use);
        return 0;
    }

    private static void use(List<String> arguments) {
        var nowhere = new PrintWriter(Writer.nullWriter());
        Verbs.line(new HowdahCommand(), new Verbs(Outside.nowhere(), CommandLine.defaultFactory()))
                .setOut(nowhere)
                .setErr(nowhere)
                .execute(arguments.toArray(String[]::new));
    }
}

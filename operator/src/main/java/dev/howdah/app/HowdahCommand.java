// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import io.quarkus.picocli.runtime.annotations.TopCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The verbs. */
@TopCommand
@Command(
        name = "howdah",
        description = "Self-service PostgreSQL for Kubernetes, with guardrails.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {RunCommand.class, CommandLine.HelpCommand.class},
        footer = {
            "",
            "In a source tree, ./howdah dev starts a cluster and a PostgreSQL to try things on,",
            "and ./howdah demo shows the whole on examples."
        })
public class HowdahCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        new CommandLine(this).usage(System.err);
        return Main.COULD_NOT_RUN;
    }
}

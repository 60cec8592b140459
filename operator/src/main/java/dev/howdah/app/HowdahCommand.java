// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.cli.check.TestCommand;
import dev.howdah.cli.completion.CompleteCommand;
import dev.howdah.cli.completion.CompletionCommand;
import dev.howdah.cli.connect.ConnectCommand;
import dev.howdah.cli.doctor.DoctorCommand;
import dev.howdah.cli.impact.ImpactCommand;
import dev.howdah.cli.offer.OfferCommand;
import dev.howdah.cli.output.Exit;
import dev.howdah.cli.plan.PlanCommand;
import dev.howdah.cli.report.ReportCommand;
import dev.howdah.cli.retained.RetainedCommand;
import dev.howdah.cli.rotate.RotateCommand;
import dev.howdah.cli.status.StatusCommand;
import dev.howdah.cli.trace.TraceCommand;
import dev.howdah.cli.usage.ExtensionsCommand;
import dev.howdah.cli.why.WhyCommand;
import io.quarkus.picocli.runtime.annotations.TopCommand;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The verbs. */
@TopCommand
@Command(
        name = "howdah",
        description = "Self-service PostgreSQL for Kubernetes, with guardrails.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            StatusCommand.class,
            OfferCommand.class,
            WhyCommand.class,
            PlanCommand.class,
            ConnectCommand.class,
            TraceCommand.class,
            RotateCommand.class,
            ImpactCommand.class,
            ExtensionsCommand.class,
            RetainedCommand.class,
            TestCommand.class,
            DoctorCommand.class,
            ReportCommand.class,
            CompletionCommand.class,
            CompleteCommand.class,
            RunCommand.class,
            TrainCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 fine, 1 findings, 2 wrong use or could not run.",
            "",
            "In a source tree, ./howdah dev starts a cluster and a PostgreSQL to try things",
            "on, and ./howdah demo shows the whole on examples."
        })
public class HowdahCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(spec).commandLine();
        line.usage(line.getErr());
        return Exit.COULD_NOT_RUN;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import dev.howdah.cli.check.TestCommand;
import dev.howdah.cli.completion.CompleteCommand;
import dev.howdah.cli.connect.ConnectCommand;
import dev.howdah.cli.doctor.DoctorCommand;
import dev.howdah.cli.impact.ImpactCommand;
import dev.howdah.cli.offer.OfferCommand;
import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Page;
import dev.howdah.cli.plan.PlanCommand;
import dev.howdah.cli.report.ReportCommand;
import dev.howdah.cli.retained.RetainedCommand;
import dev.howdah.cli.rotate.RotateCommand;
import dev.howdah.cli.status.StatusCommand;
import dev.howdah.cli.trace.TraceCommand;
import dev.howdah.cli.usage.ExtensionsCommand;
import dev.howdah.cli.why.WhyCommand;
import dev.howdah.cli.world.CannotRun;
import dev.howdah.cli.world.Surroundings;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** Makes the verbs, and says how all of them fail. */
public final class Verbs implements CommandLine.IFactory {
    private static final Map<Class<?>, Function<Surroundings, Object>> MAKERS = Map.ofEntries(
            Map.entry(WhyCommand.class, WhyCommand::new),
            Map.entry(TestCommand.class, TestCommand::new),
            Map.entry(ImpactCommand.class, ImpactCommand::new),
            Map.entry(OfferCommand.class, OfferCommand::new),
            Map.entry(ExtensionsCommand.class, ExtensionsCommand::new),
            Map.entry(RetainedCommand.class, RetainedCommand::new),
            Map.entry(StatusCommand.class, StatusCommand::new),
            Map.entry(PlanCommand.class, PlanCommand::new),
            Map.entry(TraceCommand.class, TraceCommand::new),
            Map.entry(ConnectCommand.class, ConnectCommand::new),
            Map.entry(RotateCommand.class, RotateCommand::new),
            Map.entry(DoctorCommand.class, DoctorCommand::new),
            Map.entry(ReportCommand.class, ReportCommand::new),
            Map.entry(CompleteCommand.class, CompleteCommand::new));

    private final Surroundings surroundings;
    private final CommandLine.IFactory others;

    /** @param others makes what is no verb of this room */
    public Verbs(Surroundings surroundings, CommandLine.IFactory others) {
        this.surroundings = surroundings;
        this.others = others;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        var maker = MAKERS.get(type);
        return maker == null ? others.create(type) : type.cast(maker.apply(surroundings));
    }

    /** A command line that never shows a stack trace: a line on standard error, and exit code 2. */
    public static CommandLine line(Object top, Verbs factory) {
        var line = new CommandLine(top, factory);
        line.setExpandAtFiles(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(Page.WIDTH);
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println("howdah: " + firstLine(e));
            return Exit.COULD_NOT_RUN;
        });
        line.setParameterExceptionHandler((e, arguments) -> {
            var command = e.getCommandLine();
            command.getErr()
                    .println("howdah: %s; %ssee %s --help"
                            .formatted(
                                    firstLine(e),
                                    meant(e),
                                    command.getCommandSpec().qualifiedName()));
            return Exit.COULD_NOT_RUN;
        });
        return line;
    }

    private static String meant(CommandLine.ParameterException e) {
        return e instanceof CommandLine.UnmatchedArgumentException unmatched
                        && !unmatched.getSuggestions().isEmpty()
                ? "did you mean %s? ".formatted(unmatched.getSuggestions().getFirst())
                : "";
    }

    /** What lies at the bottom of an error, in one line. */
    public static String firstLine(Throwable e) {
        var deepest = e;
        while (!told(deepest) && deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        var message = String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
        return deepest.getMessage() == null || message.isBlank()
                ? deepest.getClass().getSimpleName()
                : message;
    }

    /** Whether its message is meant for people. */
    private static boolean told(Throwable e) {
        return e instanceof CannotRun || e instanceof CommandLine.ParameterException;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.completion;

import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code howdah completion}. */
@Command(
        name = "completion",
        description = "Print a script that completes this command in a shell.",
        footer = {
            "",
            "For kubectl howdah put kubectl_complete-howdah on the PATH instead: kubectl asks",
            "it by itself.",
            "",
            "Exit code: 0 printed, 2 no such shell.",
            "",
            "  source <(howdah completion bash)",
            "  source <(howdah completion zsh)"
        })
public final class CompletionCommand implements Callable<Integer> {
    private static final String NAME = "howdah";

    /** The shells there is a script for. */
    enum Shell {
        BASH,
        ZSH;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable Shell shell;

    @Mixin
    private Help help = new Help();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(spec).commandLine();
        // One script for both: it finds out by itself which of them reads it.
        line.getOut().print(AutoComplete.bash(NAME, line.getParent()));
        line.getOut().flush();
        return Exit.FINE;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.usage;

import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.world.Sources;
import dev.howdah.cli.world.Surroundings;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which claims use which extension. */
@Command(
        name = "extensions",
        description =
                "Say which claims use which extension in which version, for which of them there is a later one, and which policies no longer allow it.",
        footer = {
            "",
            "Exit code: 0 all are allowed, 1 some no longer are, 2 could not be told.",
            "",
            "  howdah extensions",
            "  howdah extensions -n shop -o yaml",
            "  howdah extensions -f cluster.yaml -f policies/"
        })
public final class ExtensionsCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Claims of this namespace only.")
    private @Nullable String namespace;

    @Mixin
    private Sources sources = new Sources();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public ExtensionsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var world = sources.read(surroundings, namespace);
        var answer =
                ExtensionsAnswer.of(Judgements.of(world, surroundings.clock().instant()), namespace);
        output.print(answer, answer::page);
        return Exit.of(answer.allAllowed() && world.faults().isEmpty());
    }
}

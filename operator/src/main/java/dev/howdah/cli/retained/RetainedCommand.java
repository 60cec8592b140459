// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.retained;

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

/** {@code howdah retained}. */
@Command(
        name = "retained",
        description = "Say which databases are kept that no claim has: where, why, since when and until when.",
        footer = {
            "",
            "Exit code: 0 told, 1 no such server or one that was not asked, 2 could not be told.",
            "",
            "  howdah retained",
            "  howdah retained -n shop -o json"
        })
public final class RetainedCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Only what claims of this namespace left.")
    private @Nullable String namespace;

    @Option(names = "--server", paramLabel = "SERVER", description = "Only what is on this server.")
    private @Nullable String server;

    @Mixin
    private Sources sources = new Sources();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public RetainedCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var answer = RetainedAnswer.of(sources.read(surroundings, null), namespace, server);
        output.print(answer, answer::page);
        return Exit.of(answer.complete());
    }
}

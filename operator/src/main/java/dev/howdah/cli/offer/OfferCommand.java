// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.offer;

import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.world.Sources;
import dev.howdah.cli.world.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What may be asked for in a namespace. */
@Command(
        name = "offer",
        description =
                "Say what claims of a namespace may ask for: classes, versions, ranges, extensions, what is left on servers and of quotas.",
        footer = {
            "",
            "Exit code: 0 something is offered, 1 nothing is, 2 could not be told.",
            "",
            "  howdah offer -n shop",
            "  howdah offer -n shop -f platform/ -f policies/"
        })
public final class OfferCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(
            names = {"-n", "--namespace"},
            required = true,
            paramLabel = "NAMESPACE",
            description = "The namespace of the claims.")
    private String namespace = "";

    @Mixin
    private Sources sources = new Sources();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public OfferCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var world = sources.read(surroundings, namespace);
        var answer = OfferAnswer.of(Judgements.of(world, surroundings.clock().instant()), namespace);
        output.print(answer, answer::page);
        return Exit.of(answer.classes().stream().anyMatch(offered -> offered.closed() == null)
                && world.faults().isEmpty());
    }
}

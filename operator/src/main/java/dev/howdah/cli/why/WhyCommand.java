// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.why;

import dev.howdah.cli.judge.Chains;
import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.world.CannotRun;
import dev.howdah.cli.world.ClaimArgument;
import dev.howdah.cli.world.Sources;
import dev.howdah.cli.world.Surroundings;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Who said what about a claim, and what became of it. */
@Command(
        name = "why",
        description = "Say why a claim's values are what they are, and which rules it breaks.",
        footer = {
            "",
            "Exit code: 0 agreed to, 1 refused or no such claim, 2 could not be told.",
            "",
            "  howdah why shop/orders",
            "  howdah why shop/orders work_mem",
            "  howdah why shop/orders storage -f policies/ -f orders.yaml"
        })
public final class WhyCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ClaimArgument claim = new ClaimArgument();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PATH",
            description =
                    "One value, such as storage, connections, parameters.work_mem (or work_mem), extensions.hstore."
                            + " Default: all values that are not built in.")
    private @Nullable String path;

    @Mixin
    private Sources sources = new Sources();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public WhyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var key = claim.key(sources, surroundings);
        var world = sources.read(surroundings, key.namespace());
        var asked = Judgements.of(claim, world, surroundings.clock().instant());
        if (asked.isEmpty()) {
            return Exit.FINDINGS;
        }
        var judged = asked.get();
        if (path == null) {
            var answer = WhyAnswer.of(judged, world);
            output.print(answer, answer::page);
            return Exit.of(judged.agreed() && world.faults().isEmpty());
        }
        var wanted = path;
        var chain = Chains.of(judged, wanted)
                .orElseThrow(() -> new CannotRun(judged.classless().getFirst().message()));
        var answer = ChainAnswer.of(judged, chain);
        output.print(answer, answer::page);
        return Exit.of(answer.refusals().isEmpty());
    }
}

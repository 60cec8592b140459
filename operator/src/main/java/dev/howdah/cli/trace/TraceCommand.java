// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.trace;

import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.world.ClaimArgument;
import dev.howdah.cli.world.SecretSeen;
import dev.howdah.cli.world.Sources;
import dev.howdah.cli.world.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code howdah trace}. */
@Command(
        name = "trace",
        description =
                "Show the way from a claim to its class, policies, server, database and Secrets, and the state of each.",
        footer = {
            "",
            "What is not as it should be has a ! before it.",
            "",
            "Exit code: 0 all is well, 1 something is not, or there is no such claim, 2 could",
            "not be told.",
            "",
            "  howdah trace shop/orders"
        })
public final class TraceCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ClaimArgument claim = new ClaimArgument();

    @Mixin
    private Sources sources = new Sources();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public TraceCommand(Surroundings surroundings) {
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
        if (sources.fromFiles()) {
            return answer(TraceAnswer.of(Trace.of(judged, world, _ -> new SecretSeen.NotAsked()), world));
        }
        try (var client = surroundings.cluster().get()) {
            return answer(TraceAnswer.of(
                    Trace.of(judged, world, name -> SecretSeen.look(client, key.namespace(), name)), world));
        }
    }

    private int answer(TraceAnswer answer) {
        output.print(answer, answer::page);
        return Exit.of(answer.well());
    }
}

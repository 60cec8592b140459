// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.plan;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.cli.judge.Judgements;
import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.world.CannotRun;
import dev.howdah.cli.world.ClaimArgument;
import dev.howdah.cli.world.ClaimKey;
import dev.howdah.cli.world.Sources;
import dev.howdah.cli.world.Surroundings;
import dev.howdah.cli.world.World;
import dev.howdah.cli.world.WorldFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code howdah plan}. */
@Command(
        name = "plan",
        description = "Say what the operator would do for a claim, and how to agree to an adoption.",
        footer = {
            "",
            "Nothing is done by this.",
            "",
            "Exit code: 0 it goes on by itself or there is nothing to do, 1 it is refused,",
            "waits or is paused, or there is no such claim, 2 could not be told.",
            "",
            "  howdah plan shop/orders",
            "  howdah plan shop/orders --with orders.yaml"
        })
public final class PlanCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ClaimArgument claim = new ClaimArgument();

    @Option(
            names = "--with",
            paramLabel = "FILE",
            description =
                    "A file or folder that is taken as applied: the claim as it would be, or policies. May be repeated.")
    private List<String> with = new ArrayList<>();

    @Mixin
    private Sources sources = new Sources();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public PlanCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var key = claim.key(sources, surroundings);
        var there = sources.read(surroundings, key.namespace());
        var world = with.isEmpty() ? there : applied(there, WorldFiles.read(with, surroundings.in()), key);
        var asked = Judgements.of(claim, world, surroundings.clock().instant());
        if (asked.isEmpty()) {
            return Exit.FINDINGS;
        }
        var answer = PlanMaker.of(asked.get(), world);
        output.print(answer, answer::page);
        return Exit.of(answer.goesOn());
    }

    /** As the API server would do it: the spec is the new one, everything else stays. */
    private static World applied(World there, World change, ClaimKey key) {
        var before = there.claims().get(key.toString());
        var after = change.claims().get(key.toString());
        if (before != null && after != null && after.getStatus() == null) {
            update(before, after);
        }
        return there.overlaidBy(change);
    }

    private static void update(DatabaseClaim before, DatabaseClaim after) {
        var annotations = after.getMetadata().getAnnotations();
        after.setMetadata(before.getMetadata());
        if (annotations != null && !annotations.isEmpty()) {
            after.getMetadata().setAnnotations(annotations);
        }
        if (!after.getSpec().equals(before.getSpec())) {
            var generation = before.getMetadata().getGeneration();
            if (generation != null) {
                after.getMetadata().setGeneration(generation + 1);
            } else if (before.getStatus() != null && before.getStatus().server() != null) {
                throw new CannotRun(
                        "--with: the claim there has no metadata.generation, so the edit cannot be told from what was agreed to; take it from kubectl get -o yaml as it is");
            }
        }
        after.setStatus(before.getStatus());
    }
}

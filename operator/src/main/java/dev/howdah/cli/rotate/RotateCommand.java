// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.rotate;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.world.CannotRun;
import dev.howdah.cli.world.ClaimArgument;
import dev.howdah.cli.world.Surroundings;
import dev.howdah.cli.world.WorldCluster;
import dev.howdah.policy.DurationText;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code howdah rotate}. */
@Command(
        name = "rotate",
        description = "Ask for new passwords of all logins of a claim.",
        footer = {
            "",
            "It annotates the claim, which takes the right to patch databaseclaims. The",
            "logins before work on for the overlap, unless --now closes them.",
            "",
            "Exit code: 0 asked for, or with --wait made, 1 it waits or failed, or there is",
            "no such claim or login, 2 could not be asked for.",
            "",
            "  howdah rotate shop/orders --wait",
            "  howdah rotate shop/orders --now --wait --timeout 5m"
        })
public final class RotateCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ClaimArgument claim = new ClaimArgument();

    @Option(names = "--now", description = "Close the logins before at once, such as after a leak.")
    private boolean now;

    @Option(names = "--wait", description = "Wait for what comes of it.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "2m",
            description = "How long to wait. Default: ${DEFAULT-VALUE}.")
    private String timeout = "2m";

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public RotateCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var key = claim.key(surroundings);
        var patience = patience();
        try (var client = surroundings.cluster().get()) {
            var world = WorldCluster.claims(client, key.namespace());
            var found = claim.find(world);
            if (found.isEmpty()) {
                return Exit.FINDINGS;
            }
            var resource = client.resources(DatabaseClaim.class)
                    .inNamespace(key.namespace())
                    .withName(key.name());
            var answer = new Rotating(resource, found.get(), now)
                    .ask(surroundings.clock().instant(), wait ? patience : null);
            output.print(answer, answer::page);
            return Exit.of(answer.fine());
        }
    }

    private Duration patience() {
        var parsed = parsed(timeout);
        if (parsed == null || parsed.isZero() || parsed.isNegative()) {
            throw new CannotRun("--timeout: \"%s\" is not a duration: write such as 90s or 5m".formatted(timeout));
        }
        return parsed;
    }

    private static @Nullable Duration parsed(String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.status;

import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.world.CannotRun;
import dev.howdah.cli.world.ClaimKey;
import dev.howdah.cli.world.Missing;
import dev.howdah.cli.world.Sources;
import dev.howdah.cli.world.Surroundings;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code howdah status}. */
@Command(
        name = "status",
        description = "Say what is ready, what is not, why, and what to do about it.",
        footer = {
            "",
            "Without a claim and a namespace it is everything, servers included.",
            "",
            "Exit code: 0 all is well, 1 something is not, or there is no such claim, 2 could",
            "not be told.",
            "",
            "  howdah status",
            "  howdah status -n shop",
            "  howdah status shop/orders"
        })
public final class StatusCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAMESPACE/CLAIM", description = "One claim.")
    private @Nullable String claim;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "The claims of one namespace.")
    private @Nullable String namespace;

    @Mixin
    private Sources sources = new Sources();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    @Spec
    private @Nullable CommandSpec spec;

    public StatusCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (claim != null) {
            return one(
                    sources.fromFiles()
                            ? ClaimKey.of(claim, namespace)
                            : ClaimKey.of(claim, namespace, () -> Sources.namespace(surroundings)));
        }
        if (namespace != null && namespace.isEmpty()) {
            throw new CannotRun("-n: name a namespace, or leave it out for all");
        }
        var world = sources.read(surroundings, namespace);
        if (namespace != null && !sources.fromFiles() && !world.namespaces().containsKey(namespace)) {
            return missing("there is no namespace \"%s\"".formatted(namespace));
        }
        var answer = StatusAnswer.of(world, namespace);
        output.print(answer, answer::page);
        return Exit.of(answer.well());
    }

    private int one(ClaimKey key) {
        var world = sources.claimsAndServers(surroundings, key.namespace());
        var found = world.claims().get(key.toString());
        if (found == null) {
            return missing(new Missing(world, key.toString()).text());
        }
        var answer = ClaimStatus.of(found, world);
        output.print(answer, answer::page);
        return Exit.of(answer.well() && world.faults().isEmpty());
    }

    private int missing(String text) {
        Objects.requireNonNull(spec).commandLine().getErr().println("howdah: " + text);
        return Exit.FINDINGS;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.impact;

import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.world.Sources;
import dev.howdah.cli.world.Surroundings;
import dev.howdah.cli.world.World;
import dev.howdah.cli.world.WorldFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an object would change if it were applied. */
@Command(
        name = "impact",
        description = "Say what policies, waivers or classes would change if they were applied. Applies nothing.",
        footer = {
            "",
            "Where -f holds claims and --against is not given, the files are all there is,",
            "and the claims are held to the policies in them as if these were new.",
            "",
            "Exit code: 0 nobody is worse off, 1 a claim would be denied or would no longer",
            "comply, or an object is not valid, 2 could not be told.",
            "",
            "  howdah impact -f policy.yaml",
            "  howdah impact -f policy.yaml --against gitops/"
        })
public final class ImpactCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE",
            description = "A file or folder with what would be applied; - is standard input. May be repeated.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description = "A file or folder with what is there, instead of the cluster of KUBECONFIG. May be repeated.")
    private List<String> against = new ArrayList<>();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public ImpactCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var change = WorldFiles.read(files, surroundings.in());
        var before = before(change);
        var answer = Impact.of(before, change, surroundings.clock().instant());
        output.print(answer, () -> ImpactPage.of(answer));
        return Exit.of(answer.fine());
    }

    private World before(World change) {
        if (!against.isEmpty()) {
            return WorldFiles.read(against, surroundings.in());
        }
        if (!change.claims().isEmpty()) {
            return new World(
                    change.classes(),
                    new TreeMap<>(),
                    new TreeMap<>(),
                    change.servers(),
                    change.claims(),
                    change.namespaces(),
                    change.places(),
                    List.of(),
                    List.of());
        }
        return Sources.cluster(surroundings, null);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.world.Sources;
import dev.howdah.cli.world.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code howdah doctor}. */
@Command(
        name = "doctor",
        description = "Examine an installation, its servers and its objects, and say the way out of each finding.",
        footer = {
            "",
            "Nothing is changed by this. What this user may not see is said.",
            "",
            "Exit code: 0 no problem (warnings do not count), 1 a problem, 2 could not be",
            "told, as where this user may see nothing.",
            "",
            "  howdah doctor",
            "  howdah doctor --operator-namespace databases"
        })
public final class DoctorCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private InstallationOptions installation = new InstallationOptions();

    @Mixin
    private Sources sources = new Sources();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public DoctorCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var now = surroundings.clock().instant();
        if (sources.fromFiles()) {
            return answer(Round.files(sources.read(surroundings, null), now));
        }
        try (var client = surroundings.cluster().get()) {
            return answer(installation.examine(client, now));
        }
    }

    private int answer(DoctorAnswer answer) {
        output.print(answer, answer::page);
        return answer.blind() ? Exit.COULD_NOT_RUN : Exit.of(answer.healthy());
    }
}

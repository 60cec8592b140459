// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.completion;

import dev.howdah.cli.output.Exit;
import dev.howdah.cli.world.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * What kubectl asks {@code kubectl_complete-howdah}: the words so far, the last of them unfinished. The answer is one candidate
 * a line, and then a colon and what the shell may do besides.
 */
@Command(name = "__complete", hidden = true, description = "Complete a line, for kubectl_complete-howdah.")
public final class CompleteCommand implements Callable<Integer> {
    /** Of Cobra's completion protocol: no file names besides. */
    private static final String NO_FILES = ":4";
    /** Whatever the shell does by itself, such as file names. */
    private static final String DEFAULT = ":0";

    private final Surroundings surroundings;

    @Parameters(arity = "0..*", hidden = true)
    private List<String> words = new ArrayList<>();

    @Unmatched
    private List<String> options = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec spec;

    public CompleteCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(spec).commandLine();
        var arguments = line.getParseResult().originalArgs();
        var candidates = new Candidates(line.getParent().getCommandSpec(), surroundings).after(typed(arguments));
        candidates.words().forEach(line.getOut()::println);
        line.getOut().println(candidates.files() ? DEFAULT : NO_FILES);
        line.getOut().flush();
        return Exit.FINE;
    }

    /** What comes after this verb, as it was typed. */
    private static List<String> typed(List<String> arguments) {
        var here = arguments.indexOf("__complete");
        return arguments.subList(here + 1, arguments.size());
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.check;

import dev.howdah.cli.output.Exit;
import dev.howdah.cli.output.Help;
import dev.howdah.cli.output.Output;
import dev.howdah.cli.world.CannotRun;
import dev.howdah.cli.world.Surroundings;
import dev.howdah.cli.world.WorldFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Policies put to the test, without a cluster. */
@Command(
        name = "test",
        description = "Run the howdah-test.yaml files below a folder: policies, claims, and what is expected of them.",
        footer = {
            "",
            "Exit code: 0 all hold, 1 some do not, 2 a test could not be run.",
            "",
            "  howdah test policies/",
            "  howdah test policies/ --junit target/policies.xml"
        })
public final class TestCommand implements Callable<Integer> {
    private static final String NAME = "howdah-test.yaml";

    private final Surroundings surroundings;

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            description = "Folders with howdah-test.yaml files at any depth, or such files.")
    private List<Path> folders = new ArrayList<>();

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write the outcome there as JUnit XML.")
    private @Nullable Path junit;

    @Option(names = "--sarif", paramLabel = "FILE", description = "Also write the failures there as SARIF 2.1.0.")
    private @Nullable Path sarif;

    @Mixin
    private Output output = new Output();

    @Mixin
    private Help help = new Help();

    public TestCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var tests = new ArrayList<PolicyTest>();
        for (var file : files()) {
            WorldFiles.documents(file.toString(), InputStream.nullInputStream())
                    .forEach(document -> tests.add(PolicyTest.of(document)));
        }
        var now = surroundings.clock().instant();
        var answer =
                TestAnswer.of(tests.stream().map(test -> Suite.run(test, now)).toList());
        if (junit != null) {
            write(junit, Reports.junit(answer));
        }
        if (sarif != null) {
            write(sarif, Reports.sarif(answer));
        }
        output.print(answer, answer::page);
        return Exit.of(answer.failed() == 0);
    }

    private List<Path> files() {
        var files = new ArrayList<Path>();
        for (var folder : folders) {
            if (!Files.exists(folder)) {
                throw new CannotRun("%s: no such folder".formatted(folder));
            }
            try (var below = Files.walk(folder)) {
                below.filter(Files::isRegularFile)
                        .filter(file -> file.equals(folder)
                                || String.valueOf(file.getFileName()).equals(NAME))
                        .sorted()
                        .forEach(files::add);
            } catch (IOException | UncheckedIOException e) {
                throw new CannotRun("%s: cannot be read: %s".formatted(folder, e.getMessage()));
            }
        }
        if (files.isEmpty()) {
            throw new CannotRun("no %s in %s; docs/cli.md shows how to write one"
                    .formatted(
                            NAME,
                            String.join(
                                    ", ", folders.stream().map(Path::toString).toList())));
        }
        return files;
    }

    private static void write(Path file, String text) {
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new CannotRun("%s: cannot be written: %s".formatted(file, e.getMessage()));
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.app.HowdahCommand;
import dev.howdah.app.LoginAttempts;
import dev.howdah.cli.world.Surroundings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Runs command lines in this process, as if from the root of the repository. */
public final class Terminal {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-12-01T00:00:00Z"), ZoneOffset.UTC);

    static final Path REPOSITORY = Path.of(URI.create(Reason.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toString()))
            .getParent()
            .getParent()
            .getParent();

    private final Supplier<KubernetesClient> cluster;
    private final String input;
    private final Clock clock;

    Terminal() {
        this(() -> {
            throw new AssertionError("no cluster was to be asked");
        });
    }

    public Terminal(Supplier<KubernetesClient> cluster) {
        this(cluster, "");
    }

    private Terminal(Supplier<KubernetesClient> cluster, String input) {
        this(cluster, input, CLOCK);
    }

    private Terminal(Supplier<KubernetesClient> cluster, String input, Clock clock) {
        this.cluster = cluster;
        this.input = input;
        this.clock = clock;
    }

    /** By another clock than the one that stands still. */
    public Terminal at(Clock other) {
        return new Terminal(cluster, input, other);
    }

    Terminal reading(String text) {
        return new Terminal(cluster, text, clock);
    }

    /** What came of it; paths are as they were given. */
    public record Outcome(int exit, String out, String err) {}

    public Outcome run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var surroundings = new Surroundings(
                clock,
                cluster,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new LoginAttempts(),
                "howdah test");
        var exit = Verbs.line(new HowdahCommand(), new Verbs(surroundings, CommandLine.defaultFactory()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Arrays.stream(arguments)
                        .map(argument -> argument.startsWith("examples/") ? REPOSITORY + "/" + argument : argument)
                        .toArray(String[]::new));
        return new Outcome(exit, fromRoot(out), fromRoot(err));
    }

    private static String fromRoot(StringWriter text) {
        return text.toString().replace(REPOSITORY + "/", "");
    }
}

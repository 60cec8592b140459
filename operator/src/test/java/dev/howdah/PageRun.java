// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.cli.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page followed word for word, from the top to the end: commands are typed into a shell and have to print what the page
 * shows, an object is applied, or saved where the text before it names a file. What the page shows may differ from what is
 * printed in what differs each time (ages, times, addresses, the minor version), and {@code …} stands for anything.
 */
final class PageRun {
    private static final boolean WRITES = "write".equals(System.getProperty("howdah.golden"));
    private static final Duration PATIENCE = Duration.ofSeconds(WRITES ? 8 : 60);
    /** What a command may take, however slow the machine is. */
    private static final Duration ENDS_WITHIN = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Pattern SAVED_AS = Pattern.compile("`([\\w-]+\\.yaml)`");

    /** What may be asked again, until it is as shown: it only looks. */
    private static final Pattern LOOKS = Pattern.compile(
            "^(kubectl( -n \\S+)? (get|describe|wait|auth) |(kubectl |\\./)?howdah (?!rotate|report)).*",
            Pattern.DOTALL);

    private static final Pattern HOWDAH = Pattern.compile("(?:kubectl |\\./)?howdah ([^|&;$'\"\\n]*)");

    private final Markdown page;
    private final Path folder;
    private final Map<String, String> environment;
    private final Map<String, String> places;
    private final Terminal howdah;
    private int last;

    /**
     * @param howdah what the command line of the operator is typed into: in this process, since each start takes its second
     * @param places what stands in the page for an address, and the address
     */
    PageRun(Markdown page, Path folder, Map<String, String> environment, Terminal howdah, Map<String, String> places) {
        this.page = page;
        this.folder = folder;
        this.environment = environment;
        this.howdah = howdah;
        this.places = places;
    }

    /** Fragments, and what other tests run. */
    private boolean isPassedOver(Markdown.Block block) {
        return block.marker().equals("fragment")
                || block.marker().startsWith("run:")
                || RunElsewhere.of(page.name(), block).isPresent();
    }

    /** Follows the page. Where it is to be written anew, it gets what was printed. */
    void follow() {
        var lines = new ArrayList<>(page.lines());
        int shift = 0;
        for (var block : page.blocks()) {
            if (isPassedOver(block)) {
                continue;
            }
            switch (block.language()) {
                case "yaml" -> object(block);
                case "sh" -> {
                    var output = shell("set -eu\n" + there(block.text()));
                    assertThat(last).as("%s: %s", where(block), output).isZero();
                }
                case "console" -> {
                    var shown = session(block);
                    if (shown.equals(block.lines())) {
                        continue;
                    }
                    var there = lines.subList(
                            block.first() + shift,
                            block.first() + shift + block.lines().size());
                    there.clear();
                    there.addAll(shown);
                    shift += shown.size() - block.lines().size();
                }
                case "text", "promql", "" ->
                    assertThat(block.isSession())
                            .as("%s: commands are in blocks of `console` or `sh`", where(block))
                            .isFalse();
                default -> throw new AssertionError(where(block) + ": nobody runs `" + block.language() + "`");
            }
        }
        if (!lines.equals(page.lines())) {
            try {
                Files.writeString(page.file(), String.join("\n", lines) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private String where(Markdown.Block block) {
        return page.name() + ":" + block.first();
    }

    private void object(Markdown.Block block) {
        var names = SAVED_AS.matcher(block.before())
                .results()
                .map(name -> name.group(1))
                .toList();
        var text = there(block.text());
        try {
            if (names.isEmpty()) {
                var file = Files.writeString(folder.resolve("applied.yaml"), text);
                var output = shell("kubectl apply -f " + file);
                assertThat(last).as("%s: %s", where(block), output).isZero();
            } else {
                Files.writeString(folder.resolve(names.getLast()), text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of the block as they should be. */
    private List<String> session(Markdown.Block block) {
        var shown = new ArrayList<String>();
        for (var step : block.session()) {
            if (step.command().equals("echo $?")) {
                if (!WRITES) {
                    assertThat(last + "\n").as("%s: exit code", where(block)).isEqualTo(step.output());
                }
                shown.addAll(List.of("$ echo $?", Integer.toString(last)));
                continue;
            }
            var output = told(step);
            ("$ " + step.command()).lines().forEach(shown::add);
            boolean same = matches(step.output(), output);
            if (!same && !WRITES) {
                assertThat(output).as("%s: %s", where(block), step.command()).isEqualTo(step.output());
            }
            (same ? step.output() : output).lines().forEach(shown::add);
        }
        return shown;
    }

    private String told(Markdown.Step step) {
        var command = there(step.command());
        var deadline = Instant.now().plus(PATIENCE);
        var output = printed(command);
        while (LOOKS.matcher(command).matches()
                && !matches(step.output(), output)
                && Instant.now().isBefore(deadline)) {
            pause();
            output = printed(command);
        }
        return output;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean matches(String shown, String printed) {
        var pattern = Stream.of(plain(shown).split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(pattern).matcher(plain(printed)).matches();
    }

    /** Without what differs each time, and however it is wrapped. */
    static String plain(String text) {
        return text.replaceAll("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z?", "TIME")
                .replaceAll("\\b(localhost|pg\\.example\\.com|127\\.0\\.0\\.1)(:\\d+)?\\b", "ADDRESS")
                .replaceAll("\\b(1[5-8])\\.\\d+\\b", "$1.x")
                .replaceAll("\\b(\\d+[dhms]){1,2}\\b", "AGE")
                .replaceAll("\\bp\\d{5}\\b", "PORT")
                .replaceAll("-{2,}", "-")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private String there(String text) {
        var there = text;
        for (var place : places.entrySet()) {
            there = there.replaceAll(place.getKey(), Matcher.quoteReplacement(place.getValue()));
        }
        return there;
    }

    /** What a command prints, both outputs together; {@link #last} has its exit code. */
    private String printed(String command) {
        var verb = HOWDAH.matcher(command);
        if (!verb.matches()) {
            return shell(command);
        }
        var outcome = howdah.run(Stream.of(verb.group(1).split(" "))
                .map(word -> Files.exists(folder.resolve(word))
                        ? folder.resolve(word).toString()
                        : word)
                .toArray(String[]::new));
        last = outcome.exit();
        return outcome.out() + outcome.err();
    }

    private String shell(String commands) {
        try {
            var output = Files.createTempFile("howdah-page-", ".txt");
            try {
                var builder = new ProcessBuilder("sh", "-c", commands)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                last = exitCode(builder.start(), commands, output);
                return Files.readString(output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private int exitCode(Process process, String commands, Path output) throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(ENDS_WITHIN)) {
                throw new AssertionError("%s: no end after %s of:%n%s%nIt said: %s"
                        .formatted(page.name(), ENDS_WITHIN, commands, Files.readString(output)));
            }
            return process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}

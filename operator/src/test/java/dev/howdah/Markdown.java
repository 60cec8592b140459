// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page of this repository, as far as tests hold it to what it says: fenced blocks, links and headings. */
public record Markdown(Path file, List<String> lines) {
    private static final Pattern FENCE = Pattern.compile("^( *)(```+)\\s*(\\w*).*$");
    private static final Pattern COMMENT = Pattern.compile("^<!-- (.*) -->$");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ +(.*?)\\s*$");
    private static final Pattern CODE = Pattern.compile("``[^`]*``|`[^`]*`");
    private static final String PROMPT = "$ ";
    static final String BY_NAME = "run: ";

    /**
     * A fenced block.
     *
     * @param first the line of its opening fence, from 1
     * @param marker what an HTML comment right above it says, or nothing
     * @param before the text between it and the heading or block above it
     */
    public record Block(int first, String language, String marker, String before, List<String> lines) {
        public String text() {
            return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        }

        boolean isSession() {
            return lines.stream().anyMatch(line -> line.startsWith(PROMPT));
        }

        /** What is typed, a line that goes on by a backslash or a quote with what follows it, and what is shown for it. */
        List<Step> session() {
            var steps = new ArrayList<Step>();
            for (int i = 0; i < lines.size(); ) {
                if (!lines.get(i).startsWith(PROMPT)) {
                    throw new AssertionError("line " + (first + 1 + i) + ": output without a command");
                }
                var command = new StringBuilder(lines.get(i).substring(PROMPT.length()));
                for (i++; i < lines.size() && goesOn(command); i++) {
                    command.append('\n').append(lines.get(i));
                }
                var output = new StringBuilder();
                for (; i < lines.size() && !lines.get(i).startsWith(PROMPT); i++) {
                    output.append(lines.get(i)).append('\n');
                }
                steps.add(new Step(command.toString(), output.toString()));
            }
            return steps;
        }

        private static boolean goesOn(CharSequence command) {
            return command.toString().endsWith("\\")
                    || command.chars().filter(c -> c == '\'').count() % 2 == 1;
        }
    }

    /** A command and what it is said to print. */
    record Step(String command, String output) {}

    public static Markdown of(String path) {
        return of(SourceTree.REPOSITORY.resolve(path));
    }

    static Markdown of(Path file) {
        return new Markdown(file, SourceTree.read(file).lines().toList());
    }

    /** Every page that people read. */
    static List<Markdown> all() {
        var root = SourceTree.REPOSITORY;
        return Stream.of("docs", "examples", "testenv", "charts", "plugins", "tests")
                .flatMap(folder -> SourceTree.files(root.resolve(folder), ".md").stream())
                .map(Markdown::of)
                .collect(Collectors.collectingAndThen(Collectors.toCollection(ArrayList::new), pages -> {
                    Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
                            .map(Markdown::of)
                            .forEach(pages::add);
                    return pages;
                }));
    }

    /** From the root of the repository. */
    String name() {
        return SourceTree.REPOSITORY.relativize(file).toString();
    }

    public List<Block> blocks() {
        var blocks = new ArrayList<Block>();
        var before = new ArrayList<String>();
        for (int i = 0; i < lines.size(); i++) {
            var fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                int first = i + 1;
                var inside = new ArrayList<String>();
                for (i++; i < lines.size() && !lines.get(i).strip().equals(fence.group(2)); i++) {
                    inside.add(lines.get(i));
                }
                var comment = COMMENT.matcher(before.isEmpty() ? "" : before.getLast());
                blocks.add(new Block(
                        first,
                        fence.group(3),
                        comment.matches() ? comment.group(1) : "",
                        String.join("\n", before),
                        List.copyOf(inside)));
                before.clear();
            } else if (HEADING.matcher(lines.get(i)).matches()) {
                before.clear();
            } else {
                before.add(lines.get(i));
            }
        }
        return blocks;
    }

    /** What a test runs by the name that {@code <!-- run: name -->} above it gives. */
    public String named(String name) {
        var named = blocks().stream()
                .filter(block -> block.marker().equals(BY_NAME + name))
                .toList();
        if (named.size() != 1) {
            throw new AssertionError("%s: %d blocks \"%s%s\"".formatted(name(), named.size(), BY_NAME, name));
        }
        return named.getFirst().text();
    }

    /** Those in one language. */
    public List<Block> blocks(String language) {
        return blocks().stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    /** The lines that are text and not in a block. */
    private List<String> text() {
        var text = new ArrayList<String>();
        boolean inside = false;
        for (var line : lines) {
            if (FENCE.matcher(line).matches()) {
                inside = !inside;
            } else if (!inside) {
                text.add(line);
            }
        }
        return text;
    }

    /** Targets, as written. */
    List<String> links() {
        return text().stream()
                .flatMap(line ->
                        LINK.matcher(CODE.matcher(line).replaceAll("code")).results())
                .map(link -> link.group(1))
                .toList();
    }

    /** What a link may name after its {@code #}: GitHub's way. */
    Set<String> anchors() {
        var anchors = new TreeSet<String>();
        for (var line : text()) {
            var heading = HEADING.matcher(line);
            if (heading.matches()) {
                var anchor = heading.group(1)
                        .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                var unique = anchor;
                for (int n = 1; !anchors.add(unique); n++) {
                    unique = anchor + "-" + n;
                }
            }
        }
        return anchors;
    }
}

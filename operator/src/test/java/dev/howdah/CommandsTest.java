// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No command stands in the documentation that no test runs, or that the list of exceptions does not account for. */
class CommandsTest {
    /** What may show a session, and is text where it does not. */
    private static final Set<String> PLAIN = Set.of("text", "");

    private static final Set<String> NO_COMMANDS = Set.of("yaml", "json", "sql", "java", "promql", "properties");

    private final Set<String> runbooks =
            Alerts.commands().stream().map(Alerts.Expression::text).collect(Collectors.toSet());
    private final List<String> tests = SourceTree.files(SourceTree.MODULE.resolve("src/test/java"), ".java").stream()
            .map(SourceTree::read)
            .toList();

    @Test
    void every_command_is_run() {
        var nobodys = new ArrayList<String>();
        int commands = 0;
        for (var page : Markdown.all()) {
            for (var block : page.blocks()) {
                if (isCommands(block)) {
                    commands++;
                    if (!isRun(page.name(), block)) {
                        nobodys.add(page.name() + ":" + block.first() + "\n" + block.text());
                    }
                }
            }
        }
        assertThat(nobodys)
                .as("put the page into PagesIT, or the block and who runs it into RunElsewhere")
                .isEmpty();
        assertThat(commands).isGreaterThan(60);
    }

    private static boolean isCommands(Markdown.Block block) {
        return PLAIN.contains(block.language()) ? block.isSession() : !NO_COMMANDS.contains(block.language());
    }

    private boolean isRun(String page, Markdown.Block block) {
        if (RunElsewhere.of(page, block).isPresent()) {
            return true;
        }
        if (PagesIT.PAGES.contains(page)) {
            // It passes over both.
            return !block.marker().equals("fragment") && !block.marker().startsWith(Markdown.BY_NAME);
        }
        if (isRunByItsName(page, block)) {
            return true;
        }
        if (page.startsWith("docs/runbooks/")) {
            // ObservabilityIT.
            return runbooks.containsAll(block.lines());
        }
        if (page.equals("docs/cli.md")) {
            // DocumentedOutputTest; and those that take a cluster.
            return block.language().equals("console")
                    ? block.text().startsWith("$ howdah ")
                    : block.isSession()
                            && block.session().stream()
                                    .map(step -> "words(\"" + step.command() + "\")")
                                    .allMatch(words -> tests.stream().anyMatch(test -> test.contains(words)));
        }
        return false;
    }

    /** A test takes the block out of the page by the name above it. */
    private boolean isRunByItsName(String page, Markdown.Block block) {
        return block.marker().startsWith(Markdown.BY_NAME)
                && tests.stream()
                        .anyMatch(test -> test.contains("\"" + page + "\"")
                                && test.contains(".named(")
                                && test.contains("\"" + block.marker().substring(Markdown.BY_NAME.length()) + "\""));
    }

    @Test
    void no_exception_is_stale() {
        var needed = new HashSet<RunElsewhere>();
        for (var page : Markdown.all()) {
            for (var block : page.blocks()) {
                if (isCommands(block)) {
                    RunElsewhere.of(page.name(), block).ifPresent(needed::add);
                }
            }
        }
        assertThat(Arrays.asList(RunElsewhere.values())).allSatisfy(entry -> {
            assertThat(needed).contains(entry);
            var test = SourceTree.MODULE.resolve(
                    "src/test/java/dev/howdah/" + entry.test().replace('.', '/') + ".java");
            assertThat(SourceTree.read(test)).as(entry.toString()).contains(entry.evidence());
        });
    }

    @Test
    void a_command_that_nobody_runs_would_be_noticed() {
        var block = new Markdown.Block(1, "sh", "", "", List.of("rm -rf /"));
        assertThat(isRun("docs/install.md", block)).isFalse();
        assertThat(isRun("docs/runbooks/HowdahOperatorDown.md", block)).isFalse();
        assertThat(isRun("docs/cli.md", block)).isFalse();
        assertThat(List.of("bash", "shell", "sh", "console"))
                .allSatisfy(
                        language -> assertThat(isCommands(new Markdown.Block(1, language, "", "", List.of("rm -rf /"))))
                                .isTrue());
        var named = new Markdown.Block(1, "sh", "run: check", "", List.of("rm -rf /"));
        assertThat(isRun("docs/rotation.md", named)).isFalse();
        var second = new Markdown.Block(
                1, "text", "", "", List.of("$ howdah retained", "nothing", "$ howdah nobody runs this"));
        assertThat(isRun("docs/cli.md", second)).isFalse();
    }
}

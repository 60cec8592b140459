// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Reason;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an object can say about itself is explained in {@code docs/reasons/}, and nothing else is. */
class EveryReasonHasAPageTest {
    private static final Pattern USE = Pattern.compile("\\bReason\\.([A-Z]\\w*)");
    private static final int SHORTEST = 8;
    private static final Path PAGES = SourceTree.REPOSITORY.resolve("docs/reasons");

    private final Set<String> constants =
            Arrays.stream(Reason.values()).map(Reason::name).collect(Collectors.toCollection(TreeSet::new));
    private final List<Path> pages = SourceTree.files(PAGES, ".md").stream()
            .filter(page -> !page.endsWith("README.md"))
            .toList();

    @Test
    void a_reason_in_use_has_a_page() {
        var used = SourceTree.files(SourceTree.SOURCES, ".java").stream()
                .flatMap(file -> USE.matcher(SourceTree.read(file)).results())
                .map((MatchResult use) -> use.group(1))
                .filter(constants::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names()).containsAll(used);
    }

    @Test
    void a_page_has_a_reason() {
        assertThat(constants).containsAll(names());
    }

    @Test
    void a_page_says_what_to_do() {
        assertThat(pages)
                .allSatisfy(page -> assertThat(page)
                        .content()
                        .startsWith("# " + name(page) + "\n")
                        .contains("**Means:**", "**Who acts:**", "**What to do:**"));
    }

    /** Whoever searches for what a condition says finds its page; what PostgreSQL or a plan says differs each time. */
    @Test
    void a_sample_is_in_the_operators_own_words() {
        var words = SourceTree.literals(SourceTree.files(SourceTree.SOURCES, ".java")).stream()
                .flatMap(literal -> Arrays.stream(literal.text().split("%(\\d\\$)?[sd]", -1)))
                .map(String::strip)
                .filter(part -> part.length() >= SHORTEST)
                .collect(Collectors.toSet());
        for (var page : pages) {
            Markdown.of(page).blocks("text").forEach(sample -> {
                var text = sample.text().strip().replaceAll("\\s+", " ");
                assertThat(told(text, words)).as("%s: %s", name(page), text).isGreaterThan(text.length() * 3 / 10);
            });
        }
    }

    private static int told(String text, Set<String> words) {
        var told = new BitSet();
        words.forEach(part -> {
            for (var at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
                told.set(at, at + part.length());
            }
        });
        return told.cardinality();
    }

    @Test
    void the_index_lists_every_page() {
        var index = Pattern.compile("\\]\\((\\w+)\\.md\\)")
                .matcher(SourceTree.read(PAGES.resolve("README.md")))
                .results()
                .map(link -> link.group(1))
                .toList();
        assertThat(index).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(names());
    }

    private List<String> names() {
        return pages.stream().map(EveryReasonHasAPageTest::name).toList();
    }

    private static String name(Path page) {
        return page.getFileName().toString().replaceFirst("\\.md$", "");
    }
}

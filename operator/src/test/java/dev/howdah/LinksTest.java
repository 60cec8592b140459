// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whoever follows a link gets somewhere, and every page is on somebody's way. */
class LinksTest {
    private final List<Markdown> pages = Markdown.all();

    @Test
    void every_link_leads_to_a_file_and_to_a_heading_in_it() {
        var broken = new ArrayList<String>();
        for (var page : pages) {
            for (var link : page.links()) {
                if (!isElsewhere(link) && !leadsSomewhere(page, link)) {
                    broken.add(page.name() + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void a_broken_link_would_be_noticed() {
        var page = Markdown.of("README.md");
        assertThat(leadsSomewhere(page, "docs/concepts.md#the-five-kinds")).isTrue();
        assertThat(leadsSomewhere(page, "docs/concepts.md#the-six-kinds")).isFalse();
        assertThat(leadsSomewhere(page, "docs/no-such-page.md")).isFalse();
    }

    @Test
    void every_page_is_reached_from_the_start() {
        var start = SourceTree.REPOSITORY.resolve("docs/README.md");
        var reached = new TreeSet<Path>(List.of(start));
        var next = new ArrayDeque<>(reached);
        while (!next.isEmpty()) {
            var page = Markdown.of(next.remove());
            page.links().stream()
                    .filter(link -> !isElsewhere(link))
                    .map(link -> target(page, link))
                    .map(target -> Files.isDirectory(target) ? target.resolve("README.md") : target)
                    .filter(target -> target.toString().endsWith(".md") && Files.exists(target))
                    .filter(reached::add)
                    .forEach(next::add);
        }
        assertThat(pages.stream().filter(page -> !reached.contains(page.file())).map(Markdown::name))
                .as("pages that no page leads to")
                .isEmpty();
    }

    /** Nobody here answers for the pages of others. */
    private static boolean isElsewhere(String link) {
        return link.matches("(https?|mailto):.*");
    }

    private static Path target(Markdown page, String link) {
        var path = link.replaceFirst("#.*$", "");
        return path.isEmpty() ? page.file() : page.file().resolveSibling(path).normalize();
    }

    private static boolean leadsSomewhere(Markdown page, String link) {
        var target = target(page, link);
        if (!Files.exists(target)) {
            return false;
        }
        var anchor = link.contains("#") ? link.substring(link.indexOf('#') + 1) : "";
        return anchor.isEmpty()
                || !target.toString().endsWith(".md")
                || Markdown.of(target).anchors().contains(anchor);
    }
}

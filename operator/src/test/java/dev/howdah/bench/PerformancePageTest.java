// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.Markdown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerformancePageTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 28);

    @TempDir
    Path folder;

    @Test
    void a_figure_has_its_median_its_spread_and_a_verdict() throws Exception {
        var page = page("P1 7\nP2 2\nP3 3\nP4 0.02\nP5 0\nP6 4", "#size=5", "P7.5.cold=1.5 3.0 1.0", "P7.5.warm=2.5");
        assertThat(page.section(DAY))
                .contains("| P1 | SQL round trips of a new claim until it is ready | ≤ 7 | 7 |  | 1 | met |")
                .contains("| P7 | 5 claims at once ÷ script, new process | ≤ 2 | 1.5 | 1 to 3 | 3 | met |")
                .contains("| P7 | 5 claims at once ÷ script, same process again | ≤ 2 | 2.5 |  | 1 | **not met** |")
                .contains("| P9 | one new claim among 5 ÷ among none | ≤ 1.2 | not measured |");
        assertThat(page.countsAreMet()).isTrue();
    }

    @Test
    void a_count_above_its_goal_or_missing_is_no_good_end() throws Exception {
        assertThat(page("P1 7.05\nP2 2\nP3 3\nP4 0.02\nP5 0\nP6 4").countsAreMet())
                .isFalse();
        assertThat(page("P1 7\nP2 2\nP3 3\nP4 0.02\nP5 0").countsAreMet()).isFalse();
    }

    @Test
    void only_what_is_between_the_markers_is_written() {
        var page = "above\n" + PerformancePage.BEGIN + "\nold\n" + PerformancePage.END + "\nbelow\n";
        assertThat(PerformancePage.placed(page, "new"))
                .isEqualTo("above\n" + PerformancePage.BEGIN + "\nnew\n" + PerformancePage.END + "\nbelow\n");
        assertThatThrownBy(() -> PerformancePage.placed("no markers", "new"))
                .hasMessageContaining(PerformancePage.BEGIN);
    }

    @Test
    void the_page_is_what_this_writes() throws Exception {
        assertThat(String.join("\n", Markdown.of("docs/performance.md").lines()))
                .contains(PerformancePage.PEERS);
    }

    @Test
    void what_was_measured_is_the_same_after_it_was_kept() {
        var measured = new Measured();
        measured.add("P9", 1.25);
        measured.add("P9", 1.5);
        measured.note("load before", "0.5 = little");
        var file = folder.resolve("kept.txt");
        measured.write(file);
        var read = Measured.read(List.of(file));
        assertThat(read.of("P9").orElseThrow().values()).containsExactly(1.25, 1.5);
        assertThat(read.noted("load before")).contains("0.5 = little");
    }

    private PerformancePage page(String counts, String... times) throws Exception {
        var first = Files.writeString(folder.resolve("counts.txt"), counts);
        var second = Files.write(folder.resolve("times.txt"), List.of(times));
        return new PerformancePage(Measured.read(List.of(first, second, folder.resolve("missing.txt"))));
    }
}

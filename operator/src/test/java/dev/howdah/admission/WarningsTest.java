// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WarningsTest {
    @Test
    void short_ones_stay_as_they_are_and_come_once() {
        assertThat(Warnings.of(List.of("a: b", "c: d", "a: b"))).containsExactly("a: b", "c: d");
    }

    @Test
    void a_long_one_goes_on_in_the_next_and_loses_nothing() {
        var sentence =
                "ParameterOutOfRange: `parameters.work_mem`: must be at most 64MB (policy \"baseline\"); the value "
                        + "256MB would multiply with every node of every plan of every session; ask for a waiver, or take the "
                        + "class \"large\", which allows it";
        var warnings = Warnings.of(List.of(sentence));
        assertThat(warnings).hasSize(2).allSatisfy(w -> assertThat(w).hasSizeLessThanOrEqualTo(Warnings.LENGTH));
        assertThat(warnings.getFirst()).endsWith("…");
        assertThat(warnings.get(1)).startsWith("…");
        assertThat(String.join(" ", warnings).replace("… …", " ")).isEqualTo(sentence);
    }

    @Test
    void what_has_no_spaces_is_cut_between_characters() {
        var warnings = Warnings.of(List.of("😀".repeat(150)));
        assertThat(warnings).allSatisfy(w -> assertThat(w.length()).isLessThanOrEqualTo(Warnings.LENGTH));
        assertThat(String.join("", warnings).replace("…", "")).isEqualTo("😀".repeat(150));
    }

    @Test
    void what_a_header_cannot_hold_goes() {
        assertThat(Warnings.of(List.of("a\r\n  b\u0000c\ud800d"))).containsExactly("a b c d");
    }

    @Test
    void there_are_never_more_than_the_api_server_takes() {
        var many = IntStream.range(0, 100).mapToObj(i -> i + "x".repeat(110)).toList();
        var warnings = Warnings.of(many);
        assertThat(warnings).hasSize(Warnings.MOST);
        assertThat(warnings.getLast()).contains("status.violations");
        assertThat(warnings.stream().mapToInt(String::length).sum()).isLessThanOrEqualTo(4096);
    }
}

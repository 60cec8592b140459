// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Reason;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The command tells what the pages say. */
class ReasonPageTest {
    @Test
    void every_page_is_packed_and_says_what_to_do() {
        assertThat(Arrays.stream(Reason.values()))
                .allSatisfy(reason -> assertThat(
                                ReasonPage.of(reason.name()).orElseThrow().advice())
                        .as(reason.name())
                        .isNotEmpty()
                        .allSatisfy(point -> assertThat(point).isNotBlank().doesNotContain("](", "**")));
    }

    @Test
    void a_reason_of_somebody_else_has_none() {
        assertThat(ReasonPage.of("ProgressDeadlineExceeded")).isEmpty();
    }

    @Test
    void points_are_read_without_markup() {
        assertThat(ReasonPage.advice("""
                **What to do:**
                - See [the page](x.md) and
                  do **it**.
                - Or not.

                - not one of them
                """)).containsExactly("See the page and do it.", "Or not.");
    }
}

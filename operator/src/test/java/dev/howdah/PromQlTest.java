// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PromQlTest {
    @Test
    void names_are_found_wherever_they_may_stand() {
        assertThat(PromQl.of("sum by (namespace, le) (rate(a_total{status=~\"5..|none\", verb!=\"get\"}[10m]))"
                        + " * on (instance) group_left b > 3 or vector(0)"))
                .isEqualTo(new PromQl(
                        Map.of("a_total", Set.of("status", "verb"), "b", Set.of()),
                        Set.of("namespace", "le", "instance")));
        assertThat(PromQl.of("x / ignoring(kind) y{kind=\"used\"}").metrics().keySet())
                .containsExactly("x", "y");
    }
}

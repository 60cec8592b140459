// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.plan.Contents.FindingKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InsideFindingsTest {
    @Test
    void a_name_that_a_team_chose_does_not_write_on_a_terminal() {
        assertThat(shown("public.\u001b[2J\u202eorders\u2028")).isEqualTo("public.\ufffd[2J\ufffdorders\ufffd");
        assertThat(shown("público.größe")).isEqualTo("público.größe");
        assertThat(shown("x".repeat(2000))).hasSize(1024).endsWith("…");
    }

    private static String shown(String name) {
        var found = new Contents.Finding(FindingKind.RowSecurity, name);
        return InsideFindings.of(new Contents(Map.of(), Map.of(), Set.of(), List.of(found)))
                .getFirst()
                .name();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code docs/reliability.md} is what {@code make attacks} last wrote, of all the attacks there are. */
class AttacksAreDocumentedTest {
    @Test
    void each_has_its_row_and_all_were_withstood() {
        var document = AttackReport.document();
        assertThat(document).contains(AttackReport.whole());
        assertThat(AttackReport.attacks())
                .allSatisfy(attack -> assertThat(document).contains(AttackReport.row(attack)));
    }
}

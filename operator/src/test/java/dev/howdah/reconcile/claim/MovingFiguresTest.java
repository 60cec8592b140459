// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MovingFiguresTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private final MovingFigures figures = new MovingFigures();

    private String tell(int left, String most, Duration later) {
        return figures.tell("a", left + " of " + most, most, NOW.plus(later));
    }

    @Test
    void whatOthersMoveIsToldOnceInAWhile() {
        assertThat(tell(15, "90", Duration.ZERO)).isEqualTo("15 of 90");
        assertThat(tell(3, "90", MovingFigures.STAND.minusSeconds(1))).isEqualTo("15 of 90");
        assertThat(tell(3, "90", MovingFigures.STAND)).isEqualTo("3 of 90");
        assertThat(tell(7, "90", MovingFigures.STAND.plusSeconds(1))).isEqualTo("3 of 90");
    }

    @Test
    void whatADbaOrTheClaimChangesIsToldAtOnce() {
        tell(15, "90", Duration.ZERO);
        assertThat(tell(16, "91", Duration.ofSeconds(1))).isEqualTo("16 of 91");
        assertThat(tell(3, "90", Duration.ofSeconds(2))).isEqualTo("3 of 90");
    }

    @Test
    void claimsAreToldEachTheirOwn() {
        tell(15, "90", Duration.ZERO);
        assertThat(figures.tell("b", "3 of 90", "90", NOW)).isEqualTo("3 of 90");
        figures.forget("a");
        assertThat(tell(4, "90", Duration.ofSeconds(1))).isEqualTo("4 of 90");
    }
}

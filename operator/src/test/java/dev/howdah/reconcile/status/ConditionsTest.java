// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.reconcile.status.Conditions.Wanted;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Instant FIRST = Instant.parse("2030-01-01T00:00:00.900Z");
    private static final Instant LATER = FIRST.plusSeconds(60);

    private static List<Condition> ready(boolean status, Reason reason, String message) {
        return Conditions.merge(null, List.of(Wanted.of("Ready", status, reason, message)), 1L, FIRST);
    }

    @Test
    void theTimeMovesWithTheStatusOnly() {
        var before = ready(false, Reason.NoCapacity, "full");
        assertThat(before.getFirst().lastTransitionTime()).isEqualTo("2030-01-01T00:00:00Z");
        var same = Conditions.merge(
                before, List.of(Wanted.of("Ready", false, Reason.NoMatchingServer, "none")), 2L, LATER);
        assertThat(same)
                .containsExactly(
                        new Condition("Ready", "False", 2L, "2030-01-01T00:00:00Z", "NoMatchingServer", "none"));
        var other = Conditions.merge(same, List.of(Wanted.of("Ready", true, Reason.Provisioned, "there")), 2L, LATER);
        assertThat(other.getFirst().lastTransitionTime()).isEqualTo("2030-01-01T00:01:00Z");
    }

    @Test
    void whatDidNotChangeIsEqual() {
        var before = ready(true, Reason.Provisioned, "there");
        assertThat(Conditions.merge(before, List.of(Wanted.of("Ready", true, Reason.Provisioned, "there")), 1L, LATER))
                .isEqualTo(before);
    }

    @Test
    void whatIsNotAmendedKeepsTheGenerationItWasJudgedAt() {
        var before = Conditions.merge(
                null,
                List.of(
                        Wanted.of("Ready", true, Reason.Provisioned, "there"),
                        Wanted.of("Accepted", true, Reason.Valid, "agreed")),
                1L,
                FIRST);
        var after = Conditions.amend(before, List.of(new Wanted("Ready", "True", Reason.Paused, "paused")), 2L, LATER);
        assertThat(after)
                .extracting(c -> c.type() + " " + c.reason() + " " + c.observedGeneration())
                .containsExactly("Ready Paused 2", "Accepted Valid 1");
        assertThat(after).allMatch(c -> c.lastTransitionTime().equals("2030-01-01T00:00:00Z"));
    }

    @Test
    void aMessageFitsTheApi() {
        var long40k = "x".repeat(40_000);
        assertThat(ready(false, Reason.InvalidSpec, long40k).getFirst().message())
                .hasSize(32_768)
                .endsWith("…");
    }

    /** A newer version may have had it; an older one goes on all the same. */
    @Test
    void aReasonOfAnotherVersionIsNotSaidAgain() {
        var known = ready(true, Reason.Provisioned, "there");
        assertThat(Conditions.kept(known, "Ready")).contains(Wanted.of("Ready", true, Reason.Provisioned, "there"));
        var before = List.of(new Condition("Ready", "True", 1L, "2030-01-01T00:00:00Z", "NotYetInvented", "there"));
        assertThat(Conditions.kept(before, "Ready")).isEmpty();
    }
}

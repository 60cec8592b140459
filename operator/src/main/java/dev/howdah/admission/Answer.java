// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import dev.howdah.policy.Violation;
import dev.howdah.policy.review.ClaimJudge.Judgement;
import java.util.List;

/**
 * What the API server is told about a claim.
 *
 * @param refused why it is refused; empty unless it is
 * @param warnings what {@code kubectl} prints, each short enough for a header
 */
public record Answer(Outcome outcome, List<Violation> refused, List<String> warnings) {
    static final Answer ALLOWED = new Answer(Outcome.Allowed, List.of(), List.of());

    static Answer of(Judgement judgement) {
        var warnings =
                Warnings.of(judgement.warned().stream().map(Answer::sentence).toList());
        if (!judgement.admitted()) {
            return new Answer(Outcome.Refused, List.copyOf(judgement.refused()), warnings);
        }
        return warnings.isEmpty() ? ALLOWED : new Answer(Outcome.Warned, List.of(), warnings);
    }

    /** A claim that could not be checked goes through: what the door misses, the reconciler refuses. */
    static Answer unchecked(String why) {
        return new Answer(
                Outcome.Unchecked,
                List.of(),
                Warnings.of(List.of("howdah could not check this claim: " + why + "; the operator will")));
    }

    /** Every violation, one a line. */
    String message() {
        return String.join("\n", refused.stream().map(Answer::sentence).toList());
    }

    private static String sentence(Violation violation) {
        return violation.reason() + ": " + violation.message();
    }
}

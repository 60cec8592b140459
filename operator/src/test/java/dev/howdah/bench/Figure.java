// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.bench;

import java.util.Optional;

/**
 * A row of the page.
 *
 * @param id as in P7; empty for what only explains another figure
 * @param goal the most that is good; none where there is nothing to judge
 */
record Figure(String id, String what, String unit, Optional<Double> goal, Optional<Samples> samples) {
    static Figure judged(String id, String what, String unit, double goal, Optional<Samples> samples) {
        return new Figure(id, what, unit, Optional.of(goal), samples);
    }

    static Figure told(String what, String unit, Optional<Samples> samples) {
        return new Figure("", what, unit, Optional.empty(), samples);
    }

    boolean met() {
        return samples.isPresent() && goal.isPresent() && samples.get().median() <= goal.get();
    }

    String row() {
        var limit = goal.map(most -> "≤ " + Samples.number(most)).orElse("");
        if (samples.isEmpty()) {
            return "| %s | %s | %s | not measured | | | |".formatted(id, what, limit);
        }
        var all = samples.get();
        return "| %s | %s | %s | %s%s | %s | %d | %s |"
                .formatted(
                        id,
                        what,
                        limit,
                        Samples.number(all.median()),
                        unit.isEmpty() ? "" : " " + unit,
                        all.values().size() == 1
                                ? ""
                                : Samples.number(all.least()) + " to " + Samples.number(all.most()),
                        all.values().size(),
                        goal.isEmpty() ? "" : met() ? "met" : "**not met**");
    }
}

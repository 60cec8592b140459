// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.ArrayList;
import java.util.List;

/** Ordered steps. Empty means that nothing is to be done and nothing is sent. */
public record Plan(List<Step> steps) {
    public static final Plan EMPTY = new Plan(List.of());

    public Plan {
        steps = List.copyOf(steps);
    }

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Neighbouring steps that go to the server together: one round trip, and one transaction where that is allowed. */
    public List<Batch> batches() {
        var batches = new ArrayList<Batch>();
        for (var step : steps) {
            var last = batches.isEmpty() ? null : batches.getLast();
            if (last != null && last.takes(step)) {
                last.steps().add(step);
            } else {
                batches.add(new Batch(step.place(), new ArrayList<>(List.of(step))));
            }
        }
        return batches;
    }

    /** Steps of one place. */
    public record Batch(Step.Place place, List<Step> steps) {
        boolean takes(Step step) {
            return !(place instanceof Step.Place.Alone) && place.equals(step.place());
        }
    }
}

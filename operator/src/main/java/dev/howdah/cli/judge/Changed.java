// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.judge;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.policy.Source;
import dev.howdah.policy.merge.Merged;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A value that is in force, and what the objects come to instead. */
public record Changed(String path, String now, String next) {

    /** The status has at most 32 values: what it does not have may be in force all the same. */
    public static List<Changed> of(Judged judged) {
        var inForce = judged.inForce();
        if (inForce.isEmpty()) {
            return List.of();
        }
        var whole = inForce.size() < 32;
        var coming = judged.merged().map(Merged::values).orElse(List.of()).stream()
                .collect(Collectors.toMap(EffectiveValue::path, value -> value, (one, other) -> other));
        var paths = new TreeSet<>(inForce.keySet());
        if (whole) {
            paths.addAll(coming.keySet());
        }
        var changes = new ArrayList<Changed>();
        for (var path : paths) {
            var now = inForce.containsKey(path) ? inForce.get(path).value() : Source.BUILT_IN.text();
            var next = coming.containsKey(path) ? coming.get(path).value() : Source.BUILT_IN.text();
            if (!now.equals(next)) {
                changes.add(new Changed(path, now, next));
            }
        }
        return changes;
    }
}

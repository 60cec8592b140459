// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.reconcile.fleet.Member;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Meters of each server for as long as it is there. One of the same name made anew counts for itself. */
final class MemberMeters {
    private final MeterRegistry registry;
    private final Function<Member, List<Meter>> meters;
    private final Map<Member, List<Meter>> registered = new HashMap<>();

    MemberMeters(MeterRegistry registry, Function<Member, List<Meter>> meters) {
        this.registry = registry;
        this.meters = meters;
    }

    void describe(Collection<Member> members) {
        // Before new ones, which may have the same names.
        registered.entrySet().removeIf(entry -> {
            var gone = !members.contains(entry.getKey());
            if (gone) {
                entry.getValue().forEach(registry::remove);
            }
            return gone;
        });
        members.forEach(member -> registered.computeIfAbsent(member, meters));
    }
}

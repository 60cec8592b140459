// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.plan.Finding;
import dev.howdah.reconcile.fleet.Member;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Drift per server and kind of thing; never per claim. */
final class DriftMetrics {
    private final MeterRegistry registry;
    private final MultiGauge open;
    private final MemberMeters counters;

    DriftMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.counters = new MemberMeters(registry, this::counters);
        this.open = MultiGauge.builder("howdah.drift.open")
                .description("Differences from what was agreed that are left as they are")
                .register(registry);
    }

    void describe(Collection<Member> members) {
        open.register(
                members.stream()
                        .map(member -> Row.of(
                                Tags.of("server", member.name()),
                                member,
                                m -> m.drift().open().values().stream()
                                        .mapToInt(List::size)
                                        .sum()))
                        .toList(),
                true);
        counters.describe(members);
    }

    private List<Meter> counters(Member member) {
        return Stream.of(Finding.Kind.values())
                .<Meter>flatMap(kind -> Stream.of(
                        count(
                                "howdah.drift.found",
                                "Differences from what was agreed",
                                member,
                                kind,
                                m -> m.drift().foundOf(kind)),
                        count(
                                "howdah.drift.repaired",
                                "Differences that were put right",
                                member,
                                kind,
                                m -> m.drift().repairedOf(kind))))
                .toList();
    }

    private Meter count(
            String name, String description, Member member, Finding.Kind kind, ToDoubleFunction<Member> value) {
        return FunctionCounter.builder(name, member, value)
                .description(description)
                .tags("server", member.name(), "kind", kind.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }
}

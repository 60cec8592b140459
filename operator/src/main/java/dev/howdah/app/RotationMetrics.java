// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Login;
import dev.howdah.reconcile.fleet.Member;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the rotation of credentials comes to, per server. */
final class RotationMetrics {
    private final MeterRegistry registry;
    private final MultiGauge previous;
    private final MultiGauge oldest;
    private final MemberMeters counters;

    RotationMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.counters = new MemberMeters(registry, member -> List.of(counter(member)));
        this.previous = MultiGauge.builder("howdah.server.logins.previous")
                .description(
                        "Logins that a rotation replaced and that still work: in their overlap, or in use beyond it")
                .register(registry);
        this.oldest = MultiGauge.builder("howdah.server.credentials.oldest")
                .baseUnit("seconds")
                .description("Age of the oldest published password of the server")
                .register(registry);
    }

    void describe(Collection<Member> members) {
        previous.register(
                members.stream()
                        .flatMap(member -> Stream.of(
                                row(member, "overlap", previous -> !previous.inUse()),
                                row(member, "in_use", Login.Previous::inUse)))
                        .toList(),
                true);
        oldest.register(
                members.stream()
                        .map(member -> Row.of(Tags.of("server", member.name()), member, RotationMetrics::oldest))
                        .toList(),
                true);
        counters.describe(members);
    }

    private FunctionCounter counter(Member member) {
        return FunctionCounter.builder("howdah.server.rotations", member, Member::rotations)
                .description("Logins that were replaced by their other one with a new password")
                .tag("server", member.name())
                .register(registry);
    }

    private static Row<Member> row(Member member, String state, Predicate<Login.Previous> is) {
        return Row.of(
                Tags.of("server", member.name(), "state", state),
                member,
                m -> logins(m)
                        .map(Login::previous)
                        .filter(previous -> previous != null && is.test(previous))
                        .count());
    }

    private static double oldest(Member member) {
        var now = member.open().map(open -> open.server().now());
        return now.isEmpty()
                ? 0
                : logins(member)
                        .map(Login::rotated)
                        .min(Comparator.<Instant>naturalOrder())
                        .map(rotated -> Duration.between(rotated, now.get()))
                        .map(age -> (double) Math.max(0, age.toSeconds()))
                        .orElse(0.0);
    }

    private static Stream<Login> logins(Member member) {
        return member.rows().stream()
                .filter(row -> row.state() == State.Active)
                .flatMap(row -> row.logins().values().stream());
    }
}

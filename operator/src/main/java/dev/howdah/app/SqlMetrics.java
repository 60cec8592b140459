// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.postgres.HostedServer;
import dev.howdah.postgres.SqlTraffic;
import dev.howdah.reconcile.fleet.Member;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What the operator asks of each server: messages, connections, and who waits for a session. */
final class SqlMetrics {
    private final MeterRegistry registry;
    private final MemberMeters counters;
    private final MultiGauge sessions;
    private final MultiGauge waiting;

    SqlMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.counters = new MemberMeters(registry, this::counters);
        this.sessions = MultiGauge.builder("howdah.server.sessions")
                .description("The operator's warm sessions on the server: at work, or free")
                .register(registry);
        this.waiting = MultiGauge.builder("howdah.server.claims.waiting")
                .description("Claims that wait for a session, as all are at work on others")
                .register(registry);
    }

    void describe(Collection<Member> members) {
        counters.describe(members);
        sessions.register(
                members.stream()
                        .flatMap(member -> Stream.of(
                                row(member, "busy", HostedServer::busySessions),
                                row(member, "free", HostedServer::freeSessions)))
                        .toList(),
                true);
        waiting.register(
                members.stream()
                        .map(member -> Row.of(
                                Tags.of("server", member.name()),
                                member,
                                m -> m.parking().waiting()))
                        .toList(),
                true);
    }

    private static Row<Member> row(Member member, String state, ToLongFunction<HostedServer> count) {
        return Row.of(
                Tags.of("server", member.name(), "state", state),
                member,
                m -> m.open().map(open -> count.applyAsLong(open.server())).orElse(0L));
    }

    private List<Meter> counters(Member member) {
        return List.of(
                messages(member, "done", SqlTraffic::done),
                messages(member, "failed", SqlTraffic::failed),
                counter(
                        member,
                        "howdah.sql.connections",
                        "Connections the operator opened beside its warm sessions, tries of logins included",
                        SqlTraffic::openedConnections),
                counter(
                        member,
                        "howdah.server.journal.lost",
                        "Lines that could not be written into the ledger's journal",
                        SqlTraffic::lostJournalLines));
    }

    private Meter messages(Member member, String outcome, Function<SqlTraffic, SqlTraffic.Messages> which) {
        return FunctionTimer.builder(
                        "howdah.sql",
                        member,
                        m -> which.apply(m.traffic()).count(),
                        m -> which.apply(m.traffic()).nanos(),
                        TimeUnit.NANOSECONDS)
                .description("Messages the operator sent to the server, each one round trip, and how long they took")
                .tags("server", member.name(), "outcome", outcome)
                .register(registry);
    }

    private Meter counter(Member member, String name, String description, ToLongFunction<SqlTraffic> value) {
        return FunctionCounter.builder(name, member, m -> value.applyAsLong(m.traffic()))
                .description(description)
                .tag("server", member.name())
                .register(registry);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.plan.LedgerClaim;
import dev.howdah.reconcile.claim.ClaimReconciler;
import dev.howdah.reconcile.fleet.BudgetUse;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.guard.Findings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gauges per server; never per claim, of which there are too many. */
@ApplicationScoped
class FleetMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(FleetMetrics.class);
    private static final long SECONDS = 5;

    private final Fleet fleet;
    private final Findings findings;
    private final ClaimReconciler reconciler;
    private final LeaseHold lease;
    private final ClaimMetrics claims;
    private final QuotaMetrics quotas;
    private final SqlMetrics sql;
    private final PolicyMetrics policies;
    private final DriftMetrics drift;
    private final RotationMetrics rotations;
    private final MultiGauge ready;
    private final MultiGauge databases;
    private final MultiGauge connections;
    private final MultiGauge storage;
    private final MultiGauge budgets;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("fleet-metrics").factory());

    FleetMetrics(OperatorBeans.WiringHandle handle, LeaseHold lease, MeterRegistry registry) {
        this.fleet = handle.wiring().fleet();
        this.findings = handle.wiring().findings();
        this.reconciler = handle.wiring().claims();
        this.lease = lease;
        this.claims = new ClaimMetrics(registry);
        this.quotas = new QuotaMetrics(registry);
        this.sql = new SqlMetrics(registry);
        this.policies = new PolicyMetrics(registry);
        this.drift = new DriftMetrics(registry);
        this.rotations = new RotationMetrics(registry);
        this.ready = MultiGauge.builder("howdah.server.ready")
                .description("1 where the operator can work on the server, else 0")
                .register(registry);
        this.databases = MultiGauge.builder("howdah.server.databases")
                .description("Databases in the server's ledger, by their state")
                .register(registry);
        this.connections = MultiGauge.builder("howdah.server.connections")
                .description("Sum of the connection limits of the server's databases, those being made included")
                .register(registry);
        this.storage = MultiGauge.builder("howdah.server.storage")
                .baseUnit("bytes")
                .description("Storage of the server's databases: their budgets, and what they were last found to take")
                .register(registry);
        this.budgets = MultiGauge.builder("howdah.server.budgets")
                .description("Databases that were last found to take most of their storage budget, or all and more")
                .register(registry);
        Gauge.builder("howdah.leader", lease, held -> held.isLeading() ? 1 : 0)
                .description("1 where this process works, 0 where it stands by")
                .register(registry);
    }

    /** The values are read at each scrape; only which servers there are is looked at from time to time. */
    void start() {
        reconciler.listen(claims::ready);
        schedule.scheduleAtFixedRate(this::describe, 0, SECONDS, TimeUnit.SECONDS);
    }

    /** An error must not end the schedule. */
    private void describe() {
        try {
            var members = fleet.members();
            describe(members);
            drift.describe(members);
            rotations.describe(members);
            sql.describe(members);
            var found = findings.all();
            policies.describe(found);
            quotas.describe(found, fleet);
            if (lease.isLeading()) {
                // A process that stands by watches claims, too, and none must be counted twice.
                claims.describe(reconciler.census());
            }
        } catch (RuntimeException e) {
            LOG.warn("metrics of the servers could not be brought up to date", e);
        }
    }

    private void describe(Collection<Member> members) {
        ready.register(
                members.stream()
                        .map(member -> row(member, m -> m.open().isPresent() ? 1 : 0))
                        .toList(),
                true);
        connections.register(
                members.stream()
                        .map(member -> row(member, Member::usedConnections))
                        .toList(),
                true);
        storage.register(
                members.stream()
                        .flatMap(member -> Stream.of(
                                row(member, m -> m.used().storage(), "kind", "budget"),
                                row(
                                        member,
                                        m -> m.sizes().values().stream()
                                                .mapToLong(Long::longValue)
                                                .sum(),
                                        "kind",
                                        "used")))
                        .toList(),
                true);
        budgets.register(
                members.stream()
                        .flatMap(member -> Stream.of(BudgetUse.Most, BudgetUse.All)
                                .map(use -> row(
                                        member,
                                        m -> count(m, use),
                                        "used",
                                        use.name().toLowerCase(Locale.ROOT))))
                        .toList(),
                true);
        databases.register(
                members.stream()
                        .flatMap(member -> Arrays.stream(LedgerClaim.State.values())
                                .map(state -> row(member, m -> count(m, state), "state", lowerCase(state))))
                        .toList(),
                true);
    }

    private static Row<Member> row(Member member, ToDoubleFunction<Member> value, String... more) {
        return Row.of(Tags.of("server", member.name()).and(more), member, value);
    }

    private static double count(Member member, LedgerClaim.State state) {
        return member.rows().stream().filter(row -> row.state() == state).count();
    }

    private static double count(Member member, BudgetUse use) {
        var sizes = member.sizes();
        return member.rows().stream()
                .filter(row -> row.state() == LedgerClaim.State.Active)
                .filter(row -> sizes.containsKey(row.database())
                        && BudgetUse.of(sizes.get(row.database()), row.storage()) == use)
                .count();
    }

    private static String lowerCase(LedgerClaim.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    @PreDestroy
    void stop() {
        schedule.shutdownNow();
    }
}

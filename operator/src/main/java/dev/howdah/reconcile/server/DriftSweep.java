// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import dev.howdah.api.v1alpha1.PostgresServerSpec;
import dev.howdah.api.v1alpha1.PostgresServerSpec.OperatorRole;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Drift;
import dev.howdah.plan.Finding;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Operators;
import dev.howdah.plan.Plan;
import dev.howdah.policy.ClaimNames;
import dev.howdah.postgres.HostedServer;
import dev.howdah.postgres.ServerSweep;
import dev.howdah.postgres.ServerSweep.Line;
import dev.howdah.postgres.ServerSweep.Lines;
import dev.howdah.postgres.SqlFailure;
import dev.howdah.reconcile.fleet.DriftBook.Open;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.status.EventRecorder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what a sweep found with what was agreed. A live claim that differs repairs itself: its reconciliation is asked
 * for, which plans and works as for any change. A retained database has no claim to do that, and is put right here.
 */
final class DriftSweep {
    private static final Logger LOG = LoggerFactory.getLogger(DriftSweep.class);

    private final Fleet fleet;
    private final EventRecorder events;
    private final InstantSource clock;

    DriftSweep(Fleet fleet, EventRecorder events, InstantSource clock) {
        this.fleet = fleet;
        this.events = events;
        this.clock = clock;
    }

    private record Ground(Member member, HostedServer server, ServerSweep sweep, Operators operators, boolean report) {}

    /** {@code before} are the rows as they were known before the sweep asked. */
    void run(Member member, HostedServer server, ServerSweep sweep, Lines lines, Map<String, LedgerClaim> before) {
        var spec = member.resource().getSpec();
        var report = spec.driftOrDefault() == PostgresServerSpec.Drift.Report;
        var ground = new Ground(member, server, sweep, operators(member, server, sweep, lines), report);
        var context = "/" + ground.operators() + "/" + report;
        var rows = new LinkedHashMap<String, LedgerClaim>();
        var hashes = new HashMap<String, String>();
        for (var line : lines.lines()) {
            var uid = line.entry().claim().identity().uid();
            if (isSettled(ground, line, before.get(uid)) && !member.drift().isCompared(uid, line.hash() + context)) {
                rows.put(uid, line.entry().claim());
                hashes.put(uid, line.hash() + context);
            }
        }
        var formerFound = lines.lines().stream()
                .anyMatch(line -> line.entry().claim().state() == State.Active
                        && !isSettled(
                                ground,
                                line,
                                before.get(line.entry().claim().identity().uid())));
        if (!rows.isEmpty()) {
            var observed = sweep.observe(rows.values(), lines.operators());
            for (var entry : rows.entrySet()) {
                var seen = observed.get(entry.getKey());
                if (seen != null
                        && member.row(entry.getKey())
                                .filter(row -> row == before.get(entry.getKey()))
                                .isPresent()) {
                    formerFound |= compare(ground, entry.getValue(), seen, hashes.get(entry.getKey()));
                }
            }
        }
        member.drift().swept();
        forgetFormer(ground, lines, formerFound);
    }

    /** Whether nobody works on it, and it is in a state in which all has its place. */
    private static boolean isSettled(Ground ground, Line line, @Nullable LedgerClaim known) {
        var row = line.entry().claim();
        return known != null
                && known.state() == row.state()
                && row.accepted() != null
                && (row.state() == State.Active || row.state() == State.Retained)
                && !ground.server().isUnderWork(row.database());
    }

    /** Returns whether a former operator role still held something. */
    private boolean compare(Ground ground, LedgerClaim row, Observed observed, @Nullable String hash) {
        var facts = ground.server().facts();
        var uid = row.identity().uid();
        var book = ground.member().drift();
        var agreed = Drift.agreed(row, facts);
        if (agreed == null || hash == null) {
            return false;
        }
        if (row.state() == State.Retained) {
            try {
                return retained(ground, row, observed, hash);
            } catch (SqlFailure e) {
                if (e.kind() == SqlFailure.Kind.FencedOut) {
                    throw e;
                }
                LOG.warn("retained database {} was not put right: {}", row.database(), e.explanation());
            }
            return false;
        }
        var blocked = Drift.conflict(agreed, observed);
        if (book.stoodInTheWay(uid, blocked) || blocked) {
            // Also when it is over: the claim says so itself.
            fleet.suspect(ground.member(), row);
        }
        if (blocked) {
            book.compared(uid, hash);
            return false;
        }
        var findings = Drift.find(agreed, observed, null, ground.operators());
        if (findings.isEmpty()) {
            book.compared(uid, hash);
            if (book.leave(uid, row.database(), List.of(), false, clock.instant())) {
                wake(row);
            }
            return false;
        }
        if (ground.report() && findings.stream().noneMatch(Finding::asked)) {
            book.compared(uid, hash);
            if (book.leave(uid, row.database(), open(ground, findings, false), false, clock.instant())) {
                wake(row);
            }
        } else if (!book.waits(uid, findings, clock.instant())) {
            fleet.suspect(ground.member(), row);
        }
        return findings.stream().anyMatch(Finding::asked);
    }

    private void wake(LedgerClaim row) {
        fleet.wake(new ResourceID(row.identity().name(), row.identity().namespace()));
    }

    private static List<Open> open(Ground ground, List<Finding> findings, boolean refused) {
        return findings.stream()
                .map(finding -> Open.of(ground.server(), finding, refused))
                .toList();
    }

    /** Closed again, and freed of what is foreign. Returns whether a former operator role still held something. */
    private boolean retained(Ground ground, LedgerClaim row, Observed observed, String hash) {
        var book = ground.member().drift();
        var uid = row.identity().uid();
        var facts = ground.server().facts();
        var findings = Drift.findRetained(row, observed, ground.operators(), facts);
        var former = findings.stream().anyMatch(Finding::asked);
        if (findings.isEmpty() || (ground.report() && !former)) {
            book.leave(uid, row.database(), open(ground, findings, false), true, clock.instant());
            book.compared(uid, hash);
            return false;
        }
        if (book.waits(uid, findings, clock.instant())) {
            return former;
        }
        var begun = ground.server().tryBegin(row.identity(), new ClaimNames(row.database()));
        if (begun.isEmpty()) {
            return former;
        }
        var left = new ArrayList<Open>();
        var done = new ArrayList<String>();
        try (var work = begun.get()) {
            var now = work.observe(row.roles(), List.copyOf(ground.operators().listed()));
            var held = now.row();
            if (held == null
                    || held.state() != State.Retained
                    || !held.identity().equals(row.identity())) {
                return former;
            }
            for (var finding : Drift.findRetained(held, now, ground.operators(), facts)) {
                if (ground.report() && !finding.asked()) {
                    left.add(Open.of(ground.server(), finding, false));
                    continue;
                }
                try {
                    work.run(new Plan(finding.repair()));
                    book.found(finding);
                    book.repaired(uid, finding);
                    done.add(finding.what());
                } catch (SqlFailure e) {
                    if (e.kind() != SqlFailure.Kind.NeedsAction) {
                        throw e;
                    }
                    left.add(Open.of(ground.server(), finding, true));
                }
            }
        } finally {
            fleet.placeFree(ground.member());
        }
        book.takeRepaired(uid);
        book.leave(uid, row.database(), left, true, clock.instant());
        if (!done.isEmpty()) {
            events.warning(
                    ground.member().resource(),
                    Reason.DriftRepaired,
                    "retained database \"%s\", put right: %s".formatted(row.database(), String.join("; ", done)));
        }
        return former;
    }

    /** The operator roles that can be served now, remembered in the ledger before anything is granted to them. */
    private static Operators operators(Member member, HostedServer server, ServerSweep sweep, Lines lines) {
        var ours = lines.lines().stream()
                .flatMap(line -> line.entry().claim().roles().stream())
                .collect(Collectors.toCollection(HashSet::new));
        ours.add(server.facts().admin());
        var connect = new LinkedHashSet<String>();
        var readers = new LinkedHashSet<String>();
        var troubles = new ArrayList<String>();
        for (var role : member.resource().getSpec().operatorRolesOrNone()) {
            if (ours.contains(role.name())) {
                troubles.add("operatorRoles: \"%s\" is a role of this operator; name one of your own"
                        .formatted(role.name()));
            } else if (!lines.operators().contains(role.name())) {
                troubles.add("operatorRoles: there is no role \"%s\" on this server; create it, or take it off the list"
                        .formatted(role.name()));
            } else {
                (reads(role) ? readers : connect).add(role.name());
            }
        }
        var operators = new Operators(connect, readers, Set.copyOf(lines.formerOperators()));
        if (!lines.grantedOperators().containsAll(operators.listed())) {
            var granted = new TreeSet<>(lines.grantedOperators());
            granted.addAll(operators.listed());
            sweep.rememberOperators(granted);
        }
        member.drift().operators(operators, troubles);
        return operators;
    }

    private static boolean reads(OperatorRole role) {
        return Boolean.TRUE.equals(role.readOnly());
    }

    /** Once no database holds anything of them, a grant to them is a stranger's. */
    private static void forgetFormer(Ground ground, Lines lines, boolean busy) {
        if (!busy && !ground.operators().former().isEmpty()) {
            Collection<String> listed = new TreeSet<>(lines.grantedOperators());
            listed.removeAll(ground.operators().former());
            ground.sweep().rememberOperators(listed);
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import static dev.howdah.reconcile.status.Conditions.FALSE;
import static dev.howdah.reconcile.status.Conditions.HARDENED;
import static dev.howdah.reconcile.status.Conditions.READY;
import static dev.howdah.reconcile.status.Conditions.RECONCILING;
import static dev.howdah.reconcile.status.Conditions.STALLED;
import static dev.howdah.reconcile.status.Conditions.TRUE;
import static dev.howdah.reconcile.status.Conditions.UNKNOWN;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerStatus;
import dev.howdah.api.v1alpha1.PostgresServerStatus.Used;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.StorageText;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.status.Conditions;
import dev.howdah.reconcile.status.Conditions.Wanted;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The status of a server, from its last visit. What an unreachable server was is still told. */
final class ServerStatusFactory {
    private static final Set<Reason> COMES_BY_ITSELF = EnumSet.of(Reason.Unreachable, Reason.NotPrimary);
    private static final PostgresServerStatus EMPTY =
            new PostgresServerStatus(null, null, null, null, null, null, null, null, null, null, null);

    /** Entries of the journal that a status may be behind before it is written for that alone. */
    private static final long FAR_BEHIND = 10_000;

    private ServerStatusFactory() {}

    static PostgresServerStatus status(PostgresServer server, Member member, ServerReport report, Instant now) {
        var before = server.getStatus() == null ? EMPTY : server.getStatus();
        var generation = server.getMetadata().getGeneration();
        var found = report.found();
        var retained = member.ledgerKnown()
                ? Retained.of(member)
                : new Retained(before.retainedDatabases(), before.retained());
        var status = new PostgresServerStatus(
                generation,
                Conditions.merge(
                        before.conditions(),
                        conditions(before, report, ServerSync.wanted(before.conditions(), member, report)),
                        generation,
                        now),
                found == null ? before.version() : found.version(),
                found == null ? before.systemIdentifier() : found.systemIdentifier(),
                found == null ? before.installation() : found.installation(),
                found == null ? before.capabilities() : found.capabilities(),
                member.ledgerKnown() ? used(member) : before.used(),
                found == null ? before.extensions() : found.extensions(),
                retained.count(),
                retained.databases(),
                before.ledgerPosition());
        return at(status, before, member);
    }

    /** How far the journal has come moves with every change: it is written along with what is worth a write of its own. */
    private static PostgresServerStatus at(PostgresServerStatus status, PostgresServerStatus before, Member member) {
        var known = before.ledgerPosition() == null ? 0 : before.ledgerPosition();
        var settled = member.position().settled();
        var wentBack = member.position().now() > 0 && member.position().now() < known;
        var position = wentBack ? member.position().now() : Math.max(known, settled);
        return position == known || (status.equals(before) && !wentBack && position - known < FAR_BEHIND)
                ? status
                : new PostgresServerStatus(
                        status.observedGeneration(),
                        status.conditions(),
                        status.version(),
                        status.systemIdentifier(),
                        status.installation(),
                        status.capabilities(),
                        status.used(),
                        status.extensions(),
                        status.retainedDatabases(),
                        status.retained(),
                        position);
    }

    private static Used used(Member member) {
        var used = member.used();
        return new Used(member.usedDatabases(), StorageText.format(used.storage()), used.connections());
    }

    /** What its status says already, also in the words of an earlier process: that one knew since when. */
    static String pausedSince(PostgresServer server, Instant now) {
        return Optional.ofNullable(server.getStatus())
                .flatMap(status -> Conditions.kept(status.conditions(), READY))
                .filter(ready -> ready.reason() == Reason.Paused)
                .map(Wanted::message)
                .orElseGet(() -> "since %s nothing is done on this server, for as long as it carries %s=\"true\""
                        .formatted(now.truncatedTo(ChronoUnit.SECONDS), Howdah.PAUSED));
    }

    /** As it was before it was paused; what that was is not judged anew. */
    static PostgresServerStatus paused(PostgresServer server, String message, Instant now) {
        var before = server.getStatus() == null ? EMPTY : server.getStatus();
        var ready = Conditions.find(before.conditions(), READY)
                .map(Condition::status)
                .orElse(UNKNOWN);
        return amended(
                server,
                before.observedGeneration(),
                List.of(
                        new Wanted(READY, ready, Reason.Paused, message),
                        Wanted.of(RECONCILING, false, Reason.Paused, "nothing under way"),
                        Wanted.of(STALLED, false, Reason.Paused, "nobody has to act")),
                now);
    }

    /** As it was, but its deletion waits for somebody's decision. */
    static PostgresServerStatus kept(PostgresServer server, Member member, Instant now) {
        var what = member.ledgerKnown()
                ? "its ledger holds %d databases".formatted(member.rows().size())
                : "its ledger cannot be read";
        var message =
                "not deleted: %s. Delete their claims (and wait until they are dropped), or give them up with the annotation %s=%s"
                        .formatted(what, Howdah.ABANDON, member.name());
        return amended(
                server,
                server.getMetadata().getGeneration(),
                List.of(new Wanted(STALLED, TRUE, Reason.DatabaseConflict, message)),
                now);
    }

    private static PostgresServerStatus amended(
            PostgresServer server, @Nullable Long observedGeneration, List<Wanted> wanted, Instant now) {
        var before = server.getStatus() == null ? EMPTY : server.getStatus();
        return new PostgresServerStatus(
                observedGeneration,
                Conditions.amend(
                        before.conditions(), wanted, server.getMetadata().getGeneration(), now),
                before.version(),
                before.systemIdentifier(),
                before.installation(),
                before.capabilities(),
                before.used(),
                before.extensions(),
                before.retainedDatabases(),
                before.retained(),
                before.ledgerPosition());
    }

    private static List<Wanted> conditions(PostgresServerStatus before, ServerReport report, Wanted inSync) {
        var reason = report.reason();
        var byItself = !report.usable() && COMES_BY_ITSELF.contains(reason);
        var orphans = report.orphans();
        var stalled = orphans != null || (!report.usable() && !byItself);
        var wanted = new ArrayList<Wanted>();
        wanted.add(Wanted.of(READY, report.usable(), reason, report.message()));
        wanted.add(Wanted.of(RECONCILING, byItself, reason, byItself ? "tried again by itself" : "nothing under way"));
        wanted.add(
                orphans == null
                        ? Wanted.of(STALLED, stalled, reason, stalled ? report.message() : "nobody has to act")
                        : Wanted.of(STALLED, true, Reason.OrphanStorm, orphans));
        wanted.add(hardened(before, report.found()));
        wanted.add(inSync);
        return wanted;
    }

    private static Wanted hardened(PostgresServerStatus before, ServerReport.@Nullable Found found) {
        if (found == null) {
            return Conditions.kept(before.conditions(), HARDENED)
                    .orElseGet(() -> new Wanted(HARDENED, UNKNOWN, Reason.Pending, "not looked at yet"));
        }
        return found.weaknesses().isEmpty()
                ? new Wanted(HARDENED, TRUE, Reason.Valid, "no weakness found")
                : new Wanted(
                        HARDENED,
                        FALSE,
                        found.hardeningRefused() ? Reason.InsufficientPrivilege : Reason.NotHardened,
                        String.join("; ", found.weaknesses()));
    }
}

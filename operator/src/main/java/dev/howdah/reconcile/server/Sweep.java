// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedBecause;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Retirement;
import dev.howdah.policy.ClaimNames;
import dev.howdah.postgres.ClaimWork;
import dev.howdah.postgres.HostedServer;
import dev.howdah.postgres.HostedServer.Entry;
import dev.howdah.postgres.ServerSweep.Line;
import dev.howdah.postgres.SqlFailure;
import dev.howdah.reconcile.Settings;
import dev.howdah.reconcile.fleet.Consents;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.status.Annotations;
import dev.howdah.reconcile.status.EventRecorder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through a server's ledger: databases whose time has come are dropped, rows whose claim is gone are closed, and
 * databases that vanished are told of. The API server is asked, not the cache, before anything is taken away.
 */
final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final int ALWAYS_CLOSED = 5;
    private static final int PERCENT_CLOSED = 5;

    private final KubernetesClient client;
    private final Fleet fleet;
    private final Settings settings;
    private final EventRecorder events;
    private final Clock clock;

    Sweep(KubernetesClient client, Fleet fleet, Settings settings, EventRecorder events, Clock clock) {
        this.client = client;
        this.fleet = fleet;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
    }

    /** Returns what is to be said when too many claims are gone at once, else {@code null}. */
    @Nullable
    String run(Member member, HostedServer server, List<Entry> ledger) {
        for (var entry : ledger) {
            if (entry.dropDue()
                    && hasCome(entry.claim().dropAfter())
                    && entry.claim().state() != State.Active
                    && !waits(member, entry.claim())) {
                drop(member, server, entry.claim());
            }
        }
        return closeOrphans(member, server, ledger);
    }

    /** Kept databases that somebody dropped give their place back, unless they come again as after a restore. */
    void strikeOff(Member member, HostedServer server, List<Line> lines) {
        for (var line : lines) {
            var row = line.entry().claim();
            var since = member.troubles().droppedSince(row.identity().uid(), !line.dropped(), clock.instant());
            if (since.filter(then -> !then.plus(settings.orphanGrace()).isAfter(clock.instant()))
                            .isPresent()
                    && !waits(member, row)) {
                strikeOff(member, server, row);
            }
        }
    }

    private void strikeOff(Member member, HostedServer server, LedgerClaim row) {
        work(member, server, row, "struck off", (work, current) -> {
            var observed = work.observe(current.roles());
            var now = observed.row();
            if (now == null
                    || now.state() != State.Retained
                    || !now.identity().equals(row.identity())
                    || observed.database() != null
                    || !nobodyMissesIt(member, now)) {
                return;
            }
            work.run(Retirement.drop(now, observed, server.facts()));
            member.forgot(now.identity().uid());
            fleet.wakeWaiting();
            events.normal(
                    member.resource(),
                    Reason.Updated,
                    "struck off database \"%s\" of %s/%s, which was kept and then dropped by hand: its place is free%s"
                            .formatted(
                                    now.database(),
                                    now.identity().namespace(),
                                    now.identity().name(),
                                    left(work.rolesLeft())));
        });
    }

    /** The same claim says {@code DatabaseMissing} meanwhile; one of another namespace of that name has no right to it. */
    private boolean nobodyMissesIt(Member member, LedgerClaim row) {
        if (claimIsGone(row)) {
            return true;
        }
        var namespace = client.namespaces().withName(row.identity().namespace()).get();
        return (namespace == null
                        || !namespace
                                .getMetadata()
                                .getUid()
                                .equals(row.identity().namespaceUid()))
                && Consents.adoption(member.resource(), row.identity()).isEmpty();
    }

    /** By this clock too: a server's that leaps ahead for a moment would have all it keeps for a while dropped. */
    private boolean hasCome(@Nullable Instant time) {
        return time != null && !time.isAfter(clock.instant());
    }

    /** A row of a lost cluster whose claim may still come is neither dropped nor closed. */
    private boolean waits(Member member, LedgerClaim row) {
        return Consents.waitsForRecovery(member.resource(), row, clock.instant());
    }

    /** Whether no claim of this namespace and name exists: one made anew takes its database back instead. */
    private boolean claimIsGone(LedgerClaim row) {
        return client.resources(DatabaseClaim.class)
                        .inNamespace(row.identity().namespace())
                        .withName(row.identity().name())
                        .get()
                == null;
    }

    private boolean uidIsGone(LedgerClaim row) {
        var claim = client.resources(DatabaseClaim.class)
                .inNamespace(row.identity().namespace())
                .withName(row.identity().name())
                .get();
        return claim == null
                || !claim.getMetadata().getUid().equals(row.identity().uid());
    }

    private void drop(Member member, HostedServer server, LedgerClaim row) {
        work(member, server, row, "dropped", (work, current) -> {
            var observed = work.observe(current.roles());
            var now = observed.row();
            if (now == null || now.state() == State.Active || !isThatEnd(now, current) || !claimIsGone(now)) {
                return;
            }
            drop(work, now, observed, server);
            member.forgot(now.identity().uid());
            fleet.wakeWaiting();
            events.normal(
                    member.resource(),
                    Reason.Updated,
                    "%s of %s/%s: its time was up%s"
                            .formatted(
                                    ended(now, observed),
                                    now.identity().namespace(),
                                    now.identity().name(),
                                    left(work.rolesLeft())));
        });
    }

    /** What was done, for a database that somebody dropped, renamed or took is not there to be dropped. */
    private static String ended(LedgerClaim row, Observed before) {
        var database = before.database();
        if (database == null) {
            return "struck off database \"%s\", which was dropped or renamed by hand and so was not there any more,"
                    .formatted(row.database());
        }
        return database.owner().equals(new ClaimNames(row.database()).databaseRole())
                ? "dropped database \"%s\"".formatted(row.database())
                : "struck off database \"%s\", which was given to \"%s\" by hand and so stays,"
                        .formatted(row.database(), database.owner());
    }

    /** It may have been taken back and given up again since it was found to be due: that is another end, and its own time. */
    private static boolean isThatEnd(LedgerClaim now, LedgerClaim due) {
        return now.dropAfter() != null
                && now.dropAfter().equals(due.dropAfter())
                && now.identity().equals(due.identity());
    }

    private static String left(List<String> roles) {
        return roles.isEmpty()
                ? ""
                : "; the roles %s stay, closed: something in another database depends on them (DROP OWNED BY … there, then DROP ROLE)"
                        .formatted(String.join(", ", roles));
    }

    /** A drop that does not come off leaves a retained database, not one that may be missing by and by. */
    private static void drop(ClaimWork work, LedgerClaim row, Observed observed, HostedServer server) {
        try {
            work.run(Retirement.drop(row, observed, server.facts()));
        } catch (SqlFailure e) {
            if (e.kind() != SqlFailure.Kind.FencedOut && e.kind() != SqlFailure.Kind.Uncertain) {
                var now = work.observe(row.roles());
                if (now.database() != null && !now.database().broken()) {
                    work.run(Retirement.giveUpDrop(row));
                }
            }
            throw e;
        }
    }

    private @Nullable String closeOrphans(Member member, HostedServer server, List<Entry> ledger) {
        var live = ledger.stream()
                .map(Entry::claim)
                .filter(row -> row.state() == State.Active || row.state() == State.Provisioning)
                .filter(row -> !waits(member, row))
                .toList();
        new Twins(client, fleet, events).tell(member, live);
        var missing = false;
        var orphans = new ArrayList<LedgerClaim>();
        for (var row : live) {
            missing |= !uidIsKnown(row);
            if (isGoneForLong(member, row) && uidIsGone(row)) {
                orphans.add(row);
            }
        }
        forgetUnwritten(member, ledger);
        var limit = Math.max(ALWAYS_CLOSED, live.size() * PERCENT_CLOSED / 100);
        var allowed = ServerVisit.allowedOrphans(member.resource());
        if (orphans.size() > limit && (allowed == null || allowed != orphans.size())) {
            return "the claims of %d databases are gone at once (%d of %d would be closed without asking); nothing is closed. If they are gone for good, annotate this server with howdah.dev/close-orphans=\"%d\""
                    .formatted(orphans.size(), limit, live.size(), orphans.size());
        }
        orphans.forEach(row -> close(member, server, row));
        if (Annotations.get(member.resource(), Howdah.CLOSE_ORPHANS).isPresent() && (!missing || !orphans.isEmpty())) {
            // Consent counts once: left standing, it would consent to the next storm too.
            Annotations.remove(client, member.resource(), Howdah.CLOSE_ORPHANS);
        }
        return null;
    }

    private boolean isGoneForLong(Member member, LedgerClaim row) {
        return member.troubles()
                .goneSince(row.identity().uid(), uidIsKnown(row), clock.instant())
                .filter(since -> !since.plus(settings.orphanGrace()).isAfter(clock.instant()))
                .isPresent();
    }

    /** A place was kept for a claim that was gone before its row could be written. */
    private void forgetUnwritten(Member member, List<Entry> ledger) {
        var written =
                ledger.stream().map(entry -> entry.claim().identity().uid()).collect(Collectors.toUnmodifiableSet());
        member.rows().stream()
                .filter(row -> row.state() == State.Provisioning
                        && !written.contains(row.identity().uid())
                        && isGoneForLong(member, row))
                .forEach(row -> member.forgot(row.identity().uid()));
    }

    private boolean uidIsKnown(LedgerClaim row) {
        return fleet.claimExists(row.identity());
    }

    private void close(Member member, HostedServer server, LedgerClaim row) {
        work(member, server, row, "closed", (work, current) -> {
            var observed = work.observe(current.roles());
            var now = observed.row();
            if (now == null || !now.identity().uid().equals(row.identity().uid())) {
                return;
            }
            work.run(Retirement.retain(now, observed, null, RetainedBecause.ClaimGone));
            member.wrote(now.retained(clock.instant(), RetainedBecause.ClaimGone, null));
            events.warning(
                    member.resource(),
                    Reason.Updated,
                    "closed database \"%s\": its claim %s/%s is gone. It is kept; the same claim applied again takes it back"
                            .formatted(
                                    now.database(),
                                    now.identity().namespace(),
                                    now.identity().name()));
        });
    }

    private interface Action {
        void run(ClaimWork work, LedgerClaim row);
    }

    /** One row's trouble does not keep the others from being looked at; the next visit tries again. */
    private void work(Member member, HostedServer server, LedgerClaim row, String done, Action action) {
        try {
            var begun = server.tryBegin(row.identity(), new ClaimNames(row.database()));
            if (begun.isPresent()) {
                try (var work = begun.get()) {
                    action.run(work, row);
                    fleet.usageChanged(member, null);
                }
            }
        } catch (RuntimeException e) {
            if (e instanceof SqlFailure failure && failure.kind() == SqlFailure.Kind.FencedOut) {
                throw e;
            }
            var trouble = e instanceof SqlFailure failure ? failure.explanation() : e.toString();
            LOG.warn("database {} not {}: {}", row.database(), done, trouble);
            if (member.troubles().areNews(row.identity().uid(), trouble)) {
                events.warning(
                        member.resource(),
                        Reason.DatabaseConflict,
                        "database \"%s\" could not be %s: %s".formatted(row.database(), done, trouble));
            }
        } finally {
            fleet.placeFree(member);
        }
    }
}

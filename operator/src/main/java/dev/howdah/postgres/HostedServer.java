// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.ServerFacts;
import dev.howdah.plan.Step;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.ExtensionOffer;
import dev.howdah.postgres.ServerInspection.ServerJson;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A server the operator may write to: identity checked, fence taken, ledger open, a few warm sessions. */
public final class HostedServer implements AutoCloseable {
    private final ConnectionTarget target;
    private final ServerJson inspected;
    private final Identity identity;
    private volatile ServerFacts facts;
    private final InstantSource clock;
    private final SqlTraffic traffic;
    private final Connections.Admin admin;
    private final LedgerSql ledger;
    private final StepSql steps;
    private final Sessions sessions;
    private final Semaphore places = new Semaphore(Sessions.SIZE);
    private final HeldUp heldUp;
    private volatile Duration ahead = Duration.ZERO;
    private final Set<String> underWork = ConcurrentHashMap.newKeySet();

    HostedServer(
            ConnectionTarget target,
            ServerJson inspected,
            Identity identity,
            ExtensionOffer extensions,
            InstantSource clock,
            SqlTraffic traffic)
            throws SQLException {
        this.target = target;
        this.inspected = inspected;
        this.identity = identity;
        this.clock = clock;
        this.traffic = traffic;
        this.admin = inspected.admin();
        this.facts = new ServerFacts(
                inspected.majorVersion(),
                target.user(),
                inspected.superuser(),
                inspected.libcUtf8() ? "C.UTF-8" : "C",
                extensions,
                inspected.settableParameters());
        this.ledger = new LedgerSql(identity.epoch(), inspected.readsPasswords());
        this.steps = new StepSql(facts, ledger);
        this.heldUp = new HeldUp(clock);
        this.sessions = new Sessions(target, admin, identity.epoch(), traffic, clock);
    }

    /**
     * Which server it is.
     *
     * @param ledger the ledger's own UUID
     * @param epoch of this process on it
     * @param upgradedFrom the major version it had when it was last seen, where that is an older one
     * @param recoveredFrom the lost installation whose ledger it was until now
     */
    public record Identity(
            String ledger,
            String systemIdentifier,
            long epoch,
            @Nullable Integer upgradedFrom,
            @Nullable String recoveredFrom) {}

    /** A ledger row, and whether its time to be dropped has come by the server's clock. */
    public record Entry(LedgerClaim claim, boolean dropDue) {}

    /** What weakens the walls between tenants; empty is good. */
    public record Weaknesses(List<String> openDatabases, List<String> others) {}

    public Identity identity() {
        return identity;
    }

    public ServerFacts facts() {
        return facts;
    }

    /**
     * Looks which extensions there are now: packages come and go while a server runs.
     *
     * @return whether that is something else than before
     */
    public boolean lookAtExtensions() {
        var now = ServerInspection.offer(
                ask(ServerInspection.EXTENSIONS, "look which extensions there are"), inspected.untrustedExtensions());
        var before = facts;
        facts = before.offering(now);
        return !before.extensions().equals(now);
    }

    /** Such as 18.6. */
    public String version() {
        return inspected.shortVersion();
    }

    /** Whether sessions of any role can be ended, not only those of logins this operator made. */
    public boolean mayEndSessions() {
        return inspected.superuser() || inspected.signalBackend();
    }

    /**
     * The time there, by how far its clock was from ours when it was last asked. What is long or short by a leap of ours
     * since then is only when something is looked at; decisions are made with the time that came with the look.
     */
    public Instant now() {
        return clock.instant().plus(ahead);
    }

    void timeIs(Instant now) {
        ahead = Duration.between(clock.instant(), now);
    }

    /** Notes when roles that were published before were last in use. */
    public void noteUse() {
        run(ledger.fence() + ";\n" + LoginSql.NOTE_USE, "note which logins are in use");
    }

    InstantSource clock() {
        return clock;
    }

    SqlTraffic traffic() {
        return traffic;
    }

    /** How many of the warm sessions are at work. */
    public long busySessions() {
        return sessions.busy();
    }

    /** How many of them wait for work. */
    public long freeSessions() {
        return sessions.free();
    }

    ConnectionTarget target() {
        return target;
    }

    /** How it was reached. */
    public boolean reachedBy(ConnectionTarget other) {
        return target.equals(other);
    }

    ServerJson inspected() {
        return inspected;
    }

    /** Whether the claim's database is being worked on. */
    public boolean isUnderWork(String database) {
        return underWork.contains(database);
    }

    /** The statements of a step, to be run by somebody who may; without any secret. */
    public String statements(Step step) {
        var bare = step instanceof Step.AlterLogin login
                ? new Step.AlterLogin(login.role(), login.open(), login.connectionLimit(), null)
                : step;
        return String.join("; ", steps.statements(bare));
    }

    LedgerSql ledger() {
        return ledger;
    }

    StepSql steps() {
        return steps;
    }

    Session connect(String database) throws SQLException {
        var connection = Connections.admin(target, database, Sessions.applicationName(identity.epoch()), admin);
        traffic.opened();
        return new Session(connection, traffic, clock);
    }

    /** Whether work of this namespace waited in vain for a lock lately, so that it has one place at most. */
    public boolean isHeldUp(String namespace) {
        return heldUp.contains(namespace);
    }

    void failed(ClaimIdentity claim, SqlFailure failure) {
        heldUp.failed(claim.namespace(), failure);
    }

    /** Begins work on a claim; empty when all places are taken, or when its database is being worked on already. */
    public Optional<ClaimWork> tryBegin(ClaimIdentity claim, ClaimNames names) {
        if (!underWork.add(names.database())) {
            return Optional.empty();
        }
        var slow = heldUp.contains(claim.namespace());
        if (slow && !heldUp.tryEnter()) {
            underWork.remove(names.database());
            return Optional.empty();
        }
        Runnable leave = () -> {
            underWork.remove(names.database());
            if (slow) {
                heldUp.leave();
            }
        };
        if (!places.tryAcquire()) {
            leave.run();
            return Optional.empty();
        }
        Runnable release = () -> {
            leave.run();
            places.release();
        };
        try {
            return Optional.of(new ClaimWork(this, claim, names, release, sessions.borrow()));
        } catch (RuntimeException e) {
            release.run();
            throw e;
        }
    }

    /** In place of one that turned out to be dead, which leaves the pool with that. */
    Session anotherSession(Session dead) throws SQLException {
        dead.close();
        return sessions.borrow();
    }

    /** Everything in the ledger. Also finds out whether the server still answers and still is a primary. */
    public List<Entry> readLedger() {
        var json = ask(Catalogs.LEDGER, "read the ledger");
        var entries = new ArrayList<Entry>();
        for (var claim : Catalogs.ledger(json)) {
            entries.add(new Entry(claim.toRow(), Boolean.TRUE.equals(claim.due())));
        }
        return entries;
    }

    /** Whether this is still the same server in the same minor version, and its admin may do the same; if not, it has to be opened anew. */
    public boolean unchanged() {
        var now = Json.read(ask(ServerInspection.SERVER, "inspect the server"), ServerJson.class);
        return now.equals(inspected);
    }

    public Weaknesses weaknesses() {
        var open = List.of(Json.read(ask(ServerInspection.OPEN_DATABASES, "look for weaknesses"), String[].class));
        var others = new ArrayList<String>();
        if (inspected.superuser()) {
            var lines = List.of(Json.read(ask(ServerInspection.TRUST_LINES, "look for trust lines"), Integer[].class));
            if (!lines.isEmpty()) {
                others.add("pg_hba.conf lets in without a password (trust) in lines " + lines);
            }
        } else if (inspected.majorVersion() == ServerInspection.OLDEST_MAJOR) {
            others.add("the admin's CREATEROLE is as good as superuser on PostgreSQL 15");
        }
        return new Weaknesses(open, others);
    }

    /**
     * Closes PostgreSQL's own databases to PUBLIC.
     *
     * @throws SqlFailure when the admin may not
     */
    public void harden() {
        run(Maintenance.HARDEN, "harden the server");
    }

    /** Partitions for the months to come; journal lines older than the retention go. */
    public void keepJournal(int retentionDays) {
        run(ledger.fence() + ";\n" + Maintenance.journalPartitions(), "keep the journal");
        run(ledger.fence() + ";\n" + Maintenance.prune(retentionDays), "prune the journal");
    }

    /** The pairs acted on for these databases stand no longer in the server's adoptions: they may consent anew. */
    public void consentsAreOver(List<String> databases) {
        run(ledger.fence() + ";\n" + ledger.consentsAreOver(databases), "end consents");
    }

    /**
     * The sizes of the databases in the ledger, in bytes by name; those it may not measure are left out. Takes a session
     * of its own: a server with many files is long in counting them, and nobody waits for that.
     */
    public Map<String, Long> databaseSizes() {
        try (var session = connect(LedgerSql.DATABASE)) {
            Batches.run(session, Maintenance.PATIENCE);
            var sizes = new HashMap<String, Long>();
            var json = Batches.ask(session, Maintenance.SIZES);
            for (var size : Json.read(json, Maintenance.Size[].class)) {
                sizes.put(size.database(), size.bytes());
            }
            return sizes;
        } catch (SQLException e) {
            throw SqlFailure.of("measure the databases", e);
        }
    }

    void run(String sql, String what) {
        try (var session = session()) {
            Batches.run(session, sql);
        } catch (SQLException e) {
            throw SqlFailure.of(what, e);
        }
    }

    String ask(String sql, String what) {
        for (int lost = 0; ; lost++) {
            try {
                return once(sql);
            } catch (SQLException e) {
                if (lost == Sessions.SIZE || !SqlFailure.sessionLost(e)) {
                    throw SqlFailure.of(what, e);
                }
            }
        }
    }

    private String once(String sql) throws SQLException {
        try (var session = session()) {
            return Batches.ask(session, sql);
        }
    }

    /** Beside the work on claims, which may hold every session for a while. */
    private Session session() {
        try {
            return sessions.borrow();
        } catch (ServerRefused e) {
            throw places.availablePermits() == 0 ? ServerRefused.busy(e) : e;
        }
    }

    @Override
    public void close() {
        sessions.close();
    }
}

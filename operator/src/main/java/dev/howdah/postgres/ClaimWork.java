// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.Brownfield;
import dev.howdah.plan.Contents;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Plan;
import dev.howdah.plan.Rotation;
import dev.howdah.plan.Step;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClaimNames;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Work on one claim, on one session of its server, from the first look to the last step. Holds one of the server's few
 * places until closed.
 */
public final class ClaimWork implements AutoCloseable {
    private static final Duration CREATE_OR_DROP = Duration.ofMinutes(4);
    private static final Duration INSIDE = Duration.ofSeconds(60);
    private static final String NOT_GRANTED = "01007";
    private static final String NOT_THERE = "01000";
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int MOST_REFUSALS = 10;
    private static final String TOO_MANY_CONNECTIONS = "53300";

    private final HostedServer server;
    private final ClaimIdentity identity;
    private final ClaimNames names;
    private final Runnable release;
    private final ClaimJournal journal;
    private Session session;
    private boolean begun;
    private int connectionLimit;
    private boolean refused;
    private List<String> rolesLeft = List.of();

    ClaimWork(HostedServer server, ClaimIdentity identity, ClaimNames names, Runnable release, Session session) {
        this.server = server;
        this.identity = identity;
        this.names = names;
        this.release = release;
        this.session = session;
        this.journal = new ClaimJournal(server, identity, names);
    }

    /** What is done is done on these grounds, for the journal to tell. */
    public void because(Accepted.Grounds grounds) {
        journal.because(grounds);
    }

    /** The claim's row and its objects in the shared catalogs: one query. */
    public Observed observe(List<String> roles) {
        return observe(roles, List.of());
    }

    /** The same, and which of these operator roles exist. */
    public Observed observe(List<String> roles, List<String> operators) {
        var sql = Catalogs.observe(identity, names.database(), roles, operators, server.inspected());
        try {
            var observed = Catalogs.observed(
                    ask(sql), server.identity().epoch(), server.facts().admin());
            begun = true;
            journal.seen(observed);
            if (observed.database() != null) {
                connectionLimit = observed.database().connectionLimit();
                refused = !observed.database().allowConnections();
            }
            return observed;
        } catch (SQLException e) {
            throw SqlFailure.of("look at " + names.database(), e);
        }
    }

    /** The first question may find that the server was restarted since the sessions were last used. */
    private String ask(String sql) throws SQLException {
        for (int lost = 0; ; lost++) {
            try {
                return Batches.ask(session, sql);
            } catch (SQLException e) {
                if (begun || lost == Sessions.SIZE || !SqlFailure.sessionLost(e)) {
                    throw e;
                }
                session = server.anotherSession(session);
            }
        }
    }

    /** The inside of the claim's database. One that a drop has closed and not reached is opened for it. */
    public Contents lookInside() {
        if (refused) {
            run(new Plan(List.of(new Step.AllowConnections(names.database(), names.databaseRole()))));
            refused = false;
        }
        try (var inside = enter()) {
            return Catalogs.contentsOf(Batches.ask(inside, Catalogs.contents(names.ownerGroup())));
        } catch (SQLException e) {
            throw SqlFailure.of("look inside " + names.database(), e);
        }
    }

    /** What there is to know of a database that somebody else made, before it changes hands. */
    public Brownfield survey() {
        try {
            String found;
            try (var inside = enter()) {
                found = Batches.ask(inside, AdoptionSurvey.INSIDE);
            }
            return AdoptionSurvey.read(
                    found,
                    Batches.ask(session, AdoptionSurvey.outside(names.database())),
                    names.database(),
                    server.facts());
        } catch (SQLException e) {
            throw SqlFailure.of(
                    "look through " + names.database(),
                    e,
                    "42501".equals(e.getSQLState())
                            ? "let the admin in: GRANT CONNECT ON DATABASE %s TO %s"
                                    .formatted(
                                            Quoting.identifier(names.database()),
                                            Quoting.identifier(server.facts().admin()))
                            : null);
        }
    }

    /** Objects change hands one after the other, while they are in use. */
    public void takeOver(List<Step.TakeObject> steps) {
        if (steps.isEmpty()) {
            return;
        }
        var started = server.clock().instant();
        try (var inside = enter()) {
            for (var turn : Takeover.turns(steps)) {
                Takeover.run(inside, server.steps(), turn);
            }
            journal.did(List.copyOf(steps), started);
        } catch (SQLException e) {
            throw failed(
                    new Plan.Batch(steps.getFirst().place(), List.copyOf(steps)),
                    started,
                    SqlFailure.of("take over what is in " + names.database(), e));
        }
    }

    /**
     * Carries out a plan, a round trip for each batch.
     *
     * @return the inside of the database after the plan's last step there, {@code null} when it had none
     */
    public @Nullable Contents run(Plan plan) {
        Contents contents = null;
        for (var batch : plan.batches()) {
            var started = server.clock().instant();
            try {
                switch (batch.place()) {
                    case Step.Place.Ledger l -> runInLedger(batch.steps());
                    case Step.Place.Alone a -> runAlone(batch.steps().getFirst(), started);
                    case Step.Place.Inside i -> contents = runInside(batch.steps(), started);
                }
            } catch (SQLException e) {
                throw failed(
                        batch,
                        started,
                        SqlFailure.of(what(batch.steps()), e, Advice.on(e, batch, server, session, names)));
            } catch (SqlFailure e) {
                throw failed(batch, started, e);
            }
        }
        return contents;
    }

    /** Roles that the plans run so far were to drop and that are there all the same: something depends on them. */
    public List<String> rolesLeft() {
        return rolesLeft;
    }

    private void runInLedger(List<Step> steps) throws SQLException {
        var statements = new ArrayList<String>();
        statements.add(server.ledger().fence());
        statements.addAll(server.steps().transaction(steps));
        statements.addAll(journal.with(steps));
        Batches.run(session, String.join(";\n", statements));
        journal.written();
        if (steps.stream().anyMatch(ClaimWork::tellsPassword)) {
            // Whoever may read pg_stat_activity sees what a session did last, and this one stays.
            Batches.run(session, Catalogs.PROBE);
        }
        steps.stream()
                .filter(Step.SetConnectionLimit.class::isInstance)
                .forEach(step -> connectionLimit = ((Step.SetConnectionLimit) step).limit());
    }

    private static boolean tellsPassword(Step step) {
        var credential = step instanceof Step.AlterLogin login ? login.credential() : null;
        return credential != null && !Scram.isVerifier(credential.secret());
    }

    private void runAlone(Step step, Instant started) throws SQLException {
        var statements = server.steps().statements(step);
        var runAs = step.runAs();
        if (step instanceof Step.DropDatabase drop) {
            refuseReplicated(drop);
            awaitEmpty(drop);
        }
        if (step instanceof Step.DropRoles) {
            var left = Batches.run(session, server.ledger().fence() + ";\n" + String.join(";\n", statements));
            rolesLeft = left == null ? List.of() : List.of(Json.read(left, String[].class));
        } else if (runAs == null) {
            // A session that ends by itself just before it is ended leaves a warning.
            var endsSessions = step instanceof Step.EndSessions || step instanceof Step.EndDatabaseSessions;
            Batches.run(
                    session,
                    String.join(";\n", statements),
                    CREATE_OR_DROP,
                    endsSessions ? List.of(NOT_THERE) : List.of());
        } else {
            runAs(runAs, statements);
        }
        journal.did(List.of(step), started);
    }

    /** A slot is somebody's place in the changes; losing it with the database is a loss nobody asked for. */
    private void refuseReplicated(Step.DropDatabase drop) throws SQLException {
        var slots = Batches.run(session, Catalogs.slotsOf(drop.database()));
        if (slots != null) {
            throw SqlFailure.replicated(drop.summary(), slots);
        }
    }

    /** Not even begun with somebody in it: DROP DATABASE would wait five seconds for them and then fail. */
    private void awaitEmpty(Step.DropDatabase drop) throws SQLException {
        for (int looks = 1; ; looks++) {
            var sessions = Batches.run(session, Catalogs.sessionsIn(drop.database()));
            if (sessions == null) {
                return;
            }
            if (looks == MOST_REFUSALS) {
                throw SqlFailure.inUse(drop.summary(), sessions, Advice.onSessions(server));
            }
            if (looks == 1 && server.mayEndSessions()) {
                // The plan has ended those of the claim's own logins; of others, a superuser's stay.
                Batches.run(session, Catalogs.endSessionsIn(drop.database()), INSIDE, List.of(NOT_THERE));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Statements that refuse a transaction, and so SET LOCAL ROLE. */
    private void runAs(String role, List<String> statements) throws SQLException {
        Batches.run(session, "SET ROLE " + Quoting.identifier(role) + ";\n" + StepSql.assertUser(role));
        try {
            for (var statement : statements) {
                Batches.run(session, statement, CREATE_OR_DROP, List.of());
            }
        } catch (SQLException | SqlFailure e) {
            // Also of a statement that went through with a warning.
            try {
                becomeAdmin();
            } catch (SQLException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        becomeAdmin();
    }

    /** Whoever gets this session next must not find it in another role. */
    private void becomeAdmin() throws SQLException {
        try {
            Batches.run(session, "SET ROLE NONE");
        } catch (SQLException e) {
            session.abort();
            throw e;
        }
    }

    private Contents runInside(List<Step> steps, Instant started) throws SQLException {
        var statements = new ArrayList<>(server.steps().transaction(steps));
        statements.add(Catalogs.contents(names.ownerGroup()));
        // Back-filling a schema meets objects that are not the owner group's to share; they are passed over.
        var backFills = steps.stream().anyMatch(Step.GrantOnExisting.class::isInstance);
        try (var inside = enter()) {
            var json = Batches.run(
                    inside, String.join(";\n", statements), INSIDE, backFills ? List.of(NOT_GRANTED) : List.of());
            journal.did(steps, started);
            return Catalogs.contentsOf(Batches.answer(json));
        }
    }

    /** A full database admits the operator by one more place, for just this moment. */
    private Session enter() throws SQLException {
        try {
            return server.connect(names.database());
        } catch (SQLException e) {
            if (!TOO_MANY_CONNECTIONS.equals(e.getSQLState()) || server.facts().superuser() || connectionLimit < 0) {
                throw e;
            }
            var agreed = connectionLimit;
            limit(agreed + 1);
            Session inside = null;
            try {
                inside = enterFull();
            } finally {
                leave(agreed, inside);
            }
            return inside;
        }
    }

    /** The place is taken back; where that fails, nobody is left in it. */
    private void leave(int agreed, @Nullable Session inside) throws SQLException {
        try {
            limit(agreed);
        } catch (SQLException | SqlFailure e) {
            if (inside != null) {
                inside.abort();
            }
            throw e;
        }
    }

    /** The session that was just refused holds a place until it has ended. */
    private Session enterFull() throws SQLException {
        for (int refusals = 1; ; refusals++) {
            try {
                return server.connect(names.database());
            } catch (SQLException e) {
                if (!TOO_MANY_CONNECTIONS.equals(e.getSQLState()) || refusals == MOST_REFUSALS) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void limit(int connections) throws SQLException {
        var step = new Step.SetConnectionLimit(names.database(), names.databaseRole(), connections);
        Batches.run(session, String.join(";\n", server.steps().transaction(List.of(step))));
    }

    /** What these roles are doing, and what time it is there. */
    public Rotation.Seen lookAt(List<String> roles) {
        try {
            var seen = LoginSql.seen(ask(LoginSql.look(roles)));
            server.timeIs(seen.now());
            return seen;
        } catch (SQLException e) {
            throw SqlFailure.of("look at the logins of " + names.database(), e);
        }
    }

    /** Tries a login as its application would. */
    public LoginProbe.Result probe(String login, String password) {
        var begun = server.clock().instant();
        var well = false;
        try {
            var result = LoginProbe.probe(server.target(), names.database(), login, password);
            well = true;
            return result;
        } finally {
            server.traffic().opened();
            server.traffic().sent(begun, server.clock().instant(), well);
        }
    }

    private static String what(List<Step> steps) {
        var first = steps.getFirst().summary();
        return steps.size() == 1 ? first : first + " and " + (steps.size() - 1) + " more";
    }

    private SqlFailure failed(Plan.Batch batch, Instant started, SqlFailure failure) {
        server.failed(identity, failure);
        if (failure.kind() == SqlFailure.Kind.FencedOut || failure.kind() == SqlFailure.Kind.Uncertain) {
            return failure;
        }
        var line = journal.failed(session, batch.steps(), started, failure.sqlState());
        return line == null ? failure : failure.inJournal(line);
    }

    @Override
    public void close() {
        try {
            journal.write(session);
            session.close();
        } catch (SQLException e) {
            throw SqlFailure.of("give back the session", e);
        } finally {
            release.run();
        }
    }
}

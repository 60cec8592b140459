// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PostgresServerSpec;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Credential;
import dev.howdah.plan.Desired;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.Handover;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Planner;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.postgres.ClaimWork;
import dev.howdah.postgres.LoginProbe;
import dev.howdah.reconcile.claim.ClaimOutcome.Home;
import dev.howdah.reconcile.claim.ClaimOutcome.Later;
import dev.howdah.reconcile.claim.ClaimOutcome.News;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Fleet.Offered;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.status.Annotations;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The work for a claim on its server: observe, plan, execute, probe, publish. Sends nothing when nothing is to be done. */
final class ClaimProvisioning {
    private static final Duration BUSY = Duration.ofSeconds(30);
    private static final Duration AT_ONCE = Duration.ofMillis(100);

    private final Fleet fleet;
    private final Credentials credentials;
    private final Rotations rotations;
    private final Probes probes;
    private final InstantSource clock;
    private final Adoptions adoptions = new Adoptions();
    private final Set<String> consented = ConcurrentHashMap.newKeySet();

    ClaimProvisioning(Fleet fleet, Credentials credentials, Probes probes, InstantSource clock) {
        this.fleet = fleet;
        this.credentials = credentials;
        this.rotations = new Rotations(credentials);
        this.probes = probes;
        this.clock = clock;
    }

    /** What is to be made, and where. */
    record Order(
            DatabaseClaim claim,
            ClaimIdentity identity,
            Member member,
            Member.State.Open open,
            @Nullable LedgerClaim row,
            EffectiveClaim effective,
            ClassTerms terms,
            Accepted.Grounds grounds,
            long generation,
            @Nullable News note,
            Handover handover,
            @Nullable Offered offer) {

        /** Those of the database it has; else of the one it is offered; else its own. */
        ClaimNames names() {
            if (row != null) {
                return new ClaimNames(row.database());
            }
            var offered = offered();
            return offered == null ? ClaimFlow.names(identity) : new ClaimNames(offered.database());
        }

        /** The database that was there before and that its server gives it, if it has none. */
        PostgresServerSpec.@Nullable Adoption offered() {
            return offer == null || row != null || !offer.member().equals(member) ? null : offer.adoption();
        }

        ResourceID id() {
            return ResourceID.fromResource(claim);
        }

        /** Whether the team consents to an empty database, should its own be gone. */
        boolean acceptsLoss() {
            return Annotations.get(claim, Howdah.ACCEPT_LOSS)
                    .filter(names().database()::equals)
                    .isPresent();
        }
    }

    ClaimOutcome provision(Order order, ClaimSecrets secrets) {
        return switch (done(order, secrets)) {
            case Later later -> later;
            case Told told -> rotations.tell(order, told);
        };
    }

    private ClaimOutcome done(Order order, ClaimSecrets secrets) {
        var ledger = order.open().server().identity().ledger();
        Map<String, String> known;
        try {
            known = credentials.good(order, secrets.known(order.effective(), order.row(), ledger));
        } catch (ClaimSecrets.Foreign e) {
            return e.outcome(ClaimFlow.LOOK_AGAIN);
        }
        var row = order.row();
        var accepted = row == null ? null : row.accepted();
        if (row != null
                && accepted != null
                && row.state() == State.Active
                && row.identity().equals(order.identity())
                && accepted.claim().equals(order.effective())
                && accepted.grounds().sameAs(order.grounds())
                && known.size() == order.effective().access().size()
                && !order.member().suspected(row.identity().uid())
                && !order.acceptsLoss()
                && !rotations.due(order, row)
                && !probes.due(order.id())) {
            return publish(order, row, known, secrets, null);
        }
        var pause = row == null ? null : credentials.pause(order, row, known);
        if (pause != null) {
            return pause;
        }
        return atServer(order, known, secrets);
    }

    private ClaimOutcome atServer(Order order, Map<String, String> known, ClaimSecrets secrets) {
        var names = order.names();
        var begun = order.open().server().tryBegin(order.identity(), names);
        if (begun.isEmpty()) {
            order.member().parking().park(order.id());
            // A place may have come free before this claim stood in the queue.
            begun = order.open().server().tryBegin(order.identity(), names);
        }
        if (begun.isEmpty()) {
            return new Later(BUSY);
        }
        try (var work = begun.get()) {
            work.because(order.grounds());
            return work(work, order, known, secrets);
        } finally {
            fleet.placeFree(order.member());
        }
    }

    private ClaimOutcome work(ClaimWork work, Order order, Map<String, String> known, ClaimSecrets secrets) {
        var names = order.names();
        var roles = names.roles(order.effective().access().stream()
                .map(EffectiveClaim.Access::name)
                .toList());
        var care = new DriftCare(order, work, clock);
        var observed = care.observe(roles);
        var lost = lost(order, observed);
        if (lost != null) {
            return lost;
        }
        var givenAway = care.givenAway();
        if (givenAway != null) {
            return givenAway;
        }
        var current = new HashMap<>(known);
        if (rotations.finish(work, order, observed.row(), secrets, current)) {
            observed = care.observe(roles);
        }
        var pause = credentials.renew(order, care.changedPasswords(), current);
        if (pause != null) {
            return pause;
        }
        var fresh = credentials.fresh(order, observed, current);
        var desired = new Desired(
                order.identity(),
                names,
                order.effective(),
                order.terms(),
                order.generation(),
                order.grounds(),
                fresh,
                order.open().server().facts(),
                Rotations.asked(order.claim()),
                order.acceptsLoss(),
                order.handover());
        if (Adoptions.concerns(order, observed)) {
            switch (adoptions.adopt(work, order, desired, observed)) {
                case Adoptions.Result.Waits(var told) -> {
                    fleet.release(order.identity().uid());
                    return told;
                }
                case Adoptions.Result.Done(var now) -> observed = now;
            }
        }
        var look = Planner.mustLookInside(desired, observed) || care.looksInside(probes.due(order.id()));
        var inside = look ? work.lookInside() : null;
        care.lookedInside(inside);
        var prepared = Planner.prepare(desired, observed, inside);
        if (prepared instanceof Planner.Outcome.Blocked blocked) {
            fleet.release(order.identity().uid());
            Optional.ofNullable(order.row())
                    .ifPresent(row -> fleet.release(row.identity().uid()));
            return ClaimOutcome.told(
                    Standing.Conflict,
                    blocked.conflict().reason(),
                    blocked.conflict().message(),
                    ClaimFlow.LOOK_AGAIN);
        }
        var preparation = care.allowed(((Planner.Outcome.Steps) prepared).plan());
        var held = observed.row();
        if (held == null || !held.identity().equals(order.identity())) {
            // From here on the ledger may hold the claim's row, whatever comes of the rest.
            order.member().wrote(LedgerRows.begun(desired, held));
        }
        var after = care.run(preparation);
        var opening = care.withOperators(
                care.allowed(Planner.open(desired, observed, after == null ? inside : after, work.rolesLeft())),
                desired);
        care.run(opening);
        var row = LedgerRows.written(desired, observed, opening, work.rolesLeft());
        order.member().wrote(row);
        if (order.acceptsLoss()) {
            consented.add(order.identity().uid());
        }
        if (held != null && LedgerRows.gaveBack(held, row)) {
            fleet.wakeWaiting();
        }
        var asked = care.asked(preparation, opening);
        if (care.mend(asked.stream().anyMatch(plan -> !plan.isEmpty()), fresh)) {
            fleet.suspect(order.member(), row);
        }
        var probed = probe(work, order, row, current, fresh, care.report());
        if (probed instanceof Probed.Failed(var outcome)) {
            return outcome instanceof Told told ? rotations.replace(work, order, row, current, secrets, told) : outcome;
        }
        var done = ClaimNews.of(observed, asked.getFirst(), asked.getLast(), order);
        var news = done == null && probed instanceof Probed.Full full ? full.news() : done;
        if (done != null) {
            fleet.usageChanged(order.member(), order.effective().className());
        }
        var outcome = publish(order, row, current, secrets, news);
        credentials.published(order, held, fresh);
        return outcome instanceof Told told && told.standing() == Standing.Ready && rotations.due(order, row)
                ? rotations.turn(work, order, row, current, secrets, told)
                : outcome;
    }

    /** The ledger has forgotten a claim that was in it: it was restored to an earlier time, or tampered with. */
    private @Nullable ClaimOutcome lost(Order order, Observed observed) {
        var row = order.row();
        if (observed.row() != null || row == null || row.accepted() == null || order.acceptsLoss()) {
            return null;
        }
        return ClaimOutcome.told(
                Standing.Conflict,
                Reason.DatabaseMissing,
                "the ledger of server \"%s\" no longer knows this claim's database \"%s\": the server was restored to an earlier time, or the ledger was changed by hand. It heals when the ledger is back; to go on with an empty database instead, annotate the claim with %s=%s"
                        .formatted(order.member().name(), row.database(), Howdah.ACCEPT_LOSS, row.database()),
                ClaimFlow.LOOK_AGAIN);
    }

    /** What trying the logins came to. */
    private sealed interface Probed {
        record Worked() implements Probed {}

        /** The claim's own limit is used up; the login would be let in. */
        record Full(News news) implements Probed {}

        record Failed(ClaimOutcome outcome) implements Probed {}
    }

    private Probed probe(
            ClaimWork work,
            Order order,
            LedgerClaim row,
            Map<String, String> current,
            Map<String, Credential> fresh,
            boolean report) {
        Probed outcome = new Probed.Worked();
        for (var access : order.effective().access()) {
            var login = row.logins().get(access.name());
            var password = current.get(access.name());
            if (login == null || password == null) {
                continue;
            }
            var user = order.names().login(access.name(), login.slot());
            switch (work.probe(user, password)) {
                case LoginProbe.Result.Works works -> {}
                case LoginProbe.Result.Exhausted exhausted -> outcome = new Probed.Full(full(user));
                case LoginProbe.Result.Fails fails -> {
                    order.member().suspect(row.identity().uid());
                    if (fails.password() && !fresh.containsKey(access.name()) && !report) {
                        // It worked before: somebody changed it, and a new one may work.
                        credentials.doesNotWork(order, access.name());
                        return new Probed.Failed(new Later(AT_ONCE));
                    }
                    return new Probed.Failed(ClaimOutcome.told(
                                    Standing.Conflict,
                                    Reason.LoginFailed,
                                    "the login \"%s\" was set up and does not work: %s. Check the role, and pg_hba.conf of server \"%s\""
                                            .formatted(
                                                    user,
                                                    fails.message(),
                                                    order.member().name()),
                                    ClaimFlow.LOOK_AGAIN)
                            .withHome(home(order.member(), row)));
                }
            }
        }
        probes.worked(order.id());
        return outcome;
    }

    private static News full(String user) {
        return new News(
                Reason.ConnectionsExhausted,
                "the login \"%s\" found no room: all connections of this claim are in use. Close some, or raise `connections`"
                        .formatted(user));
    }

    private ClaimOutcome publish(
            Order order, LedgerClaim row, Map<String, String> current, ClaimSecrets secrets, @Nullable News news) {
        var endpoint = order.open().endpoint();
        Duration again;
        try {
            secrets.publish(order.effective(), row, endpoint, current);
            var former = secrets.tidy(order.effective());
            var probe = probes.next(order.id());
            again = former == null || probe.compareTo(former) < 0 ? probe : former;
        } catch (ClaimSecrets.Foreign e) {
            return e.outcome(ClaimFlow.LOOK_AGAIN).withHome(home(order.member(), row));
        }
        return new Told(
                Standing.Ready,
                Reason.Provisioned,
                "database \"%s\" on server \"%s\"; a login with the Secret worked"
                        .formatted(row.database(), order.member().name()),
                home(order.member(), row),
                again,
                news,
                order.note(),
                null);
    }

    /** Whether consent to a loss was there while its database was, since this was last asked. */
    boolean usedConsent(DatabaseClaim claim) {
        return consented.remove(claim.getMetadata().getUid());
    }

    void forget(DatabaseClaim claim) {
        consented.remove(claim.getMetadata().getUid());
        credentials.forget(claim.getMetadata().getUid());
        rotations.forget(claim.getMetadata().getUid());
        adoptions.forget(claim.getMetadata().getUid());
    }

    static Home home(Member member, LedgerClaim row) {
        var version = member.open().map(open -> open.server().version());
        var status = member.resource().getStatus();
        return new Home(
                member.name(),
                version.orElseGet(() -> status == null || status.version() == null ? "" : status.version()),
                row);
    }
}

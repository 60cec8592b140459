// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.Handover;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.Room;
import dev.howdah.policy.StorageText;
import dev.howdah.policy.Violation;
import dev.howdah.postgres.ServerRefused;
import dev.howdah.postgres.SqlFailure;
import dev.howdah.reconcile.claim.ClaimDecisions.Decision;
import dev.howdah.reconcile.claim.ClaimOutcome.Later;
import dev.howdah.reconcile.claim.ClaimOutcome.News;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.claim.ClaimSubjects.Found;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.fleet.Unusable;
import dev.howdah.reconcile.guard.Findings;
import io.fabric8.kubernetes.api.model.Namespace;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A claim's way: its class, the verdict, its server, and then the work there. Every stop says why. */
final class ClaimFlow {
    static final Duration LOOK_AGAIN = Duration.ofMinutes(1);
    static final Duration SOMEBODY_ACTS = Duration.ofMinutes(10);
    static final Duration MOMENT = Duration.ofSeconds(2);

    private final Fleet fleet;
    private final ClaimSubjects subjects;
    private final ClaimDecisions decisions;
    private final Findings findings;
    private final ClaimProvisioning provisioning;
    private final StorageBudget budget;
    private final Whereabouts whereabouts;
    private final Failures failures;
    private final MovingFigures figures = new MovingFigures();
    private final InstantSource clock;

    ClaimFlow(
            Fleet fleet,
            ClaimSubjects subjects,
            ClaimDecisions decisions,
            Findings findings,
            ClaimProvisioning provisioning,
            Failures failures,
            InstantSource clock) {
        this.fleet = fleet;
        this.subjects = subjects;
        this.findings = findings;
        this.decisions = decisions;
        this.provisioning = provisioning;
        this.failures = failures;
        this.clock = clock;
        this.budget = new StorageBudget(clock);
        this.whereabouts = new Whereabouts(fleet);
    }

    /**
     * Takes a claim as far as it goes.
     *
     * @param namespace as cached
     * @param namespaceNow asks the API server, for the moment before data changes hands
     */
    ClaimOutcome run(
            DatabaseClaim claim,
            Optional<Namespace> namespace,
            Supplier<Optional<Namespace>> namespaceNow,
            Collection<DatabaseClass> classes,
            ClaimSecrets secrets) {
        if (namespace.isEmpty()) {
            return new Later(MOMENT);
        }
        if (Howdah.isPaused(claim)) {
            return paused(claim, subjects.find(claim, namespace.get(), classes));
        }
        if (namespace.get().getMetadata().getDeletionTimestamp() != null) {
            // The claim goes with it, and nothing can be made there any more.
            notJudged(claim);
            return new Later(LOOK_AGAIN);
        }
        var identity = identity(claim, namespace.get());
        var row = fleet.home(identity).map(Fleet.Home::row).orElse(null);
        if (row != null
                && !row.identity().uid().equals(identity.uid())
                && namespaceNow
                        .get()
                        .filter(now -> identity(claim, now).equals(identity))
                        .isEmpty()) {
            return new Later(MOMENT);
        }
        if (row == null && !fleet.visited()) {
            // The claim may live on a server that was not asked yet; that takes a moment after a start.
            fleet.waits(ResourceID.fromResource(claim));
            return new Later(MOMENT);
        }
        return switch (subjects.find(claim, namespace.get(), classes)) {
            case Found.WithoutClass(var violation) -> {
                notJudged(claim);
                fleet.release(identity.uid());
                yield refused(List.of(violation));
            }
            case Found.Judgeable found -> {
                var elsewhere = whereabouts.elsewhere(claim, found.home());
                if (elsewhere != null) {
                    findings.recordTargets(ResourceID.fromResource(claim), found.subject(), false);
                    yield elsewhere;
                }
                yield withHome(decided(claim, found, namespace.get(), classes, secrets), found);
            }
        };
    }

    void forget(DatabaseClaim claim) {
        figures.forget(claim.getMetadata().getUid());
    }

    private void notJudged(DatabaseClaim claim) {
        findings.recordNothing(
                ResourceID.fromResource(claim), subjects.guardrails().rulebook());
    }

    /** Where it lives is said whatever else is. */
    private static ClaimOutcome withHome(ClaimOutcome outcome, Found.Judgeable found) {
        var home = found.home();
        return home != null
                        && home.row().identity().uid().equals(found.identity().uid())
                        && outcome instanceof Told told
                        && told.home() == null
                ? told.withHome(ClaimProvisioning.home(home.member(), home.row()))
                : outcome;
    }

    private ClaimOutcome decided(
            DatabaseClaim claim,
            Found.Judgeable found,
            Namespace namespace,
            Collection<DatabaseClass> classes,
            ClaimSecrets secrets) {
        var lost = found.home() == null ? whereabouts.lost(claim) : null;
        if (lost != null) {
            findings.recordTargets(ResourceID.fromResource(claim), found.subject(), false);
            return lost;
        }
        var decision = decisions.decide(claim, found, namespace, classes);
        subjects.homeless(claim, decision instanceof Decision.Nowhere);
        var outcome = carriedOut(claim, found, decision, secrets);
        if (decision instanceof Decision.Refused no
                && no.violations().stream().anyMatch(violation -> violation.reason() == Reason.QuotaExceeded)) {
            // Room may come by a deletion that sends this claim no event.
            fleet.waits(ResourceID.fromResource(claim));
        }
        var compliance = decision.compliance();
        return outcome instanceof Told told && compliance != null ? told.with(compliance) : outcome;
    }

    /** What came of it, also where a server failed: what the policies say of a claim is said all the same. */
    private ClaimOutcome carriedOut(
            DatabaseClaim claim, Found.Judgeable found, Decision decision, ClaimSecrets secrets) {
        try {
            var outcome = carryOut(claim, found, decision, secrets);
            failures.over(ResourceID.fromResource(claim));
            return outcome;
        } catch (SqlFailure e) {
            return failures.outcome(claim, e);
        } catch (ServerRefused e) {
            return failures.outcome(claim, e);
        }
    }

    private ClaimOutcome carryOut(DatabaseClaim claim, Found.Judgeable found, Decision decision, ClaimSecrets secrets) {
        return switch (decision) {
            case Decision.Unsure unsure -> {
                fleet.waits(ResourceID.fromResource(claim));
                var told = ClaimOutcome.told(Standing.Waiting, Reason.LedgerUnreadable, unsure.message(), LOOK_AGAIN);
                yield runs(found) ? goesOn(claim, found, null, told, secrets) : told;
            }
            case Decision.Nowhere(var nowhere, var compliance) -> {
                fleet.waits(ResourceID.fromResource(claim));
                yield nowhere.refused()
                        ? ClaimOutcome.told(Standing.Refused, nowhere.reason(), nowhere.message(), SOMEBODY_ACTS)
                        : ClaimOutcome.told(
                                Standing.Waiting,
                                nowhere.reason(),
                                figures.tell(
                                        found.identity().uid(), nowhere.message(), nowhere.lasting(), clock.instant()),
                                LOOK_AGAIN);
            }
            case Decision.Refused refused -> refused(claim, found, refused, secrets);
            case Decision.Agreed agreed -> at(claim, found, agreed, secrets);
        };
    }

    /** What runs goes on as last accepted: its Secrets are kept, and what policies set reaches it. */
    private ClaimOutcome refused(
            DatabaseClaim claim, Found.Judgeable found, Decision.Refused refused, ClaimSecrets secrets) {
        var told = refused(refused.violations());
        if (refused.running() == null || !runs(found)) {
            return told;
        }
        return switch (at(claim, found, refused.running(), secrets)) {
            case Later(var again) -> told.sooner(again);
            case Told running ->
                running.but(told.standing(), told.reason(), told.message())
                        .withoutNewsOf(Reason.StorageBudgetExceeded)
                        .sooner(told.again());
        };
    }

    /** Whether it has its database, and not only a claim to one. */
    private static boolean runs(Found.Judgeable found) {
        var row = found.row();
        return row != null
                && row.state() == State.Active
                && row.identity().uid().equals(found.identity().uid());
    }

    /** What can be said before the server is asked, and then the work there. */
    private ClaimOutcome at(DatabaseClaim claim, Found.Judgeable found, Decision.Agreed agreed, ClaimSecrets secrets) {
        fleet.waits(ResourceID.fromResource(claim));
        var home = found.home();
        var row = found.row();
        var member = home == null ? Objects.requireNonNull(agreed.chosen()) : home.member();
        if (member.state() instanceof Member.State.Refused) {
            var unusable = Unusable.of(member);
            return ClaimOutcome.told(
                    runs(found) ? Standing.OutOfSight : Standing.Waiting,
                    Reason.ServerUnavailable,
                    "%s; the claim goes on by itself when %s".formatted(unusable.what(), unusable.until()),
                    LOOK_AGAIN);
        }
        var open = member.open().orElse(null);
        if (open == null) {
            return new Later(MOMENT);
        }
        var lacks = row == null ? List.<Room.Part>of() : fleet.keepGrowth(member, row, agreed.claim());
        if (row != null && !lacks.isEmpty()) {
            var message = figures.tell(
                    found.identity().uid(),
                    noGrowth(member, row, agreed.claim(), Room.left(lacks)),
                    noGrowth(member, row, agreed.claim(), Room.lasting(lacks)),
                    clock.instant());
            var told = ClaimOutcome.told(Standing.Waiting, Reason.NoCapacity, message, LOOK_AGAIN);
            return goesOn(claim, found, agreed.claim(), told, secrets);
        }
        fleet.settled(ResourceID.fromResource(claim));
        forget(claim);
        var note = agreed.classGone() == null
                ? null
                : new News(
                        Reason.ClassNotFound,
                        "class \"%s\" is gone; the database runs on as last accepted".formatted(agreed.classGone()));
        var outcome = provisioning.provision(
                new ClaimProvisioning.Order(
                        claim,
                        found.identity(),
                        member,
                        open,
                        row,
                        agreed.claim(),
                        agreed.terms(),
                        agreed.grounds(),
                        agreed.generation(),
                        note,
                        home == null ? Handover.Never : fleet.handover(home, found.identity(), clock.instant()),
                        fleet.adoption(found.identity()).orElse(null)),
                secrets);
        return outcome instanceof Told told
                ? DriftCare.judged(
                        budget.watch(claim, told, member, agreed),
                        member,
                        found.identity().uid())
                : outcome;
    }

    private static String noGrowth(Member member, LedgerClaim row, EffectiveClaim claim, String lacks) {
        return "server \"%s\" has no room for %d connections and %s of storage instead of %d and %s (%s); the database runs on as it was. Ask for less, or ask a DBA for room"
                .formatted(
                        member.name(),
                        claim.connections(),
                        StorageText.format(claim.storage()),
                        row.connections(),
                        StorageText.format(row.storage()),
                        lacks);
    }

    /** What was last accepted is kept up while more cannot be had. */
    private ClaimOutcome goesOn(
            DatabaseClaim claim,
            Found.Judgeable found,
            @Nullable EffectiveClaim asked,
            Told told,
            ClaimSecrets secrets) {
        var accepted = found.accepted();
        var running = accepted == null ? null : ClaimDecisions.running(found, accepted);
        if (running == null || running.claim().equals(asked)) {
            return told;
        }
        var outcome = at(claim, found, running, secrets);
        fleet.waits(ResourceID.fromResource(claim));
        return outcome instanceof Told kept
                ? kept.but(told.standing(), told.reason(), told.message())
                        .withoutNewsOf(Reason.StorageBudgetExceeded)
                        .sooner(told.again())
                : told;
    }

    /** Policies do not reach it, and say so: it is one of those they are for. */
    private Told paused(DatabaseClaim claim, Found found) {
        if (!fleet.visited()) {
            // Its class may be known by a ledger that was not read yet.
            fleet.waits(ResourceID.fromResource(claim));
        }
        if (found instanceof Found.Judgeable judgeable) {
            findings.recordTargets(ResourceID.fromResource(claim), judgeable.subject(), true);
        } else {
            notJudged(claim);
        }
        return ClaimOutcome.told(
                Standing.Paused,
                Reason.Paused,
                "nothing is done for this claim while it carries %s=\"true\"".formatted(Howdah.PAUSED),
                Duration.ofDays(1));
    }

    private static Told refused(List<Violation> violations) {
        return ClaimOutcome.told(
                Standing.Refused,
                violations.getFirst().reason(),
                violations.stream().map(Violation::message).collect(Collectors.joining("; ")),
                SOMEBODY_ACTS);
    }

    static DatabaseClaimSpec spec(DatabaseClaim claim) {
        return claim.getSpec() == null ? DatabaseClaimSpec.EMPTY : claim.getSpec();
    }

    static ClaimIdentity identity(DatabaseClaim claim, Namespace namespace) {
        var meta = claim.getMetadata();
        return new ClaimIdentity(
                meta.getUid(), meta.getNamespace(), namespace.getMetadata().getUid(), meta.getName());
    }

    static ClaimNames names(ClaimIdentity identity) {
        return ClaimNames.of(identity.namespace(), identity.name());
    }
}

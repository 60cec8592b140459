// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.ClaimReview;
import dev.howdah.policy.ClassChoice;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.ExtensionReview;
import dev.howdah.policy.Placement;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.Violation;
import dev.howdah.reconcile.claim.ClaimOutcome.Later;
import dev.howdah.reconcile.claim.ClaimOutcome.News;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.status.Annotations;
import io.fabric8.kubernetes.api.model.Namespace;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A claim's way: its class, the verdict, its server, and then the work there. Every stop says why. */
final class ClaimFlow {
    static final Duration LOOK_AGAIN = Duration.ofMinutes(1);
    static final Duration SOMEBODY_ACTS = Duration.ofMinutes(10);
    private static final Duration MOMENT = Duration.ofSeconds(2);

    private final Fleet fleet;
    private final ClaimProvisioning provisioning;

    ClaimFlow(Fleet fleet, ClaimProvisioning provisioning) {
        this.fleet = fleet;
        this.provisioning = provisioning;
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
        if (Annotations.paused(claim)) {
            return paused(claim);
        }
        if (namespace.isEmpty()) {
            return new Later(MOMENT);
        }
        if (namespace.get().getMetadata().getDeletionTimestamp() != null) {
            // The claim goes with it, and nothing can be made there any more.
            return new Later(LOOK_AGAIN);
        }
        var identity = identity(claim, namespace.get());
        var home = fleet.home(identity).orElse(null);
        var row = home == null ? null : home.row();
        if (row != null
                && !row.identity().uid().equals(identity.uid())
                && namespaceNow
                        .get()
                        .filter(now -> identity(claim, now).equals(identity))
                        .isEmpty()) {
            return new Later(MOMENT);
        }
        var accepted = row == null || !sameNamespace(row, identity) ? null : row.accepted();
        var outcome = home == null || accepted == null
                ? unbound(claim, identity, home, namespace.get(), classes, secrets)
                : bound(claim, identity, home, accepted, classes, secrets);
        if (home == null && outcome instanceof Told told && told.standing() == Standing.Refused) {
            fleet.release(identity.uid());
        }
        return home != null
                        && home.row().identity().uid().equals(identity.uid())
                        && outcome instanceof Told told
                        && told.home() == null
                ? told.withHome(ClaimProvisioning.home(home.member(), home.row()))
                : outcome;
    }

    /** A claim that has run before goes by the terms of its binding. */
    private ClaimOutcome bound(
            DatabaseClaim claim,
            ClaimIdentity identity,
            Fleet.Home home,
            Accepted accepted,
            Collection<DatabaseClass> classes,
            ClaimSecrets secrets) {
        var spec = spec(claim);
        var verdict = ClaimReview.review(
                new ClaimReview.Subject(identity.namespace(), identity.name(), spec, accepted.terms(), accepted));
        if (verdict instanceof Verdict.Denied denied) {
            return refused(denied.violations());
        }
        var effective = ((Verdict.Admitted) verdict).claim();
        var className = accepted.claim().className();
        var classGone =
                classes.stream().noneMatch(c -> c.getMetadata().getName().equals(className));
        if (classGone && !effective.equals(accepted.claim())) {
            return refused(List.of(new Violation(
                    Reason.ClassNotFound,
                    "spec.className",
                    "class \"%s\" is gone, so this change cannot be agreed to; the database runs on as it was. Undo the change, or ask a DBA for the class"
                            .formatted(className))));
        }
        var note = classGone
                ? new News(
                        Reason.ClassNotFound,
                        "class \"%s\" is gone; the database runs on as last accepted".formatted(className))
                : null;
        return at(claim, identity, home.member(), home.row(), effective, accepted.terms(), note, secrets);
    }

    private ClaimOutcome unbound(
            DatabaseClaim claim,
            ClaimIdentity identity,
            Fleet.@Nullable Home home,
            Namespace namespace,
            Collection<DatabaseClass> classes,
            ClaimSecrets secrets) {
        if (home == null && !fleet.visited()) {
            // The claim may live on a server that was not asked yet; that takes a moment after a start.
            fleet.waits(ResourceID.fromResource(claim));
            return new Later(MOMENT);
        }
        var choice = ClassChoice.choose(spec(claim).className(), classes);
        if (choice instanceof ClassChoice.None none) {
            return refused(List.of(new Violation(none.reason(), "spec.className", none.message())));
        }
        var databaseClass = ((ClassChoice.Chosen) choice).databaseClass();
        var terms = ClassTerms.of(databaseClass);
        var verdict = ClaimReview.review(
                new ClaimReview.Subject(identity.namespace(), identity.name(), spec(claim), terms, null));
        if (verdict instanceof Verdict.Denied denied) {
            return refused(denied.violations());
        }
        var effective = ((Verdict.Admitted) verdict).claim();
        if (home != null) {
            return at(claim, identity, home.member(), home.row(), effective, terms, null, secrets);
        }
        var lost = lost(claim);
        if (lost != null) {
            return lost;
        }
        var candidates = fleet.selectedBy(databaseClass.getSpec().serverSelector());
        var placed = fleet.place(
                identity, effective, candidates, namespace.getMetadata().getLabels());
        return switch (placed) {
            case Placement.Outcome.Chosen chosen ->
                fleet.member(chosen.server())
                        .map(member -> at(claim, identity, member, null, effective, terms, null, secrets))
                        .orElseGet(() -> new Later(MOMENT));
            case Placement.Outcome.Nowhere nowhere -> {
                fleet.waits(ResourceID.fromResource(claim));
                yield nowhere.refused()
                        ? ClaimOutcome.told(Standing.Refused, nowhere.reason(), nowhere.message(), SOMEBODY_ACTS)
                        : ClaimOutcome.told(Standing.Waiting, nowhere.reason(), nowhere.message(), LOOK_AGAIN);
            }
        };
    }

    /** A claim whose status names a database that no ledger knows is not given an empty one in silence. */
    private @Nullable ClaimOutcome lost(DatabaseClaim claim) {
        var database = claim.getStatus() == null ? null : claim.getStatus().database();
        var unread = fleet.members().stream()
                .filter(member -> !member.ledgerKnown())
                .map(Member::name)
                .sorted()
                .collect(Collectors.joining(", "));
        var accepted = unread.isEmpty()
                && Annotations.get(claim, Howdah.ACCEPT_LOSS)
                        .filter(consent -> consent.equals(database))
                        .isPresent();
        if (database == null || accepted) {
            return null;
        }
        fleet.waits(ResourceID.fromResource(claim));
        return unread.isEmpty()
                ? ClaimOutcome.told(
                        Standing.Conflict,
                        Reason.DatabaseMissing,
                        "this claim had the database \"%s\" and no ledger knows of it any more: its server was given up or is not published now. It heals when that server is back; to go on with an empty database instead, annotate the claim with %s=%s"
                                .formatted(database, Howdah.ACCEPT_LOSS, database),
                        LOOK_AGAIN)
                : ClaimOutcome.told(
                        Standing.OutOfSight,
                        Reason.LedgerUnreadable,
                        "the ledger of %s cannot be read, so it is not known where this claim's database is"
                                .formatted(unread),
                        LOOK_AGAIN);
    }

    /** What can be said before the server is asked, and then the work there. */
    private ClaimOutcome at(
            DatabaseClaim claim,
            ClaimIdentity identity,
            Member member,
            @Nullable LedgerClaim row,
            EffectiveClaim effective,
            ClassTerms terms,
            @Nullable News note,
            ClaimSecrets secrets) {
        fleet.waits(ResourceID.fromResource(claim));
        if (member.state() instanceof Member.State.Refused refused) {
            var ran = row != null
                    && row.state() == State.Active
                    && row.identity().uid().equals(identity.uid());
            return ClaimOutcome.told(
                    ran ? Standing.OutOfSight : Standing.Waiting,
                    Reason.ServerUnavailable,
                    "server \"%s\" cannot be used now (%s); the claim goes on by itself when it can"
                            .formatted(member.name(), refused.reason()),
                    LOOK_AGAIN);
        }
        var open = member.open().orElse(null);
        if (open == null) {
            return new Later(MOMENT);
        }
        var before = row == null ? null : row.accepted();
        if (before == null || !before.claim().extensions().equals(effective.extensions())) {
            var faults = ExtensionReview.review(
                    effective.extensions(), member.name(), open.server().facts().extensions());
            if (!faults.isEmpty()) {
                return refused(faults);
            }
        }
        if (row != null && !fleet.mayGrow(member, row, effective)) {
            return ClaimOutcome.told(
                    Standing.Waiting,
                    Reason.NoCapacity,
                    "`spec.connections`: server \"%s\" has no room for %d instead of %d; the database runs on as it was. Ask for fewer, or ask a DBA for room"
                            .formatted(member.name(), effective.connections(), row.connections()),
                    LOOK_AGAIN);
        }
        fleet.settled(ResourceID.fromResource(claim));
        return provisioning.provision(
                new ClaimProvisioning.Order(claim, identity, member, open, row, effective, terms, note), secrets);
    }

    private Told paused(DatabaseClaim claim) {
        return new Told(
                Standing.Paused,
                Reason.Paused,
                "nothing is done for this claim while it carries %s=\"true\"".formatted(Howdah.PAUSED),
                null,
                Duration.ofDays(1),
                null,
                null);
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

    private static boolean sameNamespace(LedgerClaim row, ClaimIdentity identity) {
        return row.identity().namespaceUid().equals(identity.namespaceUid());
    }

    static ClaimNames names(ClaimIdentity identity) {
        return ClaimNames.of(identity.namespace(), identity.name());
    }
}

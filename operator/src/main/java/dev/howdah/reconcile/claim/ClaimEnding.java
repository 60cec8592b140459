// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedBecause;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Retirement;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.DurationText;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.merge.Applied;
import dev.howdah.policy.review.ClaimReview;
import dev.howdah.postgres.ClaimWork;
import dev.howdah.reconcile.Settings;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.claim.ClaimOutcome.Told;
import dev.howdah.reconcile.claim.ClaimSubjects.Found;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.fleet.Unusable;
import io.fabric8.kubernetes.api.model.Namespace;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The end of a claim: its logins are closed, its Secrets go, its database stays until its time has come. */
final class ClaimEnding {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

    private final Fleet fleet;
    private final ClaimSubjects subjects;
    private final Signals signals;
    private final Settings settings;
    private final Clock clock;

    ClaimEnding(Fleet fleet, ClaimSubjects subjects, Signals signals, Settings settings, Clock clock) {
        this.fleet = fleet;
        this.subjects = subjects;
        this.signals = signals;
        this.settings = settings;
        this.clock = clock;
    }

    /** What became of it. */
    sealed interface Result {
        /** The finalizer may go. */
        record Done(@Nullable String news) implements Result {}

        record Wait(Duration again, @Nullable Told told) implements Result {}
    }

    Result end(
            DatabaseClaim claim,
            Optional<Namespace> namespace,
            Collection<DatabaseClass> classes,
            ClaimSecrets secrets) {
        var uid = claim.getMetadata().getUid();
        var home = fleet.home(uid).orElse(null);
        if (home == null) {
            return withoutRow(claim, secrets);
        }
        var row = home.row();
        if (row.state() == State.Dropping) {
            secrets.deleteAll();
            return new Result.Done(null);
        }
        var open = home.member().open().orElse(null);
        if (open == null) {
            var unusable = Unusable.of(home.member());
            return unreachable(
                    claim,
                    Reason.ServerUnavailable,
                    unusable.what() + "; the logins cannot be closed yet",
                    unusable.until(),
                    secrets);
        }
        var names = new ClaimNames(row.database());
        var begun = open.server().tryBegin(row.identity(), names);
        if (begun.isEmpty()) {
            home.member().parking().park(ResourceID.fromResource(claim));
            begun = open.server().tryBegin(row.identity(), names);
        }
        if (begun.isEmpty()) {
            return new Result.Wait(LOOK_AGAIN, null);
        }
        try (var work = begun.get()) {
            return retain(work, claim, home.member(), row, dropAfter(claim, row, namespace, classes), secrets);
        } finally {
            fleet.placeFree(home.member());
        }
    }

    private Result retain(
            ClaimWork work,
            DatabaseClaim claim,
            Member member,
            LedgerClaim row,
            @Nullable Duration dropAfter,
            ClaimSecrets secrets) {
        var observed = work.observe(row.roles());
        var now = observed.row();
        if (now != null && now.identity().uid().equals(row.identity().uid())) {
            work.run(Retirement.retain(now, observed, dropAfter));
            member.wrote(now.retained(clock.instant(), RetainedBecause.ClaimDeleted, dropAfter));
        } else {
            member.forgot(row.identity().uid());
        }
        secrets.deleteAll();
        var accepted = row.accepted();
        fleet.usageChanged(member, accepted == null ? null : accepted.claim().className());
        if (dropAfter != null) {
            signals.visit(member.name());
        }
        return new Result.Done(
                dropAfter == null
                        ? "logins closed; database \"%s\" is kept on server \"%s\""
                                .formatted(row.database(), member.name())
                        : "logins closed; database \"%s\" on server \"%s\" is dropped in %s"
                                .formatted(row.database(), member.name(), DurationText.format(dropAfter)));
    }

    private Result withoutRow(DatabaseClaim claim, ClaimSecrets secrets) {
        var unread = fleet.unread();
        if (!fleet.visited()) {
            return new Result.Wait(MOMENT, null);
        }
        var host = ClaimSubjects.lastHost(claim);
        var mayBeHidden = host == null ? neverSettled(claim) && !unread.isEmpty() : unread.contains(host);
        if (mayBeHidden) {
            return unreachable(
                    claim,
                    Reason.LedgerUnreadable,
                    Unusable.ledgers(fleet, unread) + ", so it is not known whether this claim has a database there",
                    "it can be read",
                    secrets);
        }
        fleet.release(claim.getMetadata().getUid());
        secrets.deleteAll();
        return new Result.Done(null);
    }

    /** Work may have been under way for it that its status does not tell yet. */
    private static boolean neverSettled(DatabaseClaim claim) {
        return claim.getStatus() == null || claim.getStatus().observedGeneration() == null;
    }

    /** After a while a server that does not answer no longer holds the claim: its row then counts as retained. */
    private Result unreachable(DatabaseClaim claim, Reason reason, String message, String until, ClaimSecrets secrets) {
        var deleted = Instant.parse(claim.getMetadata().getDeletionTimestamp());
        var without = deleted.plus(settings.unreachableGrace());
        var left = Duration.between(clock.instant(), without);
        if (left.isNegative() || left.isZero()) {
            secrets.deleteAll();
            return new Result.Done(leftOpen());
        }
        var told = ClaimOutcome.told(
                Standing.Waiting,
                reason,
                "%s; the deletion goes on by itself when %s, and without it at %s".formatted(message, until, without),
                LOOK_AGAIN);
        return new Result.Wait(left.compareTo(LOOK_AGAIN) < 0 ? left.plusMillis(100) : LOOK_AGAIN, told);
    }

    /** Its row stays as it is: nobody can write it now, and whoever closes it later knows no more than that the claim is gone. */
    private String leftOpen() {
        return "the server could not be used; whatever this claim has there is kept for good, deletionPolicy Delete is not carried out. Its logins are open until the server is back and the claim is gone for %s (of many such claims at once: until a DBA agrees, see OrphanStorm); to have the database dropped, apply the claim again then and delete it"
                .formatted(DurationText.format(settings.orphanGrace()));
    }

    private @Nullable Duration dropAfter(
            DatabaseClaim claim, LedgerClaim row, Optional<Namespace> namespace, Collection<DatabaseClass> classes) {
        var accepted = row.accepted();
        if (policy(claim, row, namespace, classes) != DeletionPolicy.Delete) {
            return null;
        }
        var className = accepted == null
                ? ClaimFlow.spec(claim).className()
                : accepted.claim().className();
        return classes.stream()
                .filter(c -> c.getMetadata().getName().equals(className))
                .findFirst()
                .map(ClassTerms::retainFor)
                .orElse(
                        accepted == null
                                ? ClassTerms.DEFAULT_RETAIN_FOR
                                : accepted.terms().retainFor());
    }

    /** What the spec says now, if it is agreed to; else what it and what was last accepted both say. */
    private DeletionPolicy policy(
            DatabaseClaim claim, LedgerClaim row, Optional<Namespace> namespace, Collection<DatabaseClass> classes) {
        var found = namespace.map(ns -> subjects.find(claim, ns, classes));
        if (found.isEmpty() || !(found.get() instanceof Found.Judgeable judgeable)) {
            return keepsAnywhere() ? DeletionPolicy.Retain : agreedTwice(claim, row.accepted());
        }
        var review = ClaimReview.review(judgeable.subject().with(subjects.charges(judgeable)));
        // The more retaining wins: also over a Delete that was agreed to before the policy came.
        var kept = review.merged().policies().stream()
                .filter(Applied::enforces)
                .map(applied -> applied.limits().deletionPolicies())
                .anyMatch(ClaimEnding::keeps);
        if (kept) {
            return DeletionPolicy.Retain;
        }
        return review.verdict() instanceof Verdict.Admitted admitted
                        && ClaimDecisions.refusal(judgeable, review).isEmpty()
                ? admitted.claim().deletionPolicy()
                : agreedTwice(claim, judgeable.accepted());
    }

    /**
     * For a spec that nobody agreed to. One that no longer says Delete may have been meant to keep the database, and what
     * a class would make of its silence is not known. In doubt the database is kept.
     */
    private static DeletionPolicy agreedTwice(DatabaseClaim claim, @Nullable Accepted accepted) {
        if (accepted == null) {
            return DeletionPolicy.Retain;
        }
        var spec = ClaimFlow.spec(claim);
        return spec.equals(accepted.grounds().spec()) || spec.deletionPolicy() == DeletionPolicy.Delete
                ? accepted.claim().deletionPolicy()
                : DeletionPolicy.Retain;
    }

    private boolean keepsAnywhere() {
        return subjects.guardrails().rulebook().policies().stream()
                .anyMatch(policy -> policy.enforces() && keeps(policy.limits().deletionPolicies()));
    }

    private static boolean keeps(@Nullable Set<DeletionPolicy> allowed) {
        return allowed != null && !allowed.contains(DeletionPolicy.Delete);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.Placement;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.review.ClaimReview;
import dev.howdah.policy.review.QuotaLine;
import dev.howdah.policy.review.Review;
import dev.howdah.reconcile.claim.ClaimOutcome.Compliance;
import dev.howdah.reconcile.claim.ClaimSubjects.Found;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.fleet.Unusable;
import dev.howdah.reconcile.guard.Findings;
import dev.howdah.reconcile.status.Generations;
import io.fabric8.kubernetes.api.model.Namespace;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides about a claim before anything is done for it: agreed to or not, and where. */
final class ClaimDecisions {
    private final Fleet fleet;
    private final ClaimSubjects subjects;
    private final Findings findings;

    ClaimDecisions(Fleet fleet, ClaimSubjects subjects, Findings findings) {
        this.fleet = fleet;
        this.subjects = subjects;
        this.findings = findings;
    }

    /** What is decided. */
    sealed interface Decision {
        /** {@code null} where the policies were not asked. */
        @Nullable
        Compliance compliance();

        /**
         * Not agreed to.
         *
         * @param running what goes on as last accepted, {@code null} when nothing runs
         */
        record Refused(
                List<Violation> violations,
                Compliance compliance,
                @Nullable Agreed running) implements Decision {}

        /** Agreed to, and no server for it now. */
        record Nowhere(
                Placement.Outcome.Nowhere why, @Nullable Compliance compliance) implements Decision {}

        /** Agreed to but for its quota: it is not known yet what the namespace takes. */
        record Unsure(String message, Compliance compliance) implements Decision {}

        /**
         * Agreed to.
         *
         * @param chosen the server of a claim without a row, {@code null} for one that has one
         * @param generation of the spec that is agreed to
         * @param classGone the class of a bound claim that is no longer there, else {@code null}
         * @param changesAt when time alone may change this
         */
        record Agreed(
                @Nullable Member chosen,
                EffectiveClaim claim,
                ClassTerms terms,
                Accepted.Grounds grounds,
                long generation,
                @Nullable String classGone,
                Compliance compliance,
                @Nullable Instant changesAt)
                implements Decision {}
    }

    /** Decides, and keeps the room a claim was promised. What is found is told to those who tell of policies. */
    Decision decide(
            DatabaseClaim claim, Found.Judgeable found, Namespace namespace, Collection<DatabaseClass> classes) {
        return subjects.guardrails().inLine(found.identity().namespace(), () -> {
            var uncounted = uncounted(found);
            var review = uncounted == null ? review(claim, found, namespace, classes) : withoutQuotas(found);
            findings.record(ResourceID.fromResource(claim), found.subject().rulebook(), review);
            if (uncounted != null && refusal(found, review).isEmpty()) {
                return new Decision.Unsure(uncounted, compliance(review, found.accepted()));
            }
            return found.home() == null ? unbound(claim, found, review, namespace) : bound(claim, found, review);
        });
    }

    /** Judges without keeping anything. */
    Review review(DatabaseClaim claim, Found.Judgeable found, Namespace namespace, Collection<DatabaseClass> classes) {
        var accepted = found.accepted();
        var asks = accepted == null
                || !accepted.grounds().spec().equals(found.subject().spec());
        var alone = ClaimReview.review(found.subject().with(subjects.charges(found)));
        // Who is refused alone is refused behind others too; most of a long line need not be looked through.
        if (!asks || !QuotaLine.matters(found.subject()) || alone.verdict() instanceof Verdict.Denied) {
            return alone;
        }
        // The charges are read after the line: whoever leaves the line meanwhile is charged, or is counted as both.
        var before = subjects.before(claim, found, namespace, classes);
        return QuotaLine.review(found.subject().with(subjects.charges(found)), before);
    }

    private static Review withoutQuotas(Found.Judgeable found) {
        return ClaimReview.review(
                found.subject().under(found.subject().rulebook().withoutQuotas()));
    }

    /** Why its quota cannot be counted: a ledger has never been read. {@code null} where it can, or none has a say. */
    @Nullable
    String uncounted(Found.Judgeable found) {
        var unread = fleet.unread();
        return !asksForMore(found) || unread.isEmpty() || !QuotaLine.matters(found.subject())
                ? null
                : "%s, so it is not known what namespace \"%s\" takes of its quota; nothing new is made there until it can, see `kubectl get pgserver`"
                        .formatted(
                                Unusable.ledgers(fleet, unread),
                                found.identity().namespace());
    }

    private static boolean asksForMore(Found.Judgeable found) {
        var accepted = found.accepted();
        if (accepted == null) {
            return true;
        }
        var before = accepted.grounds().spec();
        var now = found.subject().spec();
        return !Objects.equals(before.storage(), now.storage())
                || !Objects.equals(before.connections(), now.connections());
    }

    private Decision bound(DatabaseClaim claim, Found.Judgeable found, Review review) {
        var accepted = found.accepted();
        var compliance = compliance(review, accepted);
        var refusal = refusal(found, review);
        if (!refusal.isEmpty()) {
            return new Decision.Refused(refusal, compliance, accepted == null ? null : running(found, accepted));
        }
        var agreed = agreed(null, found, found.subject(), review, Generations.of(claim), compliance);
        var home = found.home();
        if (home != null) {
            // Room it grows into is kept before the next in line is asked.
            fleet.keepGrowth(home.member(), home.row(), agreed.claim());
        }
        return agreed;
    }

    /** Why a spec is refused; empty when it is agreed to. A class that is gone agrees to no change. */
    static List<Violation> refusal(Found.Judgeable found, Review review) {
        if (review.verdict() instanceof Verdict.Denied(var violations)) {
            return violations;
        }
        var accepted = found.accepted();
        var gone = found.classGone();
        return accepted != null
                        && gone != null
                        && !accepted.grounds().spec().equals(found.subject().spec())
                ? List.of(ClaimSubjects.classIsGone(gone))
                : List.of();
    }

    /** What was last accepted, under the policies of now: what they set reaches it, what they limit does not. */
    static Decision.@Nullable Agreed running(Found.Judgeable found, Accepted accepted) {
        var before = found.subject().with(accepted.grounds().spec());
        var review = ClaimReview.review(before);
        return review.verdict() instanceof Verdict.Admitted
                ? agreed(null, found, before, review, accepted.generation(), compliance(review, accepted))
                : null;
    }

    private Decision unbound(DatabaseClaim claim, Found.Judgeable found, Review review, Namespace namespace) {
        var compliance = compliance(review, null);
        if (review.verdict() instanceof Verdict.Denied(var violations)) {
            fleet.release(found.identity().uid());
            return new Decision.Refused(violations, compliance, null);
        }
        var effective = ((Verdict.Admitted) review.verdict()).claim();
        // A database that is there already is where it is; whose claims a server takes otherwise does not matter then.
        var offer = fleet.adoption(found.identity());
        var placed = offer.isPresent()
                ? fleet.placeAdopted(
                        found.identity(),
                        effective,
                        review.merged().listedExtensions(),
                        offer.get().member())
                : fleet.place(
                        found.identity(),
                        effective,
                        review.merged().listedExtensions(),
                        fleet.selectedBy(Objects.requireNonNull(found.offered())
                                .getSpec()
                                .serverSelector()),
                        namespace.getMetadata().getLabels());
        return switch (placed) {
            case Placement.Outcome.Nowhere nowhere -> new Decision.Nowhere(nowhere, compliance);
            case Placement.Outcome.Chosen(var server) -> there(claim, found, server);
        };
    }

    /** A server may not be able to do what the policies let through. */
    private Decision there(DatabaseClaim claim, Found.Judgeable found, String server) {
        var member = fleet.member(server);
        var traits = member.flatMap(Member::traits);
        if (traits.isEmpty()) {
            return new Decision.Nowhere(
                    new Placement.Outcome.Nowhere(
                            Reason.ServerUnavailable, "server \"%s\" has just gone away".formatted(server), false),
                    null);
        }
        var subject = found.subject().with(subjects.charges(found)).on(traits.get());
        var review = ClaimReview.review(subject);
        findings.record(ResourceID.fromResource(claim), subject.rulebook(), review);
        var compliance = compliance(review, null);
        if (review.verdict() instanceof Verdict.Denied(var violations)) {
            fleet.release(found.identity().uid());
            return new Decision.Refused(violations, compliance, null);
        }
        return agreed(member.get(), found, subject, review, Generations.of(claim), compliance);
    }

    private static Decision.Agreed agreed(
            @Nullable Member chosen,
            Found.Judgeable found,
            Subject subject,
            Review review,
            long generation,
            Compliance compliance) {
        var admitted = (Verdict.Admitted) review.verdict();
        return new Decision.Agreed(
                chosen,
                admitted.claim(),
                subject.terms(),
                admitted.grounds(),
                generation,
                found.classGone(),
                compliance,
                review.changesAt());
    }

    /** What would come of a claim that the policies let through, on the server it would get now. */
    Foreseen foresee(Found.Judgeable found, Review review, Namespace namespace) {
        if (found.home() != null
                || fleet.adoption(found.identity()).isPresent()
                || !(review.verdict() instanceof Verdict.Admitted admitted)) {
            return new Foreseen(review, Optional.empty());
        }
        var placed = fleet.wouldPlace(
                admitted.claim(),
                review.merged().listedExtensions(),
                fleet.selectedBy(
                        Objects.requireNonNull(found.offered()).getSpec().serverSelector()),
                namespace.getMetadata().getLabels());
        return switch (placed) {
            case Placement.Outcome.Nowhere nowhere ->
                new Foreseen(
                        review,
                        nowhere.refused()
                                ? Optional.of(Violation.of(nowhere.reason(), "extensions", "", nowhere.message()))
                                : Optional.empty());
            case Placement.Outcome.Chosen(var server) ->
                new Foreseen(
                        fleet.member(server)
                                .flatMap(Member::traits)
                                .map(traits ->
                                        ClaimReview.review(found.subject().on(traits)))
                                .orElse(review),
                        Optional.empty());
        };
    }

    /**
     * The judgement where it would be carried out.
     *
     * @param unplaceable why no server can do what it asks
     */
    record Foreseen(Review review, Optional<Violation> unplaceable) {}

    static Compliance compliance(Review review, @Nullable Accepted accepted) {
        return new Compliance(review.breach(accepted).orElse(null), review.told());
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.plan;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.AdoptionPlan;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerSpec.Adoption;
import dev.howdah.cli.judge.Judged;
import dev.howdah.cli.judge.ServerChoice;
import dev.howdah.cli.output.Finding;
import dev.howdah.cli.plan.PlanAnswer.Outlook;
import dev.howdah.cli.state.Conditions;
import dev.howdah.cli.world.World;
import dev.howdah.policy.Placement;
import dev.howdah.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says what the operator would do for a claim, from the API alone: what it shows of an adoption, what its planner comes to
 * for a database that is still to be made, and where there is one, how the claim's status differs from what it asks for.
 */
final class PlanMaker {
    private final Judged judged;
    private final DatabaseClaim claim;
    private final @Nullable DatabaseClaimStatus status;
    private final World world;
    private final List<String> notes;

    private PlanMaker(Judged judged, World world) {
        this.judged = judged;
        this.claim = judged.claim();
        this.status = claim.getStatus();
        this.world = world;
        this.notes = new ArrayList<>(world.notes());
    }

    static PlanAnswer of(Judged judged, World world) {
        return new PlanMaker(judged, world).answer();
    }

    private PlanAnswer answer() {
        if (Howdah.isPaused(claim)) {
            var would = answer(judged.bound());
            return new PlanAnswer(
                    would.claim(),
                    Outlook.Paused,
                    "nothing is done, it is paused; take the annotation %s away to go on".formatted(Howdah.PAUSED),
                    would.server(),
                    would.database(),
                    null,
                    null,
                    would.steps(),
                    would.refusals(),
                    would.faults(),
                    would.notes());
        }
        return answer(judged.bound());
    }

    private PlanAnswer answer(boolean bound) {
        if (claim.getMetadata().getDeletionTimestamp() != null) {
            return ending();
        }
        if (status != null && status.plan() != null) {
            return adoption(status.plan());
        }
        if (!judged.agreed()) {
            return say(
                    Outlook.Refused,
                    bound ? "refused, what runs goes on as last accepted" : "refused, nothing is made",
                    List.of());
        }
        return bound ? change() : make();
    }

    private PlanAnswer say(Outlook outlook, String says, List<String> steps) {
        return say(outlook, says, server().orElse(null), steps);
    }

    private PlanAnswer say(Outlook outlook, String says, @Nullable String server, List<String> steps) {
        return new PlanAnswer(
                judged.key(),
                outlook,
                says,
                server,
                database(),
                null,
                null,
                steps,
                outlook == Outlook.Refused ? Finding.of(judged.refusals()) : List.of(),
                world.faults(),
                notes);
    }

    private Optional<String> server() {
        return Optional.ofNullable(status)
                .map(DatabaseClaimStatus::server)
                .map(DatabaseClaimStatus.HostingServer::name);
    }

    private @Nullable String database() {
        return status == null ? null : status.database();
    }

    private PlanAnswer ending() {
        return server().isEmpty()
                ? say(Outlook.End, "being deleted; it has no database", List.of())
                : say(Outlook.End, "being deleted", Changes.ending(judged, world));
    }

    private PlanAnswer change() {
        var ready = Conditions.find(status == null ? null : status.conditions(), "Ready");
        var waits = ready.filter(condition -> !condition.status().equals("True"))
                .map(condition -> "%s: %s".formatted(condition.reason(), condition.message()));
        var steps = Changes.of(judged);
        if (waits.isPresent()) {
            return say(Outlook.Wait, waits.get(), steps);
        }
        notes.add("what the operator finds in the database is known to it alone: see the condition InSync");
        return steps.isEmpty()
                ? say(Outlook.Nothing, "nothing to do, all is as it was agreed to", steps)
                : say(Outlook.Change, "what is there changes", steps);
    }

    private PlanAnswer make() {
        var review = Objects.requireNonNull(judged.review());
        var subject = Objects.requireNonNull(judged.subject());
        if (!(review.verdict() instanceof Verdict.Admitted(var effective, var grounds))) {
            throw new IllegalStateException("what is agreed to was admitted");
        }
        kept();
        var steps = NewDatabase.steps(judged, effective, grounds);
        if (world.servers().isEmpty()) {
            notes.add("which server it would be is not told: no PostgresServer is known");
            return say(Outlook.Make, "a database would be made", null, steps);
        }
        return switch (ServerChoice.of(
                world, subject.namespace(), effective, review.merged().listedExtensions())) {
            case Placement.Outcome.Chosen(var server) ->
                say(Outlook.Make, "a database would be made on server %s".formatted(server), server, steps);
            case Placement.Outcome.Nowhere nowhere ->
                say(
                        nowhere.refused() ? Outlook.Refused : Outlook.Wait,
                        "%s: %s".formatted(nowhere.reason(), nowhere.message()),
                        null,
                        nowhere.refused() ? List.of() : steps);
        };
    }

    /** A database that is kept for a claim of this name is taken back instead. */
    private void kept() {
        for (var server : world.servers().values()) {
            var retained =
                    server.getStatus() == null ? null : server.getStatus().retained();
            if (retained != null) {
                retained.stream()
                        .filter(one -> judged.key()
                                .equals(one.claimRef().namespace() + "/"
                                        + one.claimRef().name()))
                        .forEach(one -> notes.add(
                                "server %s keeps \"%s\" for a claim of this name: in the same namespace it is taken back as it is, in one made anew it waits for a DBA (RetainedByFormerNamespace)"
                                        .formatted(server.getMetadata().getName(), one.database())));
            }
        }
    }

    private PlanAnswer adoption(AdoptionPlan plan) {
        for (var server : world.servers().values()) {
            var adoptions = server.getSpec().adoptions();
            for (int i = 0; adoptions != null && i < adoptions.size(); i++) {
                if (isFor(adoptions.get(i))) {
                    return adoption(plan, server, i, adoptions.get(i));
                }
            }
        }
        notes.add("no PostgresServer is seen whose `spec.adoptions` list this claim: a DBA sees it");
        return adopting(plan, "a database that was there before would become its own", null, null, null);
    }

    private boolean isFor(Adoption adoption) {
        return judged.key()
                .equals(adoption.claimRef().namespace() + "/"
                        + adoption.claimRef().name());
    }

    private PlanAnswer adoption(AdoptionPlan plan, PostgresServer server, int index, Adoption adoption) {
        var name = server.getMetadata().getName();
        var database = adoption.database();
        if (plan.hash().equals(adoption.planHash())) {
            return adopting(
                    plan,
                    "database \"%s\" on server %s becomes its own; a DBA has agreed to this plan"
                            .formatted(database, name),
                    name,
                    database,
                    null);
        }
        var says = "database \"%s\" on server %s would become its own%s"
                .formatted(
                        database,
                        name,
                        adoption.planHash() == null
                                ? ""
                                : "; the hash that stands there, %s, is of another plan"
                                        .formatted(adoption.planHash()));
        return adopting(plan, says, name, database, Consent.command(name, adoption, index, plan.hash()));
    }

    private PlanAnswer adopting(
            AdoptionPlan plan,
            String says,
            @Nullable String server,
            @Nullable String database,
            @Nullable String consent) {
        return new PlanAnswer(
                judged.key(),
                Outlook.Adopt,
                says,
                server,
                database,
                plan.hash(),
                consent,
                plan.steps(),
                List.of(),
                world.faults(),
                notes);
    }
}

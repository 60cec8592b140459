// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.Handover;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.Charge;
import dev.howdah.policy.ClassChoice;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.review.QuotaLine;
import dev.howdah.policy.rulebook.Rulebook;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.guard.Guardrails;
import io.fabric8.kubernetes.api.model.Namespace;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts together what is to be judged about a claim: itself, its class, its row, its server, its neighbours. */
final class ClaimSubjects {
    private final Fleet fleet;
    private final Guardrails guardrails;
    private final Function<String, List<DatabaseClaim>> claimsOf;
    private final InstantSource clock;
    private final Set<ResourceID> homeless = ConcurrentHashMap.newKeySet();

    /**
     * Makes one.
     *
     * @param claimsOf the claims of a namespace, as cached
     */
    ClaimSubjects(
            Fleet fleet, Guardrails guardrails, Function<String, List<DatabaseClaim>> claimsOf, InstantSource clock) {
        this.fleet = fleet;
        this.guardrails = guardrails;
        this.claimsOf = claimsOf;
        this.clock = clock;
    }

    /** A claim that can be judged, or why not. */
    sealed interface Found {
        /**
         * It can.
         *
         * @param offered its class as it stands, {@code null} when it is gone
         * @param subject without the charges of its neighbours, which move: see {@link ClaimSubjects#charges}
         */
        record Judgeable(
                ClaimIdentity identity,
                Fleet.@Nullable Home home,
                @Nullable DatabaseClass offered,
                Subject subject) implements Found {

            @Nullable
            LedgerClaim row() {
                return home == null ? null : home.row();
            }

            @Nullable
            Accepted accepted() {
                return subject.accepted();
            }

            /** The class of a bound claim that is no longer there, else {@code null}. */
            @Nullable
            String classGone() {
                return offered == null ? subject.terms().className() : null;
            }
        }

        record WithoutClass(Violation violation) implements Found {}
    }

    Found find(DatabaseClaim claim, Namespace namespace, Collection<DatabaseClass> classes) {
        return find(claim, namespace, classes, guardrails.rulebook());
    }

    private Found find(DatabaseClaim claim, Namespace namespace, Collection<DatabaseClass> classes, Rulebook rulebook) {
        var identity = ClaimFlow.identity(claim, namespace);
        var home = fleet.home(identity).orElse(null);
        var row = home == null ? null : home.row();
        // What a former namespace agreed to says nothing, unless its database is handed over.
        var accepted = home == null
                        || row == null
                        || (!row.identity().namespaceUid().equals(identity.namespaceUid())
                                && fleet.handover(home, identity, clock.instant()) == Handover.Never)
                ? null
                : row.accepted();
        if (accepted != null) {
            var name = accepted.claim().className();
            var offered = classes.stream()
                    .filter(c -> c.getMetadata().getName().equals(name))
                    .findFirst()
                    .orElse(null);
            var terms = offered == null ? accepted.terms() : accepted.terms().withCredentialsOf(offered);
            var parameters = offered == null ? accepted.terms().parameters() : ClassTerms.parameters(offered);
            return new Found.Judgeable(
                    identity,
                    home,
                    offered,
                    subject(claim, namespace, identity, home, terms, parameters, accepted, rulebook));
        }
        return switch (ClassChoice.choose(ClaimFlow.spec(claim).className(), classes)) {
            case ClassChoice.None none ->
                new Found.WithoutClass(Violation.of(
                        none.reason(),
                        "className",
                        Objects.requireNonNullElse(ClaimFlow.spec(claim).className(), ""),
                        none.message()));
            case ClassChoice.Chosen(var chosen) ->
                new Found.Judgeable(
                        identity,
                        home,
                        chosen,
                        subject(
                                claim,
                                namespace,
                                identity,
                                home,
                                ClassTerms.of(chosen),
                                ClassTerms.parameters(chosen),
                                null,
                                rulebook));
        };
    }

    private Subject subject(
            DatabaseClaim claim,
            Namespace namespace,
            ClaimIdentity identity,
            Fleet.@Nullable Home home,
            ClassTerms terms,
            SortedMap<String, String> parameters,
            @Nullable Accepted accepted,
            Rulebook rulebook) {
        var labels = namespace.getMetadata().getLabels();
        return new Subject(
                identity.namespace(),
                labels == null ? Map.of() : labels,
                identity.name(),
                ClaimFlow.spec(claim),
                terms,
                parameters,
                accepted,
                home == null ? null : home.member().traits().orElse(null),
                rulebook,
                List.of(),
                clock.instant());
    }

    /** What the other databases of the namespace are charged at this moment. */
    List<Charge> charges(Found.Judgeable found) {
        var row = found.row();
        return fleet.charges(
                found.identity().namespace(),
                row == null ? found.identity().uid() : row.identity().uid());
    }

    /** The requests of the namespace that come before this claim's, in order. */
    List<Subject> before(
            DatabaseClaim claim, Found.Judgeable found, Namespace namespace, Collection<DatabaseClass> classes) {
        return claimsOf.apply(claim.getMetadata().getNamespace()).stream()
                .filter(other -> QuotaLine.ORDER.compare(other, claim) < 0)
                .filter(this::requests)
                .sorted(QuotaLine.ORDER)
                .flatMap(other ->
                        waiting(find(other, namespace, classes, found.subject().rulebook())).stream())
                .toList();
    }

    private boolean requests(DatabaseClaim claim) {
        return claim.getMetadata().getDeletionTimestamp() == null
                && !Howdah.isPaused(claim)
                && !homeless.contains(ResourceID.fromResource(claim));
    }

    /** As long as it is not charged: then it is in the ledgers' count already. */
    private Optional<Subject> waiting(Found other) {
        return other instanceof Found.Judgeable judgeable
                        && fleet.members().stream()
                                .noneMatch(member ->
                                        member.reserved(judgeable.identity().uid()))
                        && (judgeable.home() == null
                                || judgeable.accepted() != null
                                        && !judgeable
                                                .accepted()
                                                .grounds()
                                                .spec()
                                                .equals(judgeable.subject().spec()))
                ? Optional.of(judgeable.subject())
                : Optional.empty();
    }

    /** No server can take it now: it waits for that, not for the quota. */
    void homeless(DatabaseClaim claim, boolean now) {
        var id = ResourceID.fromResource(claim);
        if (now) {
            homeless.add(id);
        } else {
            homeless.remove(id);
        }
    }

    void forget(ResourceID claim) {
        homeless.remove(claim);
    }

    Guardrails guardrails() {
        return guardrails;
    }

    /** What a change of a class that is gone is told. */
    static Violation classIsGone(String className) {
        return Violation.of(
                Reason.ClassNotFound,
                "className",
                className,
                "class \"%s\" is gone, so this change cannot be agreed to; the database runs on as it was. Undo the change, or ask a DBA for the class"
                        .formatted(className));
    }

    /** The server that its status names. */
    static @Nullable String lastHost(DatabaseClaim claim) {
        var server = claim.getStatus() == null ? null : claim.getStatus().server();
        return server == null ? null : server.name();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.status.MeaningfulUpdate;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a claim depends on in the cluster: its namespace, the classes, its own Secrets. */
final class ClaimSources {
    private final Fleet fleet;
    private final Signals signals;
    private @Nullable InformerEventSource<Secret, DatabaseClaim> secrets;
    private @Nullable InformerEventSource<DatabaseClass, DatabaseClaim> classes;
    private @Nullable InformerEventSource<Namespace, DatabaseClaim> namespaces;

    ClaimSources(Fleet fleet, Signals signals) {
        this.fleet = fleet;
        this.signals = signals;
    }

    List<EventSource<?, DatabaseClaim>> prepare(EventSourceContext<DatabaseClaim> context) {
        var claims = context.getPrimaryCache();
        var ownSecrets = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Secret.class, DatabaseClaim.class)
                        .withName("claim-secrets")
                        .withLabelSelector(Howdah.CLAIM_LABEL)
                        .withSecondaryToPrimaryMapper(ClaimSources::claimOf)
                        .build(),
                context);
        var offered = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(DatabaseClass.class, DatabaseClaim.class)
                        .withName("classes")
                        .withOnUpdateFilter(new MeaningfulUpdate<>())
                        .withSecondaryToPrimaryMapper(
                                databaseClass -> claims.list(claim -> refersTo(claim, databaseClass))
                                        .map(ResourceID::fromResource)
                                        .collect(Collectors.toSet()))
                        .build(),
                context);
        var known = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Namespace.class, DatabaseClaim.class)
                        .withName("namespaces")
                        .withOnUpdateFilter(new MeaningfulUpdate<>())
                        .withSecondaryToPrimaryMapper(
                                namespace -> claims.list(namespace.getMetadata().getName(), claim -> true)
                                        .map(ResourceID::fromResource)
                                        .collect(Collectors.toSet()))
                        .build(),
                context);
        secrets = ownSecrets;
        classes = offered;
        namespaces = known;
        fleet.claimsAreIn(identity -> claims.get(new ResourceID(identity.name(), identity.namespace()))
                .filter(claim -> claim.getMetadata().getUid().equals(identity.uid()))
                .isPresent());
        return List.of(ownSecrets, offered, known, signals.claims());
    }

    /** By its label, so that a Secret whose owner was taken away is noticed as well. */
    private static Set<ResourceID> claimOf(Secret secret) {
        var meta = secret.getMetadata();
        var claim = meta.getLabels() == null ? null : meta.getLabels().get(Howdah.CLAIM_LABEL);
        return claim == null ? Set.of() : Set.of(new ResourceID(claim, meta.getNamespace()));
    }

    /** A class matters to the claims that name it, to those that name none, and to those bound to it. */
    private static boolean refersTo(DatabaseClaim claim, DatabaseClass databaseClass) {
        var named = ClaimFlow.spec(claim).className();
        return named == null
                || Objects.equals(named, databaseClass.getMetadata().getName());
    }

    InformerEventSource<Secret, DatabaseClaim> secrets() {
        return Objects.requireNonNull(secrets, "the event sources are prepared before anything is reconciled");
    }

    Collection<DatabaseClass> classes() {
        var source = classes;
        return source == null ? List.of() : source.list().toList();
    }

    Optional<Namespace> namespace(DatabaseClaim claim) {
        var source = namespaces;
        return source == null
                ? Optional.empty()
                : source.get(new ResourceID(claim.getMetadata().getNamespace()));
    }

    /** From the API server: a cache may still hold a namespace that was deleted and made anew. */
    static Optional<Namespace> namespaceNow(DatabaseClaim claim, Context<DatabaseClaim> context) {
        return Optional.ofNullable(context.getClient()
                .namespaces()
                .withName(claim.getMetadata().getNamespace())
                .get());
    }

    void forget(DatabaseClaim claim) {
        fleet.settled(ResourceID.fromResource(claim));
    }
}

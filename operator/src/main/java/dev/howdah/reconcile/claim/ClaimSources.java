// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.guard.Guardrails;
import dev.howdah.reconcile.status.MeaningfulUpdate;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a claim depends on in the cluster: its namespace, the classes, its own Secrets. */
final class ClaimSources {
    private final Fleet fleet;
    private final Guardrails guardrails;
    private final Signals signals;
    private @Nullable InformerEventSource<Secret, DatabaseClaim> secrets;
    private @Nullable InformerEventSource<DatabaseClass, DatabaseClaim> classes;
    private @Nullable InformerEventSource<Namespace, DatabaseClaim> namespaces;
    private @Nullable IndexerResourceCache<DatabaseClaim> claims;

    ClaimSources(Fleet fleet, Guardrails guardrails, Signals signals) {
        this.fleet = fleet;
        this.guardrails = guardrails;
        this.signals = signals;
    }

    List<EventSource<?, DatabaseClaim>> prepare(EventSourceContext<DatabaseClaim> context) {
        var cached = context.getPrimaryCache();
        var ownSecrets = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Secret.class, DatabaseClaim.class)
                        .withName("claim-secrets")
                        .withLabelSelector(Howdah.CLAIM_LABEL)
                        .withSecondaryToPrimaryMapper(ClaimSources::claimsOf)
                        .build(),
                context);
        var offered = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(DatabaseClass.class, DatabaseClaim.class)
                        .withName("classes")
                        .withOnUpdateFilter(new MeaningfulUpdate<>())
                        .withSecondaryToPrimaryMapper(
                                databaseClass -> cached.list(claim -> refersTo(claim, databaseClass))
                                        .map(ResourceID::fromResource)
                                        .collect(Collectors.toSet()))
                        .build(),
                context);
        var known = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Namespace.class, DatabaseClaim.class)
                        .withName("namespaces")
                        .withOnUpdateFilter(new MeaningfulUpdate<>())
                        .withSecondaryToPrimaryMapper(
                                namespace -> cached.list(namespace.getMetadata().getName(), claim -> true)
                                        .map(ResourceID::fromResource)
                                        .collect(Collectors.toSet()))
                        .build(),
                context);
        var policies = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(DatabasePolicy.class, DatabaseClaim.class)
                        .withName("policies")
                        .withOnUpdateFilter(new MeaningfulUpdate<>())
                        // Whom a policy was for before its target changed is not known any more: everybody looks.
                        .withSecondaryToPrimaryMapper(policy -> cached.list(claim -> true)
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .build(),
                context);
        var waivers = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(DatabaseWaiver.class, DatabaseClaim.class)
                        .withName("waivers")
                        .withOnUpdateFilter(new MeaningfulUpdate<>())
                        .withSecondaryToPrimaryMapper(ClaimSources::waived)
                        .build(),
                context);
        guardrails.objectsAreIn(
                () -> policies.list().toList(), () -> waivers.list().toList());
        claims = cached;
        secrets = ownSecrets;
        classes = offered;
        namespaces = known;
        fleet.claimsAreIn(identity -> cached.get(new ResourceID(identity.name(), identity.namespace()))
                .filter(claim -> claim.getMetadata().getUid().equals(identity.uid()))
                .isPresent());
        return List.of(ownSecrets, offered, known, policies, waivers, signals.claims());
    }

    private static Set<ResourceID> waived(DatabaseWaiver waiver) {
        var claim = waiver.getSpec().claimRef();
        return Set.of(new ResourceID(claim.name(), claim.namespace()));
    }

    /** The claims of a namespace. */
    List<DatabaseClaim> claims(String namespace) {
        var cache = claims;
        return cache == null ? List.of() : cache.list(namespace).toList();
    }

    /** All claims. */
    List<DatabaseClaim> claims() {
        var cache = claims;
        return cache == null ? List.of() : cache.list(claim -> true).toList();
    }

    /** Whether the caches can be asked. */
    boolean ready() {
        return claims != null;
    }

    /** By its label and by its owner, so that a Secret of which either was taken away or changed is noticed as well. */
    private static Set<ResourceID> claimsOf(Secret secret) {
        var meta = secret.getMetadata();
        var label = meta.getLabels() == null ? null : meta.getLabels().get(Howdah.CLAIM_LABEL);
        return Stream.concat(
                        Stream.ofNullable(label),
                        meta.getOwnerReferences().stream()
                                .filter(owner -> owner.getKind().equals(HasMetadata.getKind(DatabaseClaim.class)))
                                .map(OwnerReference::getName))
                .map(claim -> new ResourceID(claim, meta.getNamespace()))
                .collect(Collectors.toSet());
    }

    /** A class matters to the claims that name it, to those that name none, and to those bound to it. */
    private static boolean refersTo(DatabaseClaim claim, DatabaseClass databaseClass) {
        var name = databaseClass.getMetadata().getName();
        var named = ClaimFlow.spec(claim).className();
        var bound = claim.getStatus() == null ? null : claim.getStatus().className();
        return named == null || named.equals(name) || name.equals(bound);
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
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.engine.ExternalServer.AppEndpoint;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.policy.ClaimNames;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.EffectiveClaim.Access;
import dev.howdah.postgres.Scram;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The Secrets of one claim. A Secret that is not the claim's own is never written, whatever its name. */
final class ClaimSecrets {
    private static final String ACCESS_LABEL = Howdah.GROUP + "/access";
    private static final String FORMER_SINCE = Howdah.GROUP + "/former-since";
    private static final int CONFLICT = 409;

    private final DatabaseClaim claim;
    private final Context<DatabaseClaim> context;
    private final InformerEventSource<Secret, DatabaseClaim> source;
    private final Clock clock;

    /** Names that the API server did not know in this pass. Whoever makes one in the meantime is noticed by the conflict. */
    private final Set<String> absent = new HashSet<>();

    ClaimSecrets(
            DatabaseClaim claim,
            Context<DatabaseClaim> context,
            InformerEventSource<Secret, DatabaseClaim> source,
            Clock clock) {
        this.claim = claim;
        this.context = context;
        this.source = source;
        this.clock = clock;
    }

    /** A Secret of a wanted name belongs to somebody else. */
    static final class Foreign extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Foreign(String name) {
            super(
                    "a Secret \"%s\" exists already and is not this claim's; it was left untouched. Set `spec.access[].secretName` to another name, or delete that Secret"
                            .formatted(name));
        }

        ClaimOutcome.Told outcome(Duration again) {
            return ClaimOutcome.told(
                    ClaimOutcome.Standing.Conflict, Reason.SecretConflict, String.valueOf(getMessage()), again);
        }
    }

    /**
     * The passwords that Secrets of this claim hold and the ledger knows, by access name. An entry without one needs a
     * new password.
     *
     * @throws Foreign when a wanted name is taken
     */
    Map<String, String> known(EffectiveClaim wanted, @Nullable LedgerClaim row, @Nullable String ledger) {
        var passwords = new HashMap<String, String>();
        for (var access : wanted.access()) {
            find(access.secretName());
            var login = row == null ? null : row.logins().get(access.name());
            if (row == null || login == null || ledger == null) {
                continue;
            }
            var user = new ClaimNames(row.database()).login(access.name(), login.slot());
            holding(access)
                    .filter(password ->
                            Scram.fingerprint(ledger, user, password).equals(login.fingerprint()))
                    .findFirst()
                    .ifPresent(password -> passwords.put(access.name(), password));
        }
        return passwords;
    }

    /** Passwords in the entry's own Secret, and in one it had under another name. */
    private java.util.stream.Stream<String> holding(Access access) {
        return java.util.stream.Stream.concat(
                        find(access.secretName()).stream(),
                        ours().stream().filter(secret -> access.name().equals(label(secret))))
                .flatMap(secret -> password(secret).stream());
    }

    /** The password in an entry's own Secret as the API server has it: the cache may not know yet what was written last. */
    Optional<String> heldNow(Access access) {
        return Optional.ofNullable(context.getClient()
                        .secrets()
                        .inNamespace(claim.getMetadata().getNamespace())
                        .withName(access.secretName())
                        .get())
                .filter(this::owned)
                .flatMap(ClaimSecrets::password);
    }

    /** Makes the Secrets read as they should. Writes those that do not. */
    void publish(EffectiveClaim wanted, LedgerClaim row, AppEndpoint endpoint, Map<String, String> passwords) {
        for (var access : wanted.access()) {
            var password = passwords.get(access.name());
            if (password == null) {
                continue;
            }
            var data = data(row, access, endpoint, password);
            var held = find(access.secretName());
            if (held.isEmpty()) {
                create(access, data);
            } else if (!reads(held.get(), access, data)) {
                replace(held.get(), access, data);
            }
        }
    }

    private static Map<String, String> data(LedgerClaim row, Access access, AppEndpoint endpoint, String password) {
        var login = row.logins().get(access.name());
        var slot = login == null ? "a" : login.slot();
        var user = new ClaimNames(row.database()).login(access.name(), slot);
        return ConnectionSecret.data(endpoint, row.database(), user, password);
    }

    /** With its labels, by which it is watched. */
    private boolean reads(Secret secret, Access access, Map<String, String> data) {
        var labels = secret.getMetadata().getLabels();
        var annotations = secret.getMetadata().getAnnotations();
        return data.equals(secret.getData())
                && ConnectionSecret.TYPE.equals(secret.getType())
                && labels != null
                && claim.getMetadata().getName().equals(labels.get(Howdah.CLAIM_LABEL))
                && access.name().equals(labels.get(ACCESS_LABEL))
                && (annotations == null || !annotations.containsKey(FORMER_SINCE));
    }

    private void create(Access access, Map<String, String> data) {
        absent.remove(access.secretName());
        try {
            context.resourceOperations().create(body(access, data), source);
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
            // Where the answer to a first try was lost on its way, what is there is what was to be written.
            if (find(access.secretName())
                    .filter(held -> reads(held, access, data))
                    .isEmpty()) {
                throw new Foreign(access.secretName());
            }
        }
    }

    /** A Secret's type and an immutable one's data cannot change, so such a one is made anew. */
    private void replace(Secret held, Access access, Map<String, String> data) {
        if (!ConnectionSecret.TYPE.equals(held.getType()) || Boolean.TRUE.equals(held.getImmutable())) {
            delete(held);
            create(access, data);
            return;
        }
        // What others wrote into its metadata is theirs and stays.
        var secret = new SecretBuilder(held)
                .editMetadata()
                .addToLabels(Howdah.CLAIM_LABEL, claim.getMetadata().getName())
                .addToLabels(ACCESS_LABEL, access.name())
                .removeFromAnnotations(FORMER_SINCE)
                .withManagedFields()
                .endMetadata()
                .withData(data)
                .build();
        context.resourceOperations().update(secret, source);
    }

    private Secret body(Access access, Map<String, String> data) {
        var meta = claim.getMetadata();
        return new SecretBuilder()
                .withNewMetadata()
                .withName(access.secretName())
                .withNamespace(meta.getNamespace())
                .addToLabels(Howdah.CLAIM_LABEL, meta.getName())
                .addToLabels(ACCESS_LABEL, access.name())
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(claim.getApiVersion())
                        .withKind(claim.getKind())
                        .withName(meta.getName())
                        .withUid(meta.getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .withType(ConnectionSecret.TYPE)
                .withData(data)
                .build();
    }

    /**
     * Secrets nobody asks for any more: at once where the entry is gone, after the overlap where it only has
     * another name now, for those who still read it.
     *
     * @return when to come again for one that still stays, {@code null} when none does
     */
    @Nullable
    Duration tidy(EffectiveClaim wanted) {
        var names = wanted.access().stream().map(Access::secretName).collect(Collectors.toSet());
        var entries = wanted.access().stream().map(Access::name).collect(Collectors.toSet());
        var overlap = wanted.credentials().overlapInForce();
        Duration again = null;
        for (var secret : ours()) {
            if (names.contains(secret.getMetadata().getName())) {
                continue;
            }
            var left = entries.contains(label(secret)) && overlap.isPositive() ? left(secret, overlap) : Duration.ZERO;
            if (left.isPositive()) {
                again = again == null || left.compareTo(again) < 0 ? left : again;
            } else {
                delete(secret);
            }
        }
        return again;
    }

    private Duration left(Secret secret, Duration overlap) {
        var annotations = secret.getMetadata().getAnnotations();
        var since = annotations == null ? null : annotations.get(FORMER_SINCE);
        if (since != null) {
            try {
                return Duration.between(clock.instant(), Instant.parse(since).plus(overlap));
            } catch (DateTimeParseException e) {
                // Somebody wrote something else there: the overlap starts anew.
            }
        }
        var marked = new SecretBuilder(secret)
                .editMetadata()
                .addToAnnotations(FORMER_SINCE, clock.instant().toString())
                .endMetadata()
                .build();
        context.resourceOperations().update(marked, source);
        return overlap;
    }

    /** All Secrets of the claim, for its end. */
    void deleteAll() {
        ours().forEach(this::delete);
    }

    private void delete(Secret secret) {
        context.getClient()
                .resource(secret)
                .lockResourceVersion(secret.getMetadata().getResourceVersion())
                .delete();
    }

    private List<Secret> ours() {
        var seen = new HashSet<String>();
        return source.getSecondaryResources(claim).stream()
                .filter(this::owned)
                .filter(secret -> seen.add(secret.getMetadata().getName()))
                .toList();
    }

    /** The claim's own Secret of this name. The cache holds only labelled ones, so the API server has the last word. */
    private Optional<Secret> find(String name) {
        var namespace = claim.getMetadata().getNamespace();
        var cached = source.get(new ResourceID(name, namespace)).filter(this::owned);
        if (cached.isPresent() || absent.contains(name)) {
            return cached;
        }
        var secret = context.getClient()
                .secrets()
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (secret != null && !owned(secret)) {
            throw new Foreign(name);
        }
        if (secret == null) {
            absent.add(name);
        }
        return Optional.ofNullable(secret);
    }

    private boolean owned(Secret secret) {
        return secret.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(claim.getMetadata().getUid()));
    }

    private static Optional<String> password(Secret secret) {
        var data = secret.getData() == null ? null : secret.getData().get(ConnectionSecret.PASSWORD);
        try {
            return data == null
                    ? Optional.empty()
                    : Optional.of(new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static @Nullable String label(Secret secret) {
        var labels = secret.getMetadata().getLabels();
        return labels == null ? null : labels.get(ACCESS_LABEL);
    }
}

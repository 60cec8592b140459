// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.judge;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.ServerTraits;
import dev.howdah.policy.Source;
import dev.howdah.policy.StorageText;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was last agreed to for a claim, as far as its status tells. The whole of it is in the ledger, which the command
 * line does not read.
 */
final class Standing {
    private static final String PARAMETERS = "parameters.";
    private static final String EXTENSIONS = "extensions.";

    private final DatabaseClaim claim;
    private final DatabaseClaimStatus status;
    private final ClassTerms terms;
    private final Map<String, EffectiveValue> effective;

    private Standing(DatabaseClaim claim, DatabaseClaimStatus status, ClassTerms terms) {
        this.claim = claim;
        this.status = status;
        this.terms = terms;
        this.effective = effective(status);
    }

    /** The values in force by their paths, as far as the status has them. */
    static SortedMap<String, EffectiveValue> effective(@Nullable DatabaseClaimStatus status) {
        var effective = new TreeMap<String, EffectiveValue>();
        if (status != null && status.effective() != null) {
            status.effective().forEach(value -> effective.putIfAbsent(value.path(), value));
        }
        return effective;
    }

    /** Whether the claim has a database. */
    static boolean bound(DatabaseClaim claim) {
        return claim.getStatus() != null && claim.getStatus().server() != null;
    }

    /** Whether the spec as it is was agreed to. */
    private boolean agreed() {
        var generation = claim.getMetadata().getGeneration();
        return status.conditions() != null
                && status.conditions().stream()
                        .filter(condition -> condition.type().equals("Accepted"))
                        .limit(1)
                        .anyMatch(accepted -> accepted.status().equals("True")
                                && (accepted.observedGeneration() == null
                                        || generation == null
                                        || accepted.observedGeneration().equals(generation)));
    }

    /** {@code null} where there is no database yet. */
    static @Nullable Accepted of(DatabaseClaim claim, ClassTerms terms) {
        var status = claim.getStatus();
        return status == null || status.server() == null ? null : new Standing(claim, status, terms).accepted();
    }

    private Accepted accepted() {
        var spec = agreed() ? claim.getSpec() : before();
        var access = spec.access() == null
                ? List.<EffectiveClaim.Access>of()
                : spec.access().stream()
                        .map(entry -> new EffectiveClaim.Access(
                                entry.name(),
                                entry.role(),
                                Boolean.TRUE.equals(entry.binding()),
                                entry.connections(),
                                String.valueOf(entry.secretName())))
                        .toList();
        var parameters = new TreeMap<String, String>();
        effective.forEach((path, value) -> {
            if (path.startsWith(PARAMETERS)) {
                parameters.put(path.substring(PARAMETERS.length()), value.value());
            }
        });
        var storage = effective.get("storage");
        var accepted = new EffectiveClaim(
                terms.className(),
                major(),
                storage == null ? ClassTerms.DEFAULT_STORAGE : StorageText.parse(storage.value()),
                status.connections() == null ? terms.connections() : status.connections(),
                parameters,
                terms.locale(),
                spec.schemas() == null ? terms.schemas() : spec.schemas(),
                spec.extensions() == null ? terms.extensions() : spec.extensions(),
                access,
                deletionPolicy(),
                terms.ownerMayCreateSchemas(),
                // No rule weighs them against what they were.
                terms.credentials());
        return new Accepted(
                accepted,
                terms,
                status.observedGeneration() == null ? 0 : status.observedGeneration(),
                new Accepted.Grounds(spec, List.copyOf(effective.values()), new TreeMap<>(), new TreeMap<>()),
                status.extensions() == null ? List.of() : status.extensions(),
                status.unmanaged() == null ? List.of() : status.unmanaged(),
                status.findings() == null ? List.of() : status.findings());
    }

    private int major() {
        var major = ServerTraits.majorVersion(
                Objects.requireNonNull(status.server()).version());
        return major == 0 ? terms.majorVersion() : major;
    }

    private DeletionPolicy deletionPolicy() {
        var value = effective.get("deletionPolicy");
        return value != null && value.value().equals(DeletionPolicy.Delete.name())
                ? DeletionPolicy.Delete
                : DeletionPolicy.Retain;
    }

    /** The spec that was agreed to before this one, from what of it is in force. */
    private DatabaseClaimSpec before() {
        var parameters = new TreeMap<String, String>();
        effective.forEach((path, value) -> {
            if (path.startsWith(PARAMETERS) && claimed(path) != null) {
                parameters.put(path.substring(PARAMETERS.length()), value.value());
            }
        });
        var extensions = effective.keySet().stream()
                .filter(path -> path.startsWith(EXTENSIONS) && claimed(path) != null)
                .map(path -> new ExtensionRequest(path.substring(EXTENSIONS.length()), null))
                .toList();
        var connections = claimed("connections");
        var now = claim.getSpec();
        return new DatabaseClaimSpec(
                now.className(),
                now.majorVersion(),
                claimed("storage"),
                connections == null ? null : Integer.valueOf(connections),
                parameters.isEmpty() ? null : parameters,
                extensions.isEmpty() ? null : extensions,
                null,
                null,
                claimed("deletionPolicy") == null ? null : deletionPolicy());
    }

    private @Nullable String claimed(String path) {
        var value = effective.get(path);
        return value != null && value.source().equals(Source.CLAIM.text()) ? value.value() : null;
    }
}

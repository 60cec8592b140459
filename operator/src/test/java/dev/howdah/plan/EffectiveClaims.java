// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseLocale;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.policy.Accepted.Grounds;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.EffectiveClaim.Access;
import dev.howdah.policy.StorageText;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a review would make of a spec that breaks no rule, without policies: for tests of what comes after it. */
public final class EffectiveClaims {
    private static final List<AccessEntry> DEFAULT_ACCESS =
            List.of(new AccessEntry("app", AccessRole.Owner, true, null, null));

    private EffectiveClaims() {}

    public static EffectiveClaim of(String claim, DatabaseClaimSpec spec, ClassTerms terms) {
        var parameters = new TreeMap<>(terms.parameters());
        if (spec.parameters() != null) {
            parameters.putAll(spec.parameters());
        }
        return new EffectiveClaim(
                terms.className(),
                spec.majorVersion() == null ? terms.majorVersion() : spec.majorVersion(),
                spec.storage() == null ? terms.storage() : StorageText.parse(spec.storage()),
                spec.connections() == null ? terms.connections() : spec.connections(),
                parameters,
                terms.locale(),
                spec.schemas() == null ? terms.schemas() : List.copyOf(spec.schemas()),
                spec.extensions() == null ? terms.extensions() : List.copyOf(spec.extensions()),
                access(claim, spec.access() == null ? DEFAULT_ACCESS : spec.access()),
                spec.deletionPolicy() == null ? terms.deletionPolicy() : spec.deletionPolicy(),
                terms.ownerMayCreateSchemas(),
                terms.credentials());
    }

    private static List<Access> access(String claim, List<AccessEntry> entries) {
        return entries.stream()
                .map(entry -> {
                    var binding = entries.size() == 1 || Boolean.TRUE.equals(entry.binding());
                    var secret = entry.secretName();
                    return new Access(
                            entry.name(),
                            entry.role(),
                            binding,
                            entry.connections(),
                            secret != null ? secret : claim + "-" + (binding ? "db" : entry.name()));
                })
                .toList();
    }

    /** Built-in values throughout. */
    public static ClassTerms terms(int major, Duration retainFor, boolean ownerMayCreateSchemas) {
        return new ClassTerms(
                "standard",
                List.of(major),
                major,
                ClassTerms.DEFAULT_STORAGE,
                ClassTerms.DEFAULT_CONNECTIONS,
                new TreeMap<>(),
                List.of(),
                ClassTerms.DEFAULT_SCHEMAS,
                DeletionPolicy.Retain,
                new DatabaseLocale(null, null, null),
                retainFor,
                ownerMayCreateSchemas,
                CredentialTerms.NONE,
                new TreeSet<>());
    }

    public static Grounds grounds(DatabaseClaimSpec spec) {
        return new Grounds(spec, List.of(), new TreeMap<>(), new TreeMap<>());
    }
}

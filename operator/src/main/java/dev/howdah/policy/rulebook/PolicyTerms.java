// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rulebook;

import dev.howdah.api.v1alpha1.DatabasePolicySpec.Target;
import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.Labels;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A policy without faults.
 *
 * @param defaults parameters by PostgreSQL's own spelling, as written
 * @param overrides the same
 * @param credentialDefaults what it says of new passwords where class and claim are silent
 * @param credentialOverrides the same, over class and claim
 * @param named every parameter that it sets or limits
 */
public record PolicyTerms(
        String name,
        long generation,
        Enforcement enforcement,
        int priority,
        @Nullable Target target,
        SortedMap<String, String> defaults,
        SortedMap<String, String> overrides,
        CredentialTerms credentialDefaults,
        CredentialTerms credentialOverrides,
        Limits limits,
        QuotaTerms quota,
        Set<String> named) {

    /**
     * What a namespace may take; {@code null} is no limit.
     *
     * @param storage in bytes
     */
    public record QuotaTerms(
            @Nullable Integer databases,
            @Nullable Long storage,
            @Nullable Integer connections) {
        public static final QuotaTerms NONE = new QuotaTerms(null, null, null);

        public boolean none() {
            return equals(NONE);
        }
    }

    PolicyTerms withoutQuota() {
        return new PolicyTerms(
                name,
                generation,
                enforcement,
                priority,
                target,
                defaults,
                overrides,
                credentialDefaults,
                credentialOverrides,
                limits,
                QuotaTerms.NONE,
                named);
    }

    /** Whether it is for the claims of a class in a namespace with these labels. */
    public boolean matches(@Nullable Map<String, String> namespaceLabels, @Nullable String className) {
        return target == null
                || ((target.namespaceSelector() == null || Labels.match(target.namespaceSelector(), namespaceLabels))
                        && isFor(className));
    }

    /** Whether it is for claims of a class, in the namespaces that it is for; also where that is not known yet. */
    public boolean isFor(@Nullable String className) {
        return target == null
                || target.classNames() == null
                || className == null
                || target.classNames().contains(className);
    }

    /** Whether it refuses, or sets. */
    public boolean enforces() {
        return enforcement == Enforcement.Enforce;
    }

    /** Whether it names a parameter anywhere. */
    public boolean names(String parameter) {
        return named.contains(parameter);
    }

    /** As claims and people know it. */
    public String id() {
        return "DatabasePolicy/" + Objects.requireNonNull(name);
    }
}

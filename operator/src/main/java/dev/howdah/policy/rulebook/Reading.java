// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rulebook;

import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabasePolicySpec;
import dev.howdah.api.v1alpha1.DatabasePolicySpec.Target;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.OtherParameters;
import dev.howdah.api.v1alpha1.PolicyLimits;
import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.Labels;
import dev.howdah.policy.StorageText;
import dev.howdah.policy.rulebook.PolicyTerms.QuotaTerms;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads policies and waivers. What is wrong with one is collected whole: an author sees every fault at once. What the API
 * server's schema refuses is a fault here too, for objects that never met it.
 */
final class Reading {
    private static final int MOST_EXTENSIONS = 256;

    private final List<String> faults = new ArrayList<>();

    private Reading() {}

    /** Terms, or faults; never both. */
    record Read<T>(@Nullable T terms, List<String> faults) {}

    static Read<PolicyTerms> policy(DatabasePolicy policy) {
        var reading = new Reading();
        return reading.read(reading.terms(policy));
    }

    static Read<WaiverTerms> waiver(DatabaseWaiver waiver) {
        var reading = new Reading();
        return reading.read(reading.terms(waiver));
    }

    /** By its name; empty where it has none. */
    static String name(@Nullable ObjectMeta metadata) {
        return metadata == null || metadata.getName() == null ? "" : metadata.getName();
    }

    private <T> Read<T> read(@Nullable T terms) {
        return faults.isEmpty() ? new Read<>(terms, List.of()) : new Read<>(null, List.copyOf(faults));
    }

    private @Nullable WaiverTerms terms(DatabaseWaiver waiver) {
        var spec = waiver.getSpec();
        if (missing("spec", spec)) {
            return null;
        }
        var limits = limits("limits", spec.limits());
        if (faults.isEmpty() && limits.equals(Limits.NONE)) {
            faults.add("`limits`: nothing is lifted; name at least one limit");
        }
        missing("owner", spec.owner());
        missing("reason", spec.reason());
        var claim = spec.claimRef();
        if (missing("claimRef", claim)
                | missing("claimRef.namespace", claim == null ? null : claim.namespace())
                | missing("claimRef.name", claim == null ? null : claim.name())
                | missing("expirationTime", spec.expirationTime())) {
            return null;
        }
        return new WaiverTerms(
                named(waiver.getMetadata()),
                generation(waiver.getMetadata()),
                claim.namespace(),
                claim.name(),
                limits,
                time("expirationTime", spec.expirationTime()));
    }

    private Instant time(String path, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            faults.add("`%s`: \"%s\" is not a time such as 2026-12-31T00:00:00Z"
                    .formatted(path, text.length() <= 40 ? text : text.substring(0, 40) + "…"));
            return Instant.EPOCH;
        }
    }

    private @Nullable PolicyTerms terms(DatabasePolicy policy) {
        var spec = policy.getSpec();
        if (missing("spec", spec)) {
            return null;
        }
        missing("enforcement", spec.enforcement());
        var defaults = ParameterReading.settings("defaults.parameters", parameters(spec.defaults()), faults);
        var overrides = ParameterReading.settings("overrides.parameters", parameters(spec.overrides()), faults);
        var limits = limits("limits", spec.limits());
        ParameterReading.insideOwnLimits("defaults.parameters", defaults, limits, faults);
        ParameterReading.insideOwnLimits("overrides.parameters", overrides, limits, faults);
        var all = new HashSet<>(limits.named());
        all.addAll(defaults.keySet());
        all.addAll(overrides.keySet());
        return new PolicyTerms(
                named(policy.getMetadata()),
                generation(policy.getMetadata()),
                spec.enforcement(),
                spec.priority() == null ? 0 : spec.priority(),
                target(spec.target()),
                defaults,
                overrides,
                credentials("defaults.credentials", spec.defaults()),
                credentials("overrides.credentials", spec.overrides()),
                limits,
                quota(spec.quota()),
                all);
    }

    /** Whether a required field is not there. The types say it is; JSON need not. */
    private boolean missing(String path, @Nullable Object value) {
        if (value == null) {
            faults.add("`%s`: is required".formatted(path));
        }
        return value == null;
    }

    private String named(@Nullable ObjectMeta metadata) {
        var name = name(metadata);
        missing("metadata.name", name.isEmpty() ? null : name);
        return name;
    }

    static long generation(@Nullable ObjectMeta metadata) {
        return metadata == null || metadata.getGeneration() == null ? 0 : metadata.getGeneration();
    }

    private static Map<String, String> parameters(DatabasePolicySpec.@Nullable Settings settings) {
        return settings == null || settings.parameters() == null ? Map.of() : settings.parameters();
    }

    private CredentialTerms credentials(String path, DatabasePolicySpec.@Nullable Settings settings) {
        return CredentialTerms.read(path, settings == null ? null : settings.credentials(), faults);
    }

    private @Nullable Target target(@Nullable Target target) {
        if (target == null) {
            return null;
        }
        if (target.namespaceSelector() != null) {
            Labels.faults(target.namespaceSelector())
                    .forEach(fault -> faults.add("`target.namespaceSelector`: " + fault));
        }
        set("target.classNames", target.classNames());
        return target;
    }

    private Limits limits(String path, @Nullable PolicyLimits limits) {
        if (limits == null) {
            return Limits.NONE;
        }
        return new Limits(
                limits.parameters() == null
                        ? Map.of()
                        : ParameterReading.ranges(path + ".parameters", limits.parameters(), faults),
                limits.otherParameters() == null ? null : limits.otherParameters() == OtherParameters.Deny,
                extensions(path + ".extensions", limits.extensions()),
                retirements(path + ".extensions", limits.extensions()),
                set(path + ".majorVersions", limits.majorVersions()),
                set(path + ".classNames", limits.classNames()),
                storage(path, limits.storage()),
                connections(path, limits.connections()),
                set(path + ".accessRoles", limits.accessRoles()),
                set(path + ".deletionPolicies", limits.deletionPolicies()));
    }

    private <T> @Nullable Set<T> set(String path, @Nullable List<T> list) {
        if (list == null) {
            return null;
        }
        var set = new LinkedHashSet<T>(list);
        if (set.contains(null)) {
            faults.add("`%s`: an entry is null; remove it".formatted(path));
        }
        return set;
    }

    private @Nullable Map<String, Set<String>> extensions(
            String path, @Nullable List<PolicyLimits.AllowedExtension> list) {
        if (list == null) {
            return null;
        }
        var allowed = new TreeMap<String, Set<String>>();
        if (ParameterReading.tooMany(path, list.size(), MOST_EXTENSIONS, faults)) {
            return allowed;
        }
        for (var extension : list) {
            if (extension == null || extension.name() == null) {
                faults.add("`%s`: an entry has no name; remove it".formatted(path));
                continue;
            }
            var versions = set(path, extension.versions());
            if (versions != null && versions.isEmpty()) {
                faults.add("`%s`: \"%s\" allows no version; list some, or leave versions out for every one"
                        .formatted(path, extension.name()));
            }
            if (allowed.put(extension.name(), versions == null ? Set.of() : versions) != null) {
                faults.add("`%s`: \"%s\" is listed twice; merge the two".formatted(path, extension.name()));
            }
        }
        return allowed;
    }

    private Map<String, Instant> retirements(String path, @Nullable List<PolicyLimits.AllowedExtension> list) {
        var retirements = new TreeMap<String, Instant>();
        if (list != null && list.size() <= MOST_EXTENSIONS) {
            for (var extension : list) {
                if (extension != null && extension.name() != null && extension.retireTime() != null) {
                    retirements.put(
                            extension.name(),
                            time(path + "." + extension.name() + ".retireTime", extension.retireTime()));
                }
            }
        }
        return retirements;
    }

    private Limits.@Nullable Span storage(String path, PolicyLimits.@Nullable StorageLimit limit) {
        return limit == null
                ? null
                : span(
                        path + ".storage",
                        size(path + ".storage.min", limit.min()),
                        size(path + ".storage.max", limit.max()));
    }

    private Limits.@Nullable Span connections(String path, PolicyLimits.@Nullable ConnectionLimit limit) {
        return limit == null
                ? null
                : span(
                        path + ".connections",
                        number(path + ".connections", 1, limit.min()),
                        number(path + ".connections", 1, limit.max()));
    }

    private Limits.Span span(String path, @Nullable Long min, @Nullable Long max) {
        if (min != null && max != null && min > max) {
            faults.add("`%s`: min is above max, so nothing is allowed; lower min or raise max".formatted(path));
        }
        return new Limits.Span(min, max);
    }

    private QuotaTerms quota(DatabasePolicySpec.@Nullable Quota quota) {
        if (quota == null) {
            return QuotaTerms.NONE;
        }
        number("quota.databases", 0, quota.databases());
        number("quota.connections", 0, quota.connections());
        return new QuotaTerms(quota.databases(), size("quota.storage", quota.storage()), quota.connections());
    }

    private @Nullable Long number(String path, int least, @Nullable Integer number) {
        if (number != null && number < least) {
            faults.add("`%s`: %d is below %d".formatted(path, number, least));
        }
        return number == null ? null : Long.valueOf(number);
    }

    private @Nullable Long size(String path, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return StorageText.parse(text);
        } catch (IllegalArgumentException e) {
            faults.add("`%s`: %s".formatted(path, e.getMessage()));
            return null;
        }
    }
}

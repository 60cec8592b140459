// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Applied;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every extension, those that come along included, is on the list of each policy that has one. */
final class ExtensionsAreAllowed implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var versions = new LinkedHashMap<String, String>();
        merged.claim().extensions().forEach(e -> versions.put(e.name(), e.version() == null ? "" : e.version()));
        var all = subject.extensions(merged.claim());
        var violations = new ArrayList<Violation>();
        for (var applied : merged.policies()) {
            var allowed = applied.limits().extensions();
            if (allowed != null) {
                for (var name : all) {
                    var finding = finding(applied, allowed, name, versions.get(name), subject.extensionVersion(name));
                    if (finding != null) {
                        violations.add(finding);
                    }
                }
            }
        }
        return violations;
    }

    /**
     * @param version as asked for, empty for the default, {@code null} where it comes along
     * @param comesAt the version in which it comes along, empty where that is not known
     */
    private static @Nullable Violation finding(
            Applied applied, Map<String, Set<String>> allowed, String name, @Nullable String version, String comesAt) {
        var policy = applied.policy().name();
        var path = "extensions." + name;
        var versions = allowed.get(name);
        if (versions == null) {
            return Findings.of(
                    applied,
                    Reason.ExtensionNotAllowed,
                    path,
                    name,
                    0,
                    "`extensions`: \"%s\"%s is not allowed here, must be one of: %s (policy \"%s\"); leave it out, or ask for a waiver"
                            .formatted(
                                    name,
                                    version == null ? ", which comes along," : "",
                                    Findings.list(allowed.keySet()),
                                    policy));
        }
        if (version == null && !versions.isEmpty() && !comesAt.isEmpty() && !versions.contains(comesAt)) {
            return Findings.of(
                    applied,
                    Reason.ExtensionNotAllowed,
                    path,
                    comesAt,
                    0,
                    "`extensions`: \"%s\", which comes along in %s, is not allowed here, must be version %s (policy \"%s\"); ask for it by name in one of these, leave out what requires it, or ask for a waiver"
                            .formatted(name, comesAt, Findings.list(versions), policy));
        }
        if (versions.isEmpty() || version == null || versions.contains(version)) {
            return null;
        }
        return Findings.of(
                applied,
                Reason.ExtensionNotAllowed,
                path,
                version,
                0,
                "`extensions`: \"%s\"%s is not allowed here, must be version %s (policy \"%s\"); set one of these, or ask for a waiver"
                        .formatted(
                                name,
                                version.isEmpty() ? " without a version" : " " + version,
                                Findings.list(versions),
                                policy));
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** PostgreSQL can get from the installed version to the one that is asked for. */
final class ExtensionUpdatesHaveAPath implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var accepted = subject.accepted();
        var server = subject.server();
        if (accepted == null || server == null) {
            return List.of();
        }
        var violations = new ArrayList<Violation>();
        for (var request : merged.claim().extensions()) {
            var known = server.extensions().byName().get(request.name());
            var version = request.version();
            if (version == null
                    || known == null
                    || known.paths() == null
                    || !known.versions().contains(version)) {
                continue;
            }
            for (var installed : accepted.installed()) {
                var reachable = known.paths().getOrDefault(installed.version(), Set.of());
                if (installed.name().equals(request.name())
                        && VersionOrder.compare(version, installed.version()) > 0
                        && !reachable.contains(version)) {
                    violations.add(Violation.of(
                            Reason.ExtensionVersionNotAvailable,
                            "extensions." + request.name(),
                            version,
                            "`extensions`: \"%s\" is at %s and \"%s\" has no update path from there to %s, only to: %s; ask for one of these, or leave the version out to stay at %2$s"
                                    .formatted(
                                            request.name(),
                                            installed.version(),
                                            server.name(),
                                            version,
                                            later(reachable, installed.version()))));
                }
            }
        }
        return violations;
    }

    private static String later(Collection<String> versions, String than) {
        return Findings.list(versions.stream()
                .filter(version -> VersionOrder.compare(version, than) > 0)
                .sorted(VersionOrder::compare)
                .toList());
    }
}

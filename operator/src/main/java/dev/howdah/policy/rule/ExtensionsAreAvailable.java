// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.policy.Placement;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.List;

/**
 * The server can install what is asked for. Before there is one, placement looks for one that can; what takes a superuser
 * in a database that is there may be in it already, which the plan for it tells.
 */
final class ExtensionsAreAvailable implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var server = subject.server();
        if (server == null) {
            return List.of();
        }
        return server
                .extensions()
                .faults(
                        merged.claim().extensions(),
                        merged.listedExtensions(),
                        subject.accepted() != null,
                        "\"" + server.name() + "\"")
                .stream()
                .map(fault -> Violation.of(
                        Placement.reason(fault.obstacle()),
                        "extensions." + fault.extension(),
                        fault.extension(),
                        fault.message()))
                .toList();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.parameter.Parameter;
import dev.howdah.policy.parameter.ParameterCatalog;
import java.util.List;

/** On a server without superuser, what takes one needs a grant. */
final class ServerCanSetParameters implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var server = subject.server();
        var major = merged.claim().majorVersion();
        if (server == null || server.superuser() || !ParameterCatalog.majors().contains(major)) {
            return List.of();
        }
        return merged.asked().entrySet().stream()
                .filter(entry -> ParameterCatalog.of(major)
                        .find(entry.getKey())
                        .filter(parameter -> parameter.scope() == Parameter.Scope.POLICY)
                        .isPresent())
                .filter(entry -> !server.canSet(entry.getKey()))
                .map(entry -> Violation.of(
                        Reason.ParameterNotAllowed,
                        "parameters." + entry.getKey(),
                        entry.getValue().text(),
                        "`parameters.%1$s`: the operator's login on server \"%2$s\" may not set it; leave it out, or ask a DBA to run GRANT SET ON PARAMETER %1$s TO that login there"
                                .formatted(entry.getKey(), server.name())))
                .toList();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.rulebook.Limits;
import java.util.List;

/** The connections a claim asks for are within every policy's limit. The server itself holds them. */
final class ConnectionsAreInRange implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var asked = subject.spec().connections();
        return asked == null
                ? List.of()
                : Findings.outOfRange(merged, "connections", asked, asked, Limits::connections, String::valueOf);
    }
}

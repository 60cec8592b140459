// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Retirement;
import dev.howdah.policy.merge.Subject;
import java.util.List;

/**
 * No extension is asked for that a policy has retired. Until its time comes this is a warning, so that whoever has it can
 * plan; then it is as the policy enforces, and what stood before stands on as with any rule that came later.
 */
final class ExtensionsAreNotRetired implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        return Retirement.of(subject, merged).stream()
                .map(retirement -> finding(retirement, retirement.over(subject.now())))
                .toList();
    }

    private static Violation finding(Retirement retirement, boolean over) {
        var policy = retirement.applied().policy();
        return new Violation(
                Reason.ExtensionNotAllowed,
                "extensions." + retirement.extension(),
                over
                        ? "`extensions`: \"%s\" is retired since %s, so no claim is given it any more; what has it keeps it (policy \"%s\"); leave it out, or ask for a waiver"
                                .formatted(retirement.extension(), retirement.time(), policy.name())
                        : "`extensions`: \"%s\" will be retired at %s: no claim is given it from then on, and what has it keeps it (policy \"%s\"); plan to do without it"
                                .formatted(retirement.extension(), retirement.time(), policy.name()),
                policy.name(),
                over || policy.enforcement() == Enforcement.Audit ? policy.enforcement() : Enforcement.Warn,
                new Violation.Offence(retirement.extension(), 0));
    }
}

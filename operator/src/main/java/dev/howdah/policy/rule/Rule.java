// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import java.util.List;

/** One named condition a claim has to meet. Pure; an empty answer means it is met. */
@FunctionalInterface
public interface Rule {
    /**
     * What breaks the rule.
     *
     * @param subject the claim, and everything that has a say
     * @param merged what the layers come to
     */
    List<Violation> check(Subject subject, Merged merged);
}

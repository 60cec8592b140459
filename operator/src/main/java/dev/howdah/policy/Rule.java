// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.policy.ClaimReview.Subject;
import java.util.List;

/** One named condition a claim has to meet. Pure; an empty answer means it is met. */
@FunctionalInterface
public interface Rule {
    List<Violation> check(Subject subject);
}

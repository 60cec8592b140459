// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import dev.howdah.policy.StorageText;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Merged;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.rulebook.Limits;
import java.util.List;

/** The budget a claim asks for is within every policy's limit. */
final class StorageIsInRange implements Rule {
    @Override
    public List<Violation> check(Subject subject, Merged merged) {
        var asked = subject.spec().storage();
        return asked == null
                ? List.of()
                : Findings.outOfRange(
                        merged, "storage", asked, StorageText.parse(asked), Limits::storage, StorageText::format);
    }
}

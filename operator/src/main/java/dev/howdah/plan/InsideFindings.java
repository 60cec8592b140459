// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.Finding;
import java.util.List;

/** What was found in a database, as its claim's status tells it. */
final class InsideFindings {
    private static final int LISTED = 32;
    private static final int LONGEST_NAME = 1024;

    private InsideFindings() {}

    static List<Finding> of(Contents contents) {
        return contents.findings().stream()
                .limit(LISTED)
                .map(finding -> new Finding(finding.kind().name(), shown(finding.name()), message(finding)))
                .toList();
    }

    private static String message(Contents.Finding finding) {
        return switch (finding.kind()) {
            case RowSecurity ->
                "row level security is on: what a login sees and writes is decided by its policies, not by its role alone, and a login that no policy is for sees no rows. See pg_policies";
            case SecurityDefiner ->
                "runs with its owner's rights by its caller's search_path, so a caller can have it use objects of their own: ALTER FUNCTION … SET search_path = <schema>, pg_temp; or make it SECURITY INVOKER";
        };
    }

    private static String shown(String name) {
        var visible = VisibleText.of(name);
        return visible.length() <= LONGEST_NAME ? visible : visible.substring(0, LONGEST_NAME - 1) + "…";
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.policy.ExtensionOffer;

/**
 * What the planner has to know about a server.
 *
 * @param majorVersion such as 18
 * @param admin the operator's own role there
 * @param libcUtf8 the libc locale for UTF-8 without language rules: C.UTF-8 where the server has it, else C
 */
public record ServerFacts(
        int majorVersion, String admin, boolean superuser, String libcUtf8, ExtensionOffer extensions) {

    /** From 16 on a membership says whether it inherits and whether SET ROLE is allowed. */
    public boolean membershipOptions() {
        return majorVersion >= 16;
    }

    /** From 17 on PostgreSQL brings its own locale provider. */
    public boolean builtinLocales() {
        return majorVersion >= 17;
    }
}

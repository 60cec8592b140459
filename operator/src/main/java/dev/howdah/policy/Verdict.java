// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import java.util.List;

/** What the rules say about a claim's spec. */
public sealed interface Verdict {
    /** The spec is agreed to, and this is what it comes to. */
    record Admitted(EffectiveClaim claim, Accepted.Grounds grounds) implements Verdict {}

    /** The spec is refused; what runs goes on as last accepted. Never empty. */
    record Denied(List<Violation> violations) implements Verdict {}
}

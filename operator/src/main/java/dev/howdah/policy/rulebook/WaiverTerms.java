// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rulebook;

import java.time.Instant;

/** A waiver without faults. */
public record WaiverTerms(
        String name, long generation, String namespace, String claim, Limits limits, Instant expires) {

    public boolean ended(Instant now) {
        return !now.isBefore(expires);
    }

    /** Whether it lifts a limit of a field, by its path in a violation. */
    public boolean lifts(String path) {
        return limits.speakOf(path);
    }

    public String id() {
        return "DatabaseWaiver/" + name;
    }
}

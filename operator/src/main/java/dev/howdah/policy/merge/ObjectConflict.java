// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import dev.howdah.policy.Source;

/**
 * A value of a policy or a class that cannot be in force for a claim: its author's fault.
 *
 * @param kind of fault
 */
public record ObjectConflict(Source author, String path, Kind kind, String message) {

    /** What keeps a value from being in force. */
    public enum Kind {
        /** It breaks a limit, or cannot be read. */
        BreaksLimit,
        /** Another policy's value outranks it. */
        Outranked,
        /** The server's admin may not set it. */
        ServerCannot
    }
}

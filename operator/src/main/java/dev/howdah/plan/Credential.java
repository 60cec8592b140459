// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.time.Instant;

/**
 * A new password in the form in which PostgreSQL gets it. Never prints itself.
 *
 * @param secret a SCRAM-SHA-256 verifier, or the password where the server refuses verifiers
 * @param fingerprint a keyed hash of the password, to tell later whether a Secret still holds it
 * @param issued when it was made, in whole seconds
 */
public record Credential(String secret, String fingerprint, Instant issued) {
    @Override
    public String toString() {
        return "Credential[…]";
    }
}

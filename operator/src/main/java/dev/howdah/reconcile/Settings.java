// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import java.time.Duration;

/**
 * What can be set about reconciling; {@code app} reads it from the configuration.
 *
 * @param namespace the operator's own, where admin Secrets are
 * @param sweepInterval how often a server is looked through when nothing happens
 * @param orphanGrace how long a claim must be gone before its ledger row is closed
 * @param unreachableGrace how long a deletion waits for a server that does not answer
 * @param measureInterval how often the databases of a server are measured
 * @param journalRetentionDays how long the journal is kept
 * @param lookInterval how often a claim's login is tried and the inside of its database is looked at
 */
public record Settings(
        String namespace,
        Duration sweepInterval,
        Duration orphanGrace,
        Duration unreachableGrace,
        Duration measureInterval,
        int journalRetentionDays,
        Duration lookInterval) {

    /** With a look a day. */
    public Settings(
            String namespace,
            Duration sweepInterval,
            Duration orphanGrace,
            Duration unreachableGrace,
            Duration measureInterval,
            int journalRetentionDays) {
        this(
                namespace,
                sweepInterval,
                orphanGrace,
                unreachableGrace,
                measureInterval,
                journalRetentionDays,
                Duration.ofDays(1));
    }
}

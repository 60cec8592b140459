// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What can be configured, by environment ({@code HOWDAH_NAMESPACE}) or file; {@code docs/configuration.md} lists it. */
@ConfigMapping(prefix = "howdah")
public interface HowdahConfig {
    /** The operator's own namespace: its Lease and the admin Secrets of servers. Inside a cluster it knows by itself. */
    Optional<String> namespace();

    /** How often a server is looked through when nothing happens. */
    @WithDefault("5m")
    Duration sweepInterval();

    /** How long a claim must be gone before its ledger row is closed. */
    @WithDefault("1h")
    Duration orphanGrace();

    /** How long the deletion of a claim waits for a server that does not answer. */
    @WithDefault("10m")
    Duration unreachableGrace();

    @WithDefault("90")
    int journalRetentionDays();

    LeaderElection leaderElection();

    /** Only one of several operator processes works at a time. */
    interface LeaderElection {
        @WithDefault("true")
        boolean enabled();

        @WithDefault("howdah")
        String leaseName();

        @WithDefault("15s")
        Duration leaseDuration();

        @WithDefault("10s")
        Duration renewDeadline();

        @WithDefault("2s")
        Duration retryPeriod();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.admission.registration.Registration;
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

    /** How often the size of the databases is measured. */
    @WithDefault("1h")
    Duration storageInterval();

    /** How often each claim's login is tried and the inside of its database looked at, when nothing happens. */
    @WithDefault("24h")
    Duration lookInterval();

    @WithDefault("90")
    int journalRetentionDays();

    LeaderElection leaderElection();

    Webhook webhook();

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

    /** The validating webhook, which says at once what the reconciler would say later. */
    interface Webhook {
        /** Absent: inside of a cluster, and elsewhere where {@link #url} is set. False takes away what a run left behind. */
        Optional<Boolean> enabled();

        /** The ValidatingWebhookConfiguration; two operators of one cluster need two. */
        @WithDefault("howdah")
        String name();

        /** The Service of the webhook in the operator's namespace; its port 443 leads to the webhook's. */
        @WithDefault("howdah-webhook")
        String service();

        /** How the API server reaches the webhook without a Service. */
        Optional<String> url();

        @WithDefault("Ignore")
        Registration.Failure failurePolicy();

        /** How long the API server waits. */
        @WithDefault("5s")
        Duration timeout();

        @WithDefault("self")
        Certificate certificate();

        /** Holds the certificate; with cert-manager also the name of its Certificate. */
        @WithDefault("howdah-webhook-tls")
        String secret();

        /** Whose care the certificate is. */
        enum Certificate {
            SELF,
            CERT_MANAGER
        }
    }
}

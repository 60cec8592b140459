// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.reconcile.Leadership;
import dev.howdah.reconcile.Settings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationService;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.AggregatedMetrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkiverse.operatorsdk.runtime.QuarkusConfigurationService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** The operator as beans. All of them lazy: verbs other than {@code run} need no cluster. */
@ApplicationScoped
class OperatorBeans {
    private static final Duration STEP_IN_HAND = Duration.ofSeconds(25);

    @Produces
    @ApplicationScoped
    Identity identity() {
        var host = "howdah";
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A name only serves people who read the Lease; the UUID makes it unique.
        }
        return new Identity(host + "_" + UUID.randomUUID());
    }

    /** Who this process is; a restarted one is another. */
    static class Identity {
        private final String holder;

        Identity() {
            this("");
        }

        Identity(String holder) {
            this.holder = holder;
        }

        String holder() {
            return holder;
        }
    }

    @Produces
    @ApplicationScoped
    WiringHandle wiring(KubernetesClient client, HowdahConfig config, Identity identity) {
        var namespace = namespace(client, config);
        var settings = new Settings(
                namespace,
                config.sweepInterval(),
                config.orphanGrace(),
                config.unreachableGrace(),
                config.storageInterval(),
                config.journalRetentionDays(),
                config.lookInterval());
        var kubeSystem = client.namespaces().withName("kube-system").get();
        if (kubeSystem == null) {
            throw new IllegalStateException("the cluster has no namespace kube-system, whose UID tells it from others");
        }
        var leadership = new Leadership(
                identity.holder(), kubeSystem.getMetadata().getUid(), () -> term(client, config, identity));
        return new WiringHandle(new Wiring(client, settings, leadership, Clock.systemUTC(), new Randomness()));
    }

    /** The Lease's transitions, asked of the API server; empty while this process does not hold it. */
    static OptionalLong term(KubernetesClient client, HowdahConfig config, Identity identity) {
        var election = config.leaderElection();
        if (!election.enabled()) {
            return OptionalLong.of(0);
        }
        var lease = client.leases()
                .inNamespace(namespace(client, config))
                .withName(election.leaseName())
                .get();
        if (lease == null || !identity.holder().equals(lease.getSpec().getHolderIdentity())) {
            return OptionalLong.empty();
        }
        var transitions = lease.getSpec().getLeaseTransitions();
        return OptionalLong.of(transitions == null ? 0 : transitions);
    }

    void close(@Disposes WiringHandle handle) {
        handle.wiring().close();
    }

    /** Gives the wiring a scope. */
    static class WiringHandle {
        private final Wiring wiring;

        WiringHandle(Wiring wiring) {
            this.wiring = wiring;
        }

        Wiring wiring() {
            return wiring;
        }
    }

    @Produces
    @ApplicationScoped
    Operator operator(
            QuarkusConfigurationService base,
            KubernetesClient client,
            HowdahConfig config,
            Identity identity,
            LeaseHold lease,
            MeterRegistry meters,
            WiringHandle handle) {
        var election = config.leaderElection();
        var configuration = ConfigurationService.newOverriddenConfigurationService(base, overrides -> {
            overrides
                    .withKubernetesClient(client)
                    // The Lease is given back after the end; the client is closed by who made it.
                    .withCloseClientOnStop(false)
                    .withReconciliationTerminationTimeout(STEP_IN_HAND)
                    // Per kind, never per claim.
                    .withMetrics(new AggregatedMetrics(
                            List.of(MicrometerMetrics.withoutPerResourceMetrics(meters), new FailureMetrics(meters))));
            if (election.enabled()) {
                overrides.withLeaderElectionConfiguration(new LeaderElectionConfiguration(
                        election.leaseName(),
                        namespace(client, config),
                        election.leaseDuration(),
                        election.renewDeadline(),
                        election.retryPeriod(),
                        identity.holder(),
                        lease.callbacks(),
                        false));
            } else {
                lease.leads();
            }
        });
        var operator = new Operator(configuration);
        handle.wiring().reconcilers().forEach(operator::register);
        return operator;
    }

    /** The operator's own namespace, or one line that says how to name it. */
    static String namespace(KubernetesClient client, HowdahConfig config) {
        return config.namespace()
                .or(() -> Optional.ofNullable(client.getNamespace()).filter(n -> inCluster()))
                .orElseThrow(() -> new IllegalStateException(
                        "HOWDAH_NAMESPACE is not set: name the namespace that holds the admin Secrets of servers"));
    }

    static boolean inCluster() {
        return System.getenv("KUBERNETES_SERVICE_HOST") != null;
    }
}

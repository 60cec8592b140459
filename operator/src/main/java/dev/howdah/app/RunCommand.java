// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** The operator, until it is told to stop. */
@Command(name = "run", description = "Run the operator against the cluster of KUBECONFIG, or the one it runs in.")
@ApplicationScoped
public class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    private final AtomicBoolean started = new AtomicBoolean();

    @Inject
    Instance<Preflight> preflight;

    @Inject
    Instance<Operator> operator;

    @Inject
    Instance<FleetMetrics> metrics;

    @Inject
    Instance<WebhookBeans> webhook;

    @Inject
    LeaseHold lease;

    @Inject
    HowdahConfig config;

    @Inject
    KubernetesClient client;

    @Inject
    OperatorBeans.Identity identity;

    @Override
    public Integer call() {
        preflight.get().check();
        operator.get().start();
        started.set(true);
        metrics.get().start();
        webhook.get().start();
        LOG.info("howdah is running");
        Quarkus.waitForExit();
        return 0;
    }

    /** The step in hand is finished, then the sessions are given back. */
    void stop(@Observes ShutdownEvent event) {
        if (started.getAndSet(false)) {
            webhook.get().stop();
            lease.letGo();
            operator.get().stop();
            giveLeaseBack();
            LOG.info("howdah has stopped");
        }
    }

    private void giveLeaseBack() {
        var election = config.leaderElection();
        if (election.enabled()) {
            lease.giveBack(client, OperatorBeans.namespace(client, config), election.leaseName(), identity.holder());
        }
    }
}

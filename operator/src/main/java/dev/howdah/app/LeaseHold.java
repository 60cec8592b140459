// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process is meant to keep the Lease. One that loses it against its will ends at once; one that lets go of it
 * while ending must not, because exiting within an exit never returns.
 */
@ApplicationScoped
class LeaseHold {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseHold.class);

    private final AtomicBoolean wanted = new AtomicBoolean(true);
    private final AtomicBoolean leading = new AtomicBoolean();

    void letGo() {
        wanted.set(false);
    }

    /**
     * Gives the Lease back once nothing is written any more, so that the next process need not wait until it runs out: the
     * SDK leaves it as it is. Where this fails, it does run out.
     */
    void giveBack(KubernetesClient client, String namespace, String name, String holder) {
        var leases = client.leases().inNamespace(namespace).withName(name);
        try {
            var lease = leases.get();
            if (lease != null && holder.equals(lease.getSpec().getHolderIdentity())) {
                // Of this version only: one that somebody else has taken by now is left alone.
                leases.patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"resourceVersion\":\"%s\"},\"spec\":{\"holderIdentity\":null}}"
                                .formatted(lease.getMetadata().getResourceVersion()));
                LOG.info("the Lease is given back");
            }
        } catch (KubernetesClientException e) {
            LOG.warn("the Lease could not be given back, so that it runs out first: {}", e.getMessage());
        }
    }

    LeaderCallbacks callbacks() {
        return new LeaderCallbacks(this::leads, this::lost, _ -> {});
    }

    /** It works from now on: it got the Lease, or there is none to get. */
    void leads() {
        leading.set(true);
    }

    /** Whether this process works, rather than to stand by. */
    boolean isLeading() {
        return leading.get();
    }

    private void lost() {
        leading.set(false);
        if (wanted.getAndSet(false)) {
            LOG.error("the Lease is lost: another process may lead now, so this one ends");
            // Not on this thread, which the exit itself waits for.
            Thread.ofPlatform().start(() -> System.exit(1));
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

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

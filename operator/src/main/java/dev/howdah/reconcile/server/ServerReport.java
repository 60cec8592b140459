// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import dev.howdah.api.v1alpha1.PostgresServerStatus.AvailableExtension;
import dev.howdah.api.v1alpha1.PostgresServerStatus.Capabilities;
import dev.howdah.api.v1alpha1.Reason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a visit to a server found.
 *
 * @param found {@code null} when it could not be used
 * @param orphans not {@code null} when too many claims are gone at once to close their rows
 * @param nextVisit when to look again
 */
record ServerReport(
        boolean usable,
        Reason reason,
        String message,
        @Nullable Found found,
        @Nullable String orphans,
        Instant nextVisit) {

    /** The same, to be looked at again then. */
    ServerReport until(Instant again) {
        return new ServerReport(usable, reason, message, found, orphans, again);
    }

    /**
     * Facts for the status.
     *
     * @param hardeningRefused whether some of the weaknesses are there because the admin may not do away with them
     */
    record Found(
            String version,
            String systemIdentifier,
            String installation,
            Capabilities capabilities,
            List<AvailableExtension> extensions,
            List<String> weaknesses,
            boolean hardeningRefused) {}
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.reconcile.status.Conditions;
import dev.howdah.reconcile.status.EventRecorder;

/** Events for a server: one when it begins to stand otherwise, one when a storm of orphans begins. */
final class ServerTransitions {
    private ServerTransitions() {}

    static void tell(EventRecorder events, PostgresServer server, ServerReport report) {
        var before = server.getStatus() == null ? null : server.getStatus().conditions();
        var known = Conditions.find(before, Conditions.READY)
                .filter(ready -> ready.reason().equals(report.reason().name()))
                .isPresent();
        if (!known && report.usable()) {
            events.normal(server, report.reason(), report.message());
        } else if (!known) {
            events.warning(server, report.reason(), report.message());
        }
        var orphans = report.orphans();
        var stalled = Conditions.find(before, Conditions.STALLED)
                .filter(c -> c.reason().equals(Reason.OrphanStorm.name()))
                .isPresent();
        if (orphans != null && !stalled) {
            events.warning(server, Reason.OrphanStorm, orphans);
        }
    }
}

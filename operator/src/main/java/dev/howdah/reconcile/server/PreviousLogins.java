// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.postgres.HostedServer;
import dev.howdah.postgres.HostedServer.Entry;
import dev.howdah.postgres.SqlFailure;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, for all claims of a server with one statement a visit, whether logins that a rotation replaced are still in use.
 * The claims themselves look when their time has come, and find there when that last was so.
 */
final class PreviousLogins {
    private static final Logger LOG = LoggerFactory.getLogger(PreviousLogins.class);

    private PreviousLogins() {}

    /** That it cannot be noted now keeps nothing from going on: each claim looks for itself before it closes a login. */
    static void look(HostedServer server, List<Entry> ledger) {
        var any = ledger.stream()
                .map(Entry::claim)
                .filter(row -> row.state() == State.Active)
                .flatMap(row -> row.logins().values().stream())
                .anyMatch(login -> login.previous() != null);
        if (!any) {
            return;
        }
        try {
            server.noteUse();
        } catch (SqlFailure e) {
            LOG.warn("it was not noted which logins are in use: {}", e.explanation());
        }
    }
}

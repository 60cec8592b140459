// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.judge;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedDatabase;
import dev.howdah.policy.Charge;
import dev.howdah.policy.Demand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What counts against the quotas of a namespace, as the operator counts: databases that are there and those that are kept.
 * A claim that the operator has not looked at, such as one in a file, counts as if it had been granted what it may have.
 *
 * @param charges retained ones included, whose budgets only the ledger has: they count as databases
 * @param waiting claims that wait and would fit; nothing is charged for them yet
 * @param retained names of the databases that no claim has
 * @param unlisted whether there may be retained ones that no status lists
 */
public record QuotaUse(List<Charge> charges, List<String> waiting, List<String> retained, boolean unlisted) {
    static final QuotaUse NONE = new QuotaUse(List.of(), List.of(), List.of(), true);

    /** @param granted what each claim has or would be granted, by the claim's name */
    static QuotaUse of(List<DatabaseClaim> claims, Map<String, Charge> granted) {
        var charges = new ArrayList<Charge>();
        var waiting = new ArrayList<String>();
        for (var claim : claims) {
            var name = claim.getMetadata().getName();
            var charge = granted.get(name);
            if (charge == null) {
                continue;
            }
            if (Standing.bound(claim) || !lookedAt(claim)) {
                charges.add(charge);
            } else {
                waiting.add(name);
            }
        }
        return new QuotaUse(List.copyOf(charges), List.copyOf(waiting), List.of(), true);
    }

    private static boolean lookedAt(DatabaseClaim claim) {
        return claim.getStatus() != null && claim.getStatus().observedGeneration() != null;
    }

    QuotaUse withRetained(Collection<PostgresServer> servers, String namespace) {
        var all = new ArrayList<>(charges);
        var names = new ArrayList<String>();
        var more = servers.isEmpty();
        for (var server : servers) {
            var status = server.getStatus();
            var listed = status == null || status.retained() == null ? List.<RetainedDatabase>of() : status.retained();
            more |= status == null
                    || status.systemIdentifier() == null
                    || (status.retainedDatabases() != null && status.retainedDatabases() > listed.size());
            for (var one : listed) {
                if (one.claimRef().namespace().equals(namespace)) {
                    all.add(new Charge(one.claimRef().name(), null, Demand.NONE, true));
                    names.add(one.database());
                }
            }
        }
        return new QuotaUse(List.copyOf(all), waiting, List.copyOf(names), more);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.plan.Desired;
import dev.howdah.plan.Handover;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Login;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Plan;
import dev.howdah.plan.Step;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the ledger holds of a claim after work on it, without asking again. */
final class LedgerRows {
    private LedgerRows() {}

    /** Whether others may have what this claim no longer takes. */
    static boolean gaveBack(LedgerClaim before, LedgerClaim now) {
        return now.storage() < before.storage() || now.connections() < before.connections();
    }

    static LedgerClaim begun(Desired desired, @Nullable LedgerClaim row) {
        if (row == null) {
            return new LedgerClaim(
                    desired.identity(),
                    desired.names().database(),
                    desired.roles(),
                    State.Provisioning,
                    desired.claim().storage(),
                    desired.claim().connections(),
                    null,
                    null,
                    Map.of());
        }
        return row.boundTo(desired.identity());
    }

    /** The row as it is now, without asking again: this process is the only one that writes it. */
    static LedgerClaim written(Desired desired, Observed observed, Plan opening, Collection<String> rolesLeft) {
        var before = observed.row();
        var logins = new HashMap<String, Login>();
        if (before != null) {
            desired.claim().access().forEach(access -> {
                var held = before.logins().get(access.name());
                if (held != null) {
                    logins.put(access.name(), held);
                }
            });
        }
        for (var step : opening.steps()) {
            if (step instanceof Step.RecordLogin recorded) {
                logins.put(recorded.access(), recorded.login());
            }
        }
        var accepted = opening.steps().stream()
                .filter(Step.RecordAccepted.class::isInstance)
                .map(step -> ((Step.RecordAccepted) step).accepted())
                .findFirst()
                .orElse(before == null ? null : before.accepted());
        return new LedgerClaim(
                desired.identity(),
                desired.names().database(),
                Stream.concat(desired.roles().stream(), rolesLeft.stream())
                        .distinct()
                        .toList(),
                State.Active,
                desired.claim().storage(),
                desired.claim().connections(),
                accepted,
                null,
                logins,
                before == null
                        ? LedgerClaim.History.NONE
                        : before.history().bound(desired.handover() == Handover.ByPair));
    }
}

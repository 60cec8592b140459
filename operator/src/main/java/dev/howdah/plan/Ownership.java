// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LedgerClaim.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether what is on the server may be worked on for this claim. What has no ledger row is foreign and stays untouched. */
final class Ownership {
    private Ownership() {}

    static @Nullable Conflict conflict(Desired desired, Observed observed) {
        var row = observed.row();
        return row == null ? withoutRow(desired, observed) : withRow(desired, observed, row);
    }

    private static @Nullable Conflict withoutRow(Desired desired, Observed observed) {
        if (observed.database() != null) {
            return foreignDatabase(desired, observed.database());
        }
        return foreignRoles(desired, observed, List.of());
    }

    private static @Nullable Conflict withRow(Desired desired, Observed observed, LedgerClaim row) {
        var mine = desired.identity();
        var theirs = row.identity();
        if (!theirs.hasNameOf(mine)) {
            return new Conflict(
                    Reason.DatabaseConflict,
                    "the database \"%s\" belongs to claim %s/%s; give this claim another name"
                            .formatted(row.database(), theirs.namespace(), theirs.name()));
        }
        if (!theirs.namespaceUid().equals(mine.namespaceUid()) && desired.handover() == Handover.Never) {
            return new Conflict(
                    Reason.RetainedByFormerNamespace,
                    "the database \"%s\" was made for an earlier namespace \"%s\" (UID %s) and is kept for it; use another claim name, or ask a DBA whether its data may be handed to this namespace: then `spec.adoptions` of its PostgresServer lists {database: %s, claimRef: {namespace: %s, name: %s}}%s"
                            .formatted(
                                    row.database(),
                                    theirs.namespace(),
                                    theirs.namespaceUid(),
                                    row.database(),
                                    mine.namespace(),
                                    mine.name(),
                                    row.history().consentUsed()
                                            ? ". The one that stands there was acted on before: it has to be taken out first, for consent counts once"
                                            : ""));
        }
        var foreignRoles = foreignRoles(desired, observed, row.roles());
        if (foreignRoles != null) {
            return foreignRoles;
        }
        var renamed = renamed(desired, observed, row);
        if (renamed != null) {
            return renamed;
        }
        var database = observed.database();
        if (database == null
                || (database.broken() && database.owner().equals(desired.names().databaseRole()))) {
            return mayBeAbsent(row) || desired.acceptedLoss() ? null : missing(row);
        }
        return database.owner().equals(desired.names().databaseRole()) ? null : foreignDatabase(desired, database);
    }

    /** An owner group made anew would own nothing of what the one before made, and the claim's logins would be in it. */
    private static @Nullable Conflict renamed(Desired desired, Observed observed, LedgerClaim row) {
        var names = desired.names();
        if (row.accepted() == null || observed.roles().containsKey(names.ownerGroup())) {
            return null;
        }
        return observed.surroundings().memberships().stream()
                .filter(held -> held.member().equals(names.databaseRole())
                        && !row.roles().contains(held.group()))
                .map(held -> new Conflict(
                        Reason.RoleConflict,
                        "the role \"%s\", which owns what is in database \"%s\", was renamed to \"%s\" by hand; nothing is done meanwhile. It heals when the name is back: ALTER ROLE \"%s\" RENAME TO \"%s\""
                                .formatted(
                                        names.ownerGroup(),
                                        row.database(),
                                        held.group(),
                                        held.group(),
                                        names.ownerGroup())))
                .findFirst()
                .orElse(null);
    }

    /** What was never opened, or was on its way out, held nothing that anybody could miss. */
    private static boolean mayBeAbsent(LedgerClaim row) {
        var ours = row.history().adopted() == null;
        return (ours && (row.accepted() == null || row.state() == State.Provisioning)) || row.state() == State.Dropping;
    }

    private static Conflict missing(LedgerClaim row) {
        return new Conflict(
                Reason.DatabaseMissing,
                "the database \"%s\" is no longer on the server: dropped or renamed by hand. It heals when the name is back; to go on with an empty one instead, annotate the claim with howdah.dev/accept-loss=%s"
                        .formatted(row.database(), row.database()));
    }

    private static Conflict foreignDatabase(Desired desired, Observed.Database database) {
        return new Conflict(
                Reason.DatabaseConflict,
                "a database \"%s\" exists already, owned by \"%s\", and is not this claim's; it was left untouched. Give the claim another name, or ask a DBA to rename the database"
                        .formatted(desired.names().database(), database.owner()));
    }

    static @Nullable Conflict foreignRoles(Desired desired, Observed observed, List<String> ours) {
        var foreign = desired.roles().stream()
                .filter(role -> observed.roles().containsKey(role)
                        && !ours.contains(role)
                        && !observed.surroundings().left().contains(role))
                .toList();
        return foreign.isEmpty()
                ? null
                : new Conflict(
                        Reason.RoleConflict,
                        "the role \"%s\" exists already and is not this claim's; it was left untouched. Give the claim (or its access entry) another name, or ask a DBA to rename the role"
                                .formatted(String.join("\", \"", foreign)));
    }
}

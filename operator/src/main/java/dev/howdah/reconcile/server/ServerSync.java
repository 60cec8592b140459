// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import static dev.howdah.reconcile.status.Conditions.IN_SYNC;
import static dev.howdah.reconcile.status.Conditions.UNKNOWN;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.PostgresServerSpec.Drift;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.reconcile.fleet.DriftBook.Open;
import dev.howdah.reconcile.fleet.Member;
import dev.howdah.reconcile.status.Conditions;
import dev.howdah.reconcile.status.Conditions.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a server says of the drift on it. */
final class ServerSync {
    private static final int NAMED = 20;

    private ServerSync() {}

    static Wanted wanted(@Nullable List<Condition> before, Member member, ServerReport report) {
        var book = member.drift();
        if (!report.usable() || !book.isSwept()) {
            return Conditions.kept(before, IN_SYNC)
                    .orElseGet(() -> new Wanted(IN_SYNC, UNKNOWN, Reason.Pending, "not looked at yet"));
        }
        var open = book.open();
        var words = new ArrayList<String>(book.operatorTroubles());
        open.entrySet().stream()
                .limit(NAMED)
                .map(entry -> entry.getKey() + ": "
                        + entry.getValue().stream().map(Open::words).collect(Collectors.joining("; ")))
                .forEach(words::add);
        if (open.size() > NAMED) {
            words.add("and %d more databases".formatted(open.size() - NAMED));
        }
        if (words.isEmpty()) {
            return Wanted.of(IN_SYNC, true, Reason.InSync, "all databases are as agreed");
        }
        var reports = member.resource().getSpec().driftOrDefault() == Drift.Report;
        var refused = !reports && open.values().stream().flatMap(List::stream).anyMatch(Open::refused);
        return Wanted.of(
                IN_SYNC, false, refused ? Reason.InsufficientPrivilege : Reason.DriftFound, String.join(". ", words));
    }
}

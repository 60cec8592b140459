// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import dev.howdah.api.v1alpha1.DatabaseWaiverSpec.ClaimReference;
import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedBecause;
import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedDatabase;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.reconcile.fleet.Member;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The databases of a server that are kept and that no claim has, as its status lists them. */
record Retained(@Nullable Integer count, @Nullable List<RetainedDatabase> databases) {
    private static final int LISTED = 100;
    private static final String UNITS = "KMGTP";

    static Retained of(Member member) {
        var sizes = member.sizes();
        var kept = member.rows().stream()
                .filter(row -> row.state() == State.Retained || row.state() == State.Dropping)
                .filter(row -> row.history().retainedAt() != null)
                .sorted(Comparator.comparing(Retained::since).thenComparing(LedgerClaim::database))
                .toList();
        return kept.isEmpty()
                ? new Retained(null, null)
                : new Retained(
                        kept.size(),
                        kept.stream()
                                .limit(LISTED)
                                .map(row -> listed(row, sizes.get(row.database())))
                                .toList());
    }

    private static Instant since(LedgerClaim row) {
        return Objects.requireNonNull(row.history().retainedAt());
    }

    private static RetainedDatabase listed(LedgerClaim row, @Nullable Long size) {
        var because = row.history().because();
        return new RetainedDatabase(
                row.database(),
                new ClaimReference(row.identity().namespace(), row.identity().name()),
                // Rows of an earlier version do not say: then a claim was deleted more often than not.
                because == null ? RetainedBecause.ClaimDeleted : because,
                seconds(since(row)),
                row.dropAfter() == null ? null : seconds(row.dropAfter()),
                size == null ? null : rough(size));
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Two digits are enough for people, and a status that need not be written for every page. */
    static String rough(long bytes) {
        double size = bytes;
        var unit = "";
        for (int i = 0; size >= 1000 && i < UNITS.length(); i++) {
            size /= 1024;
            unit = UNITS.charAt(i) + "i";
        }
        return String.format(Locale.ROOT, size < 10 && !unit.isEmpty() ? "%.1f%s" : "%.0f%s", size, unit);
    }
}

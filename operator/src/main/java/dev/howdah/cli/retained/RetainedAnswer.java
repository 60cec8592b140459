// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.retained;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedBecause;
import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedDatabase;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.cli.output.Asides;
import dev.howdah.cli.output.Page;
import dev.howdah.cli.state.Conditions;
import dev.howdah.cli.world.Fault;
import dev.howdah.cli.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is kept.
 *
 * @param retained as the servers' statuses list it, by server and then longest kept first
 * @param notAsked servers that said nothing of it yet, or do not answer now
 * @param unlisted how many more there are than a status lists
 */
record RetainedAnswer(
        List<Kept> retained, List<String> notAsked, int unlisted, List<Fault> faults, List<String> notes) {

    private static final int DAY = "2026-12-31".length();

    /**
     * A database.
     *
     * @param until when it is dropped, {@code null} for never
     * @param waiting what a claim of that name waits for now, {@code null} for nothing
     */
    record Kept(
            String server,
            String database,
            String claim,
            RetainedBecause because,
            String since,
            @Nullable String until,
            @Nullable String size,
            @Nullable String waiting) {

        String why() {
            var why = switch (because) {
                case ClaimDeleted -> "claim %s was deleted%s".formatted(claim, until == null ? "" : " with Delete");
                case ClaimGone -> "claim %s was found to be gone".formatted(claim);
            };
            return waiting == null ? why : why + "; " + waiting;
        }
    }

    static RetainedAnswer of(World world, @Nullable String namespace, @Nullable String server) {
        var kept = new ArrayList<Kept>();
        var notAsked = new ArrayList<String>();
        var unlisted = 0;
        for (var entry : world.servers().entrySet()) {
            if (server != null && !server.equals(entry.getKey())) {
                continue;
            }
            var status = entry.getValue().getStatus();
            if (status == null || status.systemIdentifier() == null || !isReady(entry.getValue())) {
                notAsked.add(entry.getKey());
            }
            var listed = status == null || status.retained() == null ? List.<RetainedDatabase>of() : status.retained();
            listed.stream()
                    .filter(one ->
                            namespace == null || namespace.equals(one.claimRef().namespace()))
                    .forEach(one -> kept.add(kept(entry.getKey(), one, world)));
            unlisted += status == null || status.retainedDatabases() == null
                    ? 0
                    : status.retainedDatabases() - listed.size();
        }
        var notes = new ArrayList<>(world.notes());
        if (server != null && !world.servers().containsKey(server)) {
            notes.add("there is no PostgresServer \"%s\"".formatted(server));
            notAsked.add(server);
        } else if (world.servers().isEmpty()) {
            notes.add("no PostgresServer is known");
        }
        return new RetainedAnswer(kept, notAsked, unlisted, world.faults(), notes);
    }

    private static boolean isReady(PostgresServer server) {
        return Conditions.isTrue(server.getStatus().conditions(), "Ready");
    }

    private static Kept kept(String server, RetainedDatabase one, World world) {
        var claim = one.claimRef().namespace() + "/" + one.claimRef().name();
        return new Kept(
                server,
                one.database(),
                claim,
                one.because(),
                one.sinceTime(),
                one.dropTime(),
                one.size(),
                waiting(world.claims().get(claim), server));
    }

    /** A claim of the same name that cannot have it, or not yet. */
    private static @Nullable String waiting(@Nullable DatabaseClaim claim, String server) {
        if (claim == null) {
            return null;
        }
        var formerly = claim.getStatus() != null
                && claim.getStatus().conditions() != null
                && claim.getStatus().conditions().stream()
                        .map(Condition::reason)
                        .anyMatch(Reason.RetainedByFormerNamespace.name()::equals);
        if (formerly) {
            return "a claim of a namespace made anew waits for it: a DBA consents by `spec.adoptions` of the server";
        }
        var host = claim.getStatus() == null ? null : claim.getStatus().server();
        return host == null || host.name().equals(server)
                ? "a claim of that name is there"
                : "a claim of that name is there, with another database on server \"%s\"".formatted(host.name());
    }

    /** Whether nothing is missing. */
    boolean complete() {
        return notAsked.isEmpty() && faults.isEmpty();
    }

    /** People need no seconds; machines get the whole. */
    private static String day(String time) {
        return time.length() > DAY ? time.substring(0, DAY) : time;
    }

    Page page() {
        var page = new Page();
        if (retained.isEmpty()) {
            page.line("Nothing is kept that no claim has.");
        } else {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("DATABASE", "SERVER", "SINCE", "UNTIL", "SIZE", "WHY"));
            retained.forEach(one -> rows.add(List.of(
                    one.database(),
                    one.server(),
                    day(one.since()),
                    one.until() == null ? "for good" : day(one.until()),
                    Objects.requireNonNullElse(one.size(), "unknown"),
                    one.why())));
            page.table(0, rows);
        }
        if (unlisted > 0) {
            page.blank().line("%d more are kept than the statuses of their servers list.".formatted(unlisted));
        }
        if (!notAsked.isEmpty()) {
            page.blank()
                    .line("Not known, or not as it is now, of server %s: see `kubectl get pgserver`."
                            .formatted(String.join(", ", notAsked)));
        }
        Asides.show(page, faults, notes);
        return page;
    }
}

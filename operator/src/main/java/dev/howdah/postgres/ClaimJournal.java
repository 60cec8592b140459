// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Step;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClaimNames;
import dev.howdah.postgres.LedgerSql.JournalEntry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one piece of work on a claim. What was done in the ledger's own transaction is written in it; all else
 * waits for the next one, or for the end.
 */
final class ClaimJournal {
    private final HostedServer server;
    private final ClaimIdentity identity;
    private final ClaimNames names;
    private final List<JournalEntry> unwritten = new ArrayList<>();
    /** The policies and waivers behind the work, with their generations. */
    private Map<String, Long> behind = Map.of();

    private boolean told;

    ClaimJournal(HostedServer server, ClaimIdentity identity, ClaimNames names) {
        this.server = server;
        this.identity = identity;
        this.names = names;
    }

    /** The work is done on these grounds. */
    void because(Accepted.Grounds grounds) {
        behind = grounds.behind();
        told = true;
    }

    /** Where nothing else is said, it is done for what was last agreed to. */
    void seen(Observed observed) {
        var accepted = observed.row() == null ? null : observed.row().accepted();
        if (!told && accepted != null) {
            behind = accepted.grounds().behind();
        }
    }

    void did(List<Step> steps, Instant started) {
        unwritten.add(entry(steps, started, null));
    }

    /** What was not written yet, and this batch, which is to share its transaction. */
    List<String> with(List<Step> steps) {
        var statements = waiting();
        statements.add(server.ledger().journal(entry(steps, null, null)));
        return statements;
    }

    /** What {@link #with} gave was committed. */
    void written() {
        unwritten.clear();
    }

    /** Returns the number of the failure's line, {@code null} where it could not be written. */
    @Nullable
    Long failed(Session session, List<Step> steps, Instant started, String sqlState) {
        unwritten.add(entry(steps, started, sqlState));
        var id = write(session);
        return id == null ? null : Long.valueOf(id);
    }

    /** Writes what is left, if anything is; answers with the number of the last line. */
    @Nullable
    String write(Session session) {
        if (unwritten.isEmpty()) {
            return null;
        }
        var statements = new ArrayList<String>();
        statements.add(server.ledger().fence());
        statements.addAll(waiting());
        try {
            return Batches.run(session, String.join(";\n", statements) + " RETURNING id");
        } catch (SQLException e) {
            // The journal is a record, not a decision: what failed before it is what gets reported.
            server.traffic().journalLost(unwritten.size());
            return null;
        } finally {
            unwritten.clear();
        }
    }

    private List<String> waiting() {
        var statements = new ArrayList<String>();
        unwritten.forEach(entry -> statements.add(server.ledger().journal(entry)));
        return statements;
    }

    private JournalEntry entry(List<Step> steps, @Nullable Instant started, @Nullable String sqlState) {
        return new JournalEntry(
                identity.uid(),
                identity.namespace() + "/" + identity.name(),
                names.database(),
                steps.stream().map(Step::summary).toList(),
                behind,
                started == null
                        ? null
                        : Duration.between(started, server.clock().instant()).toMillis(),
                sqlState);
    }
}

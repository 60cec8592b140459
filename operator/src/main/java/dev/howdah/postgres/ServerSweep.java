// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedBecause;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.Observed;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all claims of a server at once. The first question is answered by a line for each: where it stands in the ledger
 * and a hash of everything the catalogs say about it. Only what the hash shows to have changed is read, by a second one.
 */
public final class ServerSweep {
    private static final String TARGETS =
            "(SELECT c.claim_uid AS uid, c.database::name AS database, c.roles::name[] AS names)";

    private final HostedServer server;

    public ServerSweep(HostedServer server) {
        this.server = server;
    }

    /**
     * A claim in the ledger.
     *
     * @param entry its row as far as it is read here, with what was remembered of the rest
     * @param hash of all facts
     * @param dropped whether it is kept without a claim and not there any more, under no name: whoever renames a database
     *     leaves it to its owner
     */
    public record Line(HostedServer.Entry entry, String hash, boolean dropped) {}

    /**
     * The answer.
     *
     * @param journal how far the journal has come
     * @param operators which of the operator roles that were asked for exist
     * @param grantedOperators those that may have been granted something
     * @param formerOperators those of them that are no longer asked for
     */
    public record Lines(
            List<Line> lines,
            long journal,
            Set<String> operators,
            Set<String> grantedOperators,
            Set<String> formerOperators) {}

    /** {@code remembered} by UID: what a row says about the claim itself is written by this process alone. */
    public Lines look(Map<String, LedgerClaim> remembered, List<String> operators) {
        var sql =
                """
                SELECT json_build_object('inRecovery', pg_is_in_recovery(), 'epoch', (SELECT epoch FROM howdah.fence),
                  'now', clock_timestamp(), 'operators', %1$s, 'granted', (SELECT to_json(operator_roles) FROM howdah.server),
                  'journal', %3$s,
                  'claims', (SELECT coalesce(json_agg(json_build_object('uid', c.claim_uid, 'namespace', c.namespace,
                      'namespaceUid', c.namespace_uid, 'name', c.name, 'database', c.database, 'roles', c.roles,
                      'state', c.state, 'storage', c.storage, 'connections', c.connections, 'dropAfter', c.drop_after,
                      'due', c.drop_after <= now(), 'retainedAt', c.retained_at, 'because', c.retained_because,
                      'formerInstallation', c.former_installation, 'consentUsed', c.consent_used,
                      'dropped', c.state = 'Retained' AND NOT EXISTS (SELECT FROM pg_database d WHERE d.datname = c.database)
                        AND NOT EXISTS (SELECT FROM pg_database d WHERE pg_get_userbyid(d.datdba) = ANY (c.roles::name[])),
                      'hash', md5((%2$s)::text))), '[]') FROM howdah.claim c))::text""".formatted(Facts.existing(operators), Facts.select(TARGETS, server.inspected()), LedgerSql.POSITION);
        var read = Json.read(server.ask(sql, "sweep the server"), SweepJson.class);
        Catalogs.checkPrimary(read.inRecovery(), read.epoch(), server.identity().epoch());
        server.timeIs(read.now().toInstant());
        var lines = new ArrayList<Line>();
        for (var claim : read.claims()) {
            lines.add(new Line(
                    new HostedServer.Entry(claim.toRow(remembered.get(claim.uid())), Boolean.TRUE.equals(claim.due())),
                    claim.hash(),
                    claim.dropped()));
        }
        var former = new TreeSet<>(read.granted());
        operators.forEach(former::remove);
        return new Lines(lines, read.journal(), read.operators(), new TreeSet<>(read.granted()), former);
    }

    /** The facts of these claims, in one question; a claim that is gone meanwhile is left out. */
    public Map<String, Observed> observe(Collection<LedgerClaim> rows, Set<String> existingOperators) {
        var uids = rows.stream().map(row -> row.identity().uid()).toList();
        var sql = "SELECT coalesce(json_object_agg(c.claim_uid, (" + Facts.select(TARGETS, server.inspected())
                + ")), '{}')::text FROM howdah.claim c WHERE c.claim_uid = ANY (" + Quoting.texts(uids) + ")";
        var read = Json.read(server.ask(sql, "look at what changed"), FactsByUid.class);
        var observed = new HashMap<String, Observed>();
        for (var row : rows) {
            var facts = read.get(row.identity().uid());
            if (facts != null) {
                observed.put(
                        row.identity().uid(),
                        Facts.observed(facts, row, server.facts().admin(), existingOperators, Set.of()));
            }
        }
        return observed;
    }

    /** Remembers who may have been granted what operator roles get, before any of it is granted. */
    public void rememberOperators(Collection<String> granted) {
        var roles = new TreeSet<>(granted);
        server.run(
                server.ledger().fence() + "; UPDATE howdah.server SET operator_roles = "
                        + Quoting.texts(List.copyOf(roles)) + " WHERE operator_roles <> "
                        + Quoting.texts(List.copyOf(roles)),
                "remember the operator roles");
    }

    private static final class FactsByUid extends HashMap<String, Facts.FactsJson> {
        private static final long serialVersionUID = 1;
    }

    private record SweepJson(
            boolean inRecovery,
            long epoch,
            OffsetDateTime now,
            HashSet<String> operators,
            List<String> granted,
            long journal,
            List<LineJson> claims) {}

    private record LineJson(
            String uid,
            String namespace,
            String namespaceUid,
            String name,
            String database,
            List<String> roles,
            LedgerClaim.State state,
            long storage,
            int connections,
            @Nullable OffsetDateTime dropAfter,
            @Nullable Boolean due,
            @Nullable OffsetDateTime retainedAt,
            @Nullable RetainedBecause because,
            @Nullable String formerInstallation,
            boolean consentUsed,
            boolean dropped,
            String hash) {
        LedgerClaim toRow(@Nullable LedgerClaim remembered) {
            return new LedgerClaim(
                    new ClaimIdentity(uid, namespace, namespaceUid, name),
                    database,
                    roles,
                    state,
                    storage,
                    connections,
                    remembered == null ? null : remembered.accepted(),
                    dropAfter == null ? null : dropAfter.toInstant(),
                    remembered == null ? Map.of() : remembered.logins(),
                    new LedgerClaim.History(
                            retainedAt == null ? null : retainedAt.toInstant(),
                            because,
                            formerInstallation,
                            consentUsed,
                            remembered == null ? null : remembered.history().adopted()));
        }
    }
}

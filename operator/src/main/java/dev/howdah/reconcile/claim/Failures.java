// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.postgres.ServerRefused;
import dev.howdah.postgres.SqlFailure;
import dev.howdah.reconcile.claim.ClaimOutcome.Later;
import dev.howdah.reconcile.claim.ClaimOutcome.Standing;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.status.Forbidden;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failure on the server means for a claim. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    /** Nobody tells when it is allowed again. */
    private static final Duration REFUSED_BY_THE_API = Duration.ofSeconds(30);

    private static final int SILENT_ATTEMPTS = 2;
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Fleet fleet;
    private final Signals signals;
    private final Retries retries = new Retries();
    private final Map<ResourceID, Stuck> stuck = new ConcurrentHashMap<>();

    /** A bug, and the line of the journal in which it was first met. */
    private record Stuck(String what, long line) {}

    Failures(Fleet fleet, Signals signals) {
        this.fleet = fleet;
        this.signals = signals;
    }

    /** It went well, or there is nothing to go wrong any more: the next wait is a short one again. */
    void over(ResourceID claim) {
        retries.reset(claim);
        stuck.remove(claim);
    }

    ClaimOutcome outcome(DatabaseClaim claim, ServerRefused e) {
        var id = ResourceID.fromResource(claim);
        suspect(claim);
        return passing(id, Reason.ServerUnavailable, e.explanation());
    }

    ClaimOutcome outcome(DatabaseClaim claim, SqlFailure e) {
        var id = ResourceID.fromResource(claim);
        LOG.warn("{}", e.explanation());
        return switch (e.kind()) {
            case FencedOut -> {
                suspect(claim);
                yield new Later(Duration.ofSeconds(30));
            }
            case Transient -> passing(id, Reason.Provisioning, e.explanation());
            case Uncertain -> {
                suspect(claim);
                yield passing(id, Reason.Provisioning, e.explanation());
            }
            case NeedsAction ->
                ClaimOutcome.told(
                        Standing.Conflict,
                        e.sqlState().equals(INSUFFICIENT_PRIVILEGE)
                                ? Reason.InsufficientPrivilege
                                : Reason.DatabaseConflict,
                        e.explanation(),
                        ClaimFlow.SOMEBODY_ACTS);
            case Bug ->
                ClaimOutcome.told(
                        Standing.Failed,
                        Reason.Stuck,
                        e.explanation() + ". This is a bug: please report it with " + line(id, e),
                        ClaimFlow.SOMEBODY_ACTS);
        };
    }

    /**
     * What the API server refuses stays refused until somebody acts; the claim says which verb on which resource.
     *
     * @throws KubernetesClientException for what passes by itself, to be tried again
     */
    ClaimOutcome outcome(KubernetesClientException e) {
        var words = Forbidden.words(e).orElseThrow(() -> e);
        if (Forbidden.namespaceIsGoing(e)) {
            return new Later(REFUSED_BY_THE_API);
        }
        LOG.warn("{}", words);
        return ClaimOutcome.told(Standing.Conflict, Reason.InsufficientPrivilege, words, REFUSED_BY_THE_API);
    }

    /** Of the first time: the same bug, tried again, says the same. */
    private String line(ResourceID id, SqlFailure e) {
        var line = e.journal();
        if (line == null) {
            return "the operator's log";
        }
        var first = stuck.compute(
                id,
                (_, before) -> before != null && before.what().equals(e.explanation())
                        ? before
                        : new Stuck(e.explanation(), line));
        return "line %d of the ledger's journal (howdah.journal)".formatted(first.line());
    }

    private ClaimOutcome passing(ResourceID id, Reason reason, String message) {
        var again = retries.next(id);
        return retries.count(id) <= SILENT_ATTEMPTS
                ? new Later(again)
                : ClaimOutcome.told(Standing.Waiting, reason, message + "; tried again by itself", again);
    }

    /** The server the claim is on is looked at, and the claim itself on its next turn. */
    private void suspect(DatabaseClaim claim) {
        var uid = claim.getMetadata().getUid();
        fleet.members().stream().filter(member -> member.concerns(uid)).forEach(member -> {
            member.suspect(uid);
            signals.visit(member.name());
        });
    }
}

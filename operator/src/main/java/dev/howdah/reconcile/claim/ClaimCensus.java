// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.reconcile.status.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many claims there are of a kind. Nothing tells them apart beyond that, so that there are few kinds.
 *
 * @param claims how many of each kind
 * @param waiting for how long the one that has waited longest is not ready, of those whose spec is agreed to
 */
public record ClaimCensus(Map<Kind, Long> claims, Map<Waiting, Duration> waiting) {
    private static final String PAUSED = Reason.Paused.name();

    /**
     * Claims that read alike.
     *
     * @param className a class there is, or that a claim is bound to; empty for any other, as anybody may write down anything
     * @param ready the status of condition {@code Ready}
     * @param reason its reason
     */
    public record Kind(String className, String ready, String reason) {}

    /** Claims that wait alike. */
    public record Waiting(String className, String reason) {}

    static ClaimCensus of(Collection<DatabaseClaim> claims, Collection<DatabaseClass> classes, Instant now) {
        var offered = classes.stream()
                .map(databaseClass -> databaseClass.getMetadata().getName())
                .collect(Collectors.toSet());
        var counted = new HashMap<Kind, Long>();
        var waiting = new HashMap<Waiting, Duration>();
        for (var claim : claims) {
            var kind = kind(claim, offered);
            counted.merge(kind, 1L, Long::sum);
            if (waits(claim, kind)) {
                waiting.merge(
                        new Waiting(kind.className(), kind.reason()),
                        Duration.between(since(claim), now),
                        (one, other) -> one.compareTo(other) < 0 ? other : one);
            }
        }
        return new ClaimCensus(counted, waiting);
    }

    private static Kind kind(DatabaseClaim claim, Set<String> offered) {
        var status = claim.getStatus();
        var bound = status == null ? null : status.className();
        var asked = ClaimFlow.spec(claim).className();
        var className = bound != null ? bound : asked != null && offered.contains(asked) ? asked : "";
        return Conditions.find(status == null ? null : status.conditions(), Conditions.READY)
                .map(ready -> new Kind(className, ready.status(), ready.reason()))
                .orElseGet(() -> new Kind(className, Conditions.UNKNOWN, Reason.Pending.name()));
    }

    /** A spec that is refused is its author's to change, and nobody waits for who pauses or deletes. */
    private static boolean waits(DatabaseClaim claim, Kind kind) {
        var status = claim.getStatus();
        var refused = Conditions.find(status == null ? null : status.conditions(), Conditions.ACCEPTED)
                .filter(accepted -> accepted.status().equals(Conditions.FALSE))
                .isPresent();
        return !kind.ready().equals(Conditions.TRUE)
                && !refused
                && !kind.reason().equals(PAUSED)
                && claim.getMetadata().getDeletionTimestamp() == null;
    }

    private static Instant since(DatabaseClaim claim) {
        var status = claim.getStatus();
        return Instant.parse(Conditions.find(status == null ? null : status.conditions(), Conditions.READY)
                .map(ready -> ready.lastTransitionTime())
                .orElseGet(() -> claim.getMetadata().getCreationTimestamp()));
    }
}

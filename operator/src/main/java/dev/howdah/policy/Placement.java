// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.PostgresServerSpec.Capacity;
import dev.howdah.api.v1alpha1.Reason;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Chooses the server of a new claim: among those that can take it, the one whose tightest free fraction is largest. */
public final class Placement {
    private Placement() {}

    /**
     * One server that the class selects.
     *
     * @param paused whether a DBA wants it left alone; then it is not ready
     * @param ledgerKnown whether its ledger was read; if not, the claim may already live there
     * @param usedDatabases what its ledger holds, retained and reserved ones included
     */
    public record Candidate(
            String name,
            boolean paused,
            boolean ledgerKnown,
            boolean ready,
            boolean hardened,
            boolean schedulable,
            boolean admitsNamespace,
            int majorVersion,
            ExtensionOffer extensions,
            @Nullable Capacity capacity,
            int usedDatabases,
            Demand used) {

        /** The same for a database that is there already. */
        public Candidate adopting() {
            return new Candidate(
                    name,
                    paused,
                    ledgerKnown,
                    ready,
                    true,
                    true,
                    true,
                    majorVersion,
                    extensions,
                    capacity,
                    usedDatabases,
                    used);
        }

        Room room() {
            return new Room(capacity, usedDatabases, used);
        }
    }

    /** What became of the search. */
    public sealed interface Outcome {
        record Chosen(String server) implements Outcome {}

        /**
         * No server for now.
         *
         * @param refused whether the claim must change ({@code true}), or a server may come by itself
         * @param lasting the message without figures that other databases move
         */
        record Nowhere(Reason reason, String message, boolean refused, String lasting) implements Outcome {
            public Nowhere(Reason reason, String message, boolean refused) {
                this(reason, message, refused, message);
            }
        }
    }

    /**
     * Looks for a home for a claim that has none yet. The order of the candidates does not matter.
     *
     * @param listed untrusted extensions that a policy lists
     */
    public static Outcome place(EffectiveClaim claim, Set<String> listed, Collection<Candidate> candidates) {
        var unknown = filter(candidates, c -> !c.ledgerKnown());
        if (!unknown.isEmpty()) {
            return waiting(
                    Reason.LedgerUnreadable,
                    "the ledger of %s cannot be read, so it is not known whether this claim already has a database there; nothing is placed until it can, see `kubectl describe pgserver %s`"
                            .formatted(names(unknown), unknown.getFirst().name()));
        }
        var offering = filter(candidates, c -> c.majorVersion() == claim.majorVersion() && c.admitsNamespace());
        if (offering.isEmpty()) {
            return waiting(
                    Reason.NoMatchingServer,
                    "no server of class \"%s\" runs PostgreSQL %d and admits this namespace%s; ask a DBA for one, or choose another class or version"
                            .formatted(
                                    claim.className(),
                                    claim.majorVersion(),
                                    candidates.isEmpty() ? "" : " (selected: " + names(candidates) + ")"));
        }
        var ready = filter(offering, Candidate::ready);
        if (ready.isEmpty()) {
            return waiting(
                    Reason.ServerUnavailable,
                    "no suitable server is ready (%s); the claim goes on by itself when one is"
                            .formatted(names(offering)));
        }
        var having = filter(ready, c -> faults(c, claim, listed).isEmpty());
        if (having.isEmpty()) {
            var first = faults(ready.getFirst(), claim, listed).getFirst();
            return new Outcome.Nowhere(reason(first.obstacle()), first.message(), true);
        }
        var open = filter(having, c -> c.schedulable() && c.hardened());
        if (open.isEmpty()) {
            return waiting(
                    Reason.NoMatchingServer,
                    "every suitable server is closed for new databases (%s): unschedulable, or not hardened as it requires; ask a DBA"
                            .formatted(names(having)));
        }
        return open.stream()
                .filter(c -> c.room().lacksFor(claim.demand()).isEmpty())
                .max(Comparator.comparingDouble((Candidate c) -> c.room().tightestFreeFraction())
                        .thenComparing(Candidate::name, Comparator.reverseOrder()))
                .<Outcome>map(c -> new Outcome.Chosen(c.name()))
                .orElseGet(() -> {
                    var lacks = new TreeMap<String, List<Room.Part>>();
                    open.forEach(c -> lacks.put(c.name(), c.room().lacksFor(claim.demand())));
                    var shortage = new Shortage(claim, lacks);
                    return new Outcome.Nowhere(Reason.NoCapacity, shortage.message(), false, shortage.lasting());
                });
    }

    private static List<ExtensionOffer.Fault> faults(Candidate server, EffectiveClaim claim, Set<String> listed) {
        return server.extensions().faults(claim.extensions(), listed, false, "\"" + server.name() + "\"");
    }

    /** The reason that goes with an obstacle. */
    public static Reason reason(ExtensionOffer.Obstacle obstacle) {
        return switch (obstacle) {
            case NotAvailable -> Reason.ExtensionNotAvailable;
            case VersionNotAvailable -> Reason.ExtensionVersionNotAvailable;
            case NotTrusted -> Reason.ExtensionNotAllowed;
            case NotForThisAdmin -> Reason.InsufficientPrivilege;
        };
    }

    private static Outcome waiting(Reason reason, String message) {
        return new Outcome.Nowhere(reason, message, false);
    }

    private static List<Candidate> filter(Collection<Candidate> candidates, Predicate<Candidate> wanted) {
        return candidates.stream()
                .filter(wanted)
                .sorted(Comparator.comparing(Candidate::name))
                .toList();
    }

    private static String names(Collection<Candidate> candidates) {
        return candidates.stream()
                .map(c -> "\"" + c.name() + "\"" + (c.paused() ? " paused by a DBA" : ""))
                .sorted()
                .limit(5)
                .collect(Collectors.joining(", "));
    }
}

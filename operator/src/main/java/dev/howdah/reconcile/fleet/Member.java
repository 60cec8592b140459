// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.engine.ExternalServer.AppEndpoint;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.policy.Charge;
import dev.howdah.policy.Demand;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.ExtensionOffer;
import dev.howdah.policy.Labels;
import dev.howdah.policy.Placement.Candidate;
import dev.howdah.policy.Room;
import dev.howdah.policy.ServerTraits;
import dev.howdah.postgres.HostedServer;
import dev.howdah.postgres.SqlTraffic;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One server as this process knows it. Its ledger is read once, when the server is opened; from then on this process is
 * the only writer, so the rows in memory are the rows on the server.
 */
public final class Member {
    private final String name;
    private final Map<String, LedgerClaim> rows = new ConcurrentHashMap<>();
    private final Map<String, Reservation> reservations = new ConcurrentHashMap<>();
    private final Set<String> suspects = ConcurrentHashMap.newKeySet();
    private final Troubles troubles = new Troubles();
    private final Parking parking = new Parking();
    private final SqlTraffic traffic = new SqlTraffic();
    private final DriftBook drift = new DriftBook();
    private final AtomicLong rotations = new AtomicLong();
    private volatile PostgresServer resource;
    private volatile State state = new State.Unvisited();
    private volatile boolean ledgerKnown;
    private volatile boolean hardened;
    private final LedgerPosition position = new LedgerPosition();
    private volatile Map<String, Long> sizes = Map.of();
    private volatile @Nullable Instant measured;

    Member(PostgresServer resource) {
        this.name = resource.getMetadata().getName();
        this.resource = resource;
    }

    /** Room that is promised to a claim until its row says so. */
    record Reservation(ClaimIdentity identity, @Nullable String className, Demand demand) {}

    /** Whether it can be used. */
    public sealed interface State {
        /** Not tried yet by this process. */
        record Unvisited() implements State {}

        /** {@code foreign}: certainly no claim of ours lives there. */
        record Refused(Reason reason, String message, boolean foreign) implements State {}

        record Open(HostedServer server, AppEndpoint endpoint) implements State {}
    }

    public String name() {
        return name;
    }

    public PostgresServer resource() {
        return resource;
    }

    /** What is known of drift there. */
    public DriftBook drift() {
        return drift;
    }

    public State state() {
        return state;
    }

    public Optional<State.Open> open() {
        return state instanceof State.Open open ? Optional.of(open) : Optional.empty();
    }

    /** Whether it is known which claims live there: its ledger was read, now or earlier, or it is not ours. */
    public boolean ledgerKnown() {
        return ledgerKnown || (state instanceof State.Refused refused && refused.foreign());
    }

    public LedgerPosition position() {
        return position;
    }

    /** What the sweep met with there. */
    public Troubles troubles() {
        return troubles;
    }

    /** The rows of kept databases as the ledger has them: it knows the times better. */
    public void reread(Collection<LedgerClaim> ledger) {
        ledger.stream()
                .filter(row -> row.history().retainedAt() != null)
                .forEach(row -> rows.computeIfPresent(
                        row.identity().uid(),
                        (uid, known) -> known.state() != row.state() || known.equals(row) ? known : row));
    }

    /** By the age of the objects, then by name. */
    boolean isOlderThan(Member other) {
        var mine = resource.getMetadata();
        var theirs = other.resource.getMetadata();
        var age = mine.getCreationTimestamp().compareTo(theirs.getCreationTimestamp());
        return age != 0 ? age < 0 : mine.getName().compareTo(theirs.getName()) < 0;
    }

    /** Returns whether it may admit others than before. */
    boolean describe(PostgresServer latest) {
        var before = resource.getMetadata();
        var now = latest.getMetadata();
        resource = latest;
        return !Objects.equals(before.getGeneration(), now.getGeneration())
                || !Objects.equals(before.getLabels(), now.getLabels());
    }

    /** It can be used from now on; these are its rows. */
    public void opened(HostedServer server, AppEndpoint endpoint, Collection<LedgerClaim> ledger) {
        // Never empty in between: others count what is there.
        ledger.forEach(row -> rows.put(row.identity().uid(), row));
        var known = ledger.stream().map(row -> row.identity().uid()).collect(Collectors.toSet());
        List.copyOf(rows.keySet()).stream().filter(uid -> !known.contains(uid)).forEach(this::forgot);
        ledgerKnown = true;
        position.opened(server.identity().epoch());
        state = new State.Open(server, endpoint);
    }

    /** Its address for applications changed, nothing else. */
    public void moved(HostedServer server, AppEndpoint endpoint) {
        state = new State.Open(server, endpoint);
    }

    /** It cannot be used for now. What its ledger held is still remembered. */
    public void refused(Reason reason, String message, boolean foreign) {
        var before = state;
        state = new State.Refused(reason, message, foreign);
        if (foreign) {
            List.copyOf(rows.keySet()).forEach(this::forgot);
            ledgerKnown = false;
        }
        if (before instanceof State.Open open) {
            open.server().close();
        }
    }

    public void hardened(boolean now) {
        hardened = now;
    }

    public boolean isHardened() {
        return hardened;
    }

    public Optional<LedgerClaim> row(String uid) {
        return Optional.ofNullable(rows.get(uid));
    }

    public Collection<LedgerClaim> rows() {
        return List.copyOf(rows.values());
    }

    /** A row was written, under its present UID, or is about to be: then whatever comes of it, the claim belongs here. */
    public void wrote(LedgerClaim row) {
        rows.put(row.identity().uid(), row);
        for (var other : rows()) {
            if (other.database().equals(row.database())
                    && !other.identity().uid().equals(row.identity().uid())) {
                // Also what it was about to grow by as it was taken over, and what differed from it.
                forgot(other.identity().uid());
            }
        }
        release(row.identity().uid());
        suspects.remove(row.identity().uid());
    }

    /** The pair that was acted on for it is gone from the adoptions. */
    public void consentIsOver(String uid) {
        rows.computeIfPresent(uid, (u, row) -> row.withoutConsent());
    }

    public void forgot(String uid) {
        rows.remove(uid);
        suspects.remove(uid);
        troubles.forget(uid);
        drift.forget(uid);
        release(uid);
    }

    /** Keeps a place until the row is written, so that claims placed meanwhile count it. */
    void reserve(ClaimIdentity identity, EffectiveClaim claim) {
        reservations.put(identity.uid(), new Reservation(identity, claim.className(), claim.demand()));
    }

    /** Whether a claim's place is kept here. */
    public boolean reserved(String uid) {
        return reservations.containsKey(uid);
    }

    /** Whether the place that is kept is what the claim asks for now. */
    boolean keeps(String uid, EffectiveClaim claim) {
        var kept = reservations.get(uid);
        return kept != null && kept.demand().equals(claim.demand());
    }

    void release(String uid) {
        reservations.remove(uid);
    }

    /** Whether this claim has to do with this server. */
    public boolean concerns(String uid) {
        return rows.containsKey(uid) || reservations.containsKey(uid);
    }

    /** Something about this claim is not as it was left: its next reconciliation looks at the server. */
    public void suspect(String uid) {
        suspects.add(uid);
    }

    public boolean suspected(String uid) {
        return suspects.contains(uid);
    }

    /** The claims that wait for a place. */
    public Parking parking() {
        return parking;
    }

    /** What was sent there, counted. */
    public SqlTraffic traffic() {
        return traffic;
    }

    /** So many Secrets name another login now. */
    public void rotated(int logins) {
        rotations.addAndGet(logins);
    }

    /** How many rotations there were since this process knows the server. */
    public long rotations() {
        return rotations.get();
    }

    public int usedDatabases() {
        return rows.size() + (int) pending().count();
    }

    public int usedConnections() {
        return used().connections();
    }

    /** What all databases take together, those being made included. */
    public Demand used() {
        long storage = 0;
        long connections = 0;
        for (var demand : Stream.concat(
                        rows.values().stream().map(this::demand), pending().map(Reservation::demand))
                .toList()) {
            storage = Demand.sum(storage, demand.storage());
            connections += demand.connections();
        }
        return new Demand(storage, (int) Math.min(connections, Integer.MAX_VALUE));
    }

    /** What a row takes, or is about to. */
    private Demand demand(LedgerClaim row) {
        var growing = reservations.get(row.identity().uid());
        return growing == null ? row.demand() : row.demand().max(growing.demand());
    }

    private Stream<Reservation> pending() {
        return reservations.values().stream()
                .filter(reservation -> !rows.containsKey(reservation.identity().uid()));
    }

    /** What each database is charged to the quotas of its claim's namespace, of those claims that are asked for. */
    public Stream<Charged> charged(Predicate<ClaimIdentity> asked) {
        // A claim's row is there before its reservation goes: in this order none is missed, and none counts twice.
        var promises = new HashMap<String, Reservation>();
        reservations.forEach((uid, promise) -> {
            if (asked.test(promise.identity())) {
                promises.put(uid, promise);
            }
        });
        var held = rows().stream().filter(row -> asked.test(row.identity())).toList();
        held.forEach(row -> promises.remove(row.identity().uid()));
        return Stream.concat(
                held.stream().map(this::charge), promises.values().stream().map(Member::charge));
    }

    /** A charge, and whose it is. */
    public record Charged(ClaimIdentity identity, Charge charge) {}

    private Charged charge(LedgerClaim row) {
        return new Charged(
                row.identity(),
                new Charge(
                        row.identity().name(),
                        row.accepted() == null ? null : row.accepted().claim().className(),
                        demand(row),
                        row.state() == LedgerClaim.State.Retained || row.state() == LedgerClaim.State.Dropping));
    }

    private static Charged charge(Reservation promise) {
        return new Charged(
                promise.identity(),
                new Charge(promise.identity().name(), promise.className(), promise.demand(), false));
    }

    /** What the databases were found to take on disk, by their names. */
    void measured(Map<String, Long> bytes, Instant now) {
        sizes = Map.copyOf(bytes);
        measured = now;
    }

    /** Whether they were measured no longer ago. */
    public boolean measuredSince(Instant then) {
        return measured != null && measured.isAfter(then);
    }

    public Map<String, Long> sizes() {
        return sizes;
    }

    /** The traits policies ask for; empty while it cannot be used. */
    public Optional<ServerTraits> traits() {
        return open().map(open -> {
            var facts = open.server().facts();
            return new ServerTraits(name, facts.superuser(), facts.settableParameters(), facts.extensions());
        });
    }

    /** What there is too little of for the live claim of this row to ask for so much. */
    List<Room.Part> lacksToGrow(LedgerClaim row, EffectiveClaim claim) {
        var used = used();
        var held = demand(row);
        var without = new Demand(
                Demand.sum(used.storage() - held.storage(), row.storage()),
                used.connections() - held.connections() + row.connections());
        return new Room(resource.getSpec().capacity(), usedDatabases(), without)
                .lacksToGrow(row.demand(), claim.demand());
    }

    Candidate candidate(@Nullable Map<String, String> namespaceLabels) {
        var spec = resource.getSpec();
        var open = open().map(State.Open::server).orElse(null);
        var admitted = spec.namespaceSelector() == null || Labels.match(spec.namespaceSelector(), namespaceLabels);
        return new Candidate(
                name,
                open == null && Howdah.isPaused(resource),
                ledgerKnown(),
                open != null,
                hardened || spec.hardening() != dev.howdah.api.v1alpha1.PostgresServerSpec.Hardening.Require,
                !Boolean.TRUE.equals(spec.unschedulable())
                        && resource.getMetadata().getDeletionTimestamp() == null,
                admitted,
                majorVersion(open),
                open == null ? ExtensionOffer.NONE : open.facts().extensions(),
                spec.capacity(),
                usedDatabases(),
                used());
    }

    /** As last seen, when the server cannot be asked now. */
    private int majorVersion(@Nullable HostedServer open) {
        if (open != null) {
            return open.facts().majorVersion();
        }
        var status = resource.getStatus();
        var version = status == null ? null : status.version();
        return ServerTraits.majorVersion(version);
    }
}

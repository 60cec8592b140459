// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerSpec;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.Handover;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.policy.Charge;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.Labels;
import dev.howdah.policy.Placement;
import dev.howdah.policy.Room;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All servers, and with them the index of all ledgers: the truth about where a claim lives. */
public final class Fleet {
    private final Map<String, Member> members = new ConcurrentHashMap<>();
    private final Map<String, String> serving = new ConcurrentHashMap<>();
    private final Set<ResourceID> waiting = ConcurrentHashMap.newKeySet();
    private final Triggers triggers;
    private volatile ClaimLookup claims = identity -> true;
    private volatile ServerObjects servers = Optional::empty;

    public Fleet(Triggers triggers) {
        this.triggers = triggers;
    }

    /** Asks the cache of claims. */
    @FunctionalInterface
    public interface ClaimLookup {
        boolean exists(ClaimIdentity identity);
    }

    /** Where to look claims up, once they are watched. */
    public void claimsAreIn(ClaimLookup lookup) {
        claims = lookup;
    }

    /** Whether the claim of this very UID is in the cache. */
    public boolean claimExists(ClaimIdentity identity) {
        return claims.exists(identity);
    }

    /** Asks the cache of server objects. */
    @FunctionalInterface
    public interface ServerObjects {
        /** The names of all there are; empty until the cache is filled. */
        Optional<Collection<String>> names();
    }

    /** Where to look server objects up, once they are watched. */
    public void serversAreIn(ServerObjects objects) {
        servers = objects;
    }

    /** Whether each server was tried at least once, so that what is not known now does not come a moment later. */
    public boolean visited() {
        return servers.names()
                .filter(names -> names.stream()
                        .allMatch(name -> member(name)
                                .filter(member -> !(member.state() instanceof Member.State.Unvisited))
                                .isPresent()))
                .isPresent();
    }

    /** A ledger row and the server it is on. */
    public record Home(Member member, LedgerClaim row) {}

    /** The member of this name, known from now on. */
    public Member describe(PostgresServer resource) {
        var member = members.computeIfAbsent(resource.getMetadata().getName(), name -> new Member(resource));
        var before = member.resource().getSpec();
        if (member.describe(resource)) {
            wakeWaiting();
            wakeConsented(before, member);
        }
        return member;
    }

    /** Whoever waited for a DBA's word goes on when it comes, or is taken back. */
    private void wakeConsented(PostgresServerSpec before, Member member) {
        var now = member.resource().getSpec();
        if (!Objects.equals(before.adoptions(), now.adoptions())) {
            Stream.of(before, now)
                    .map(PostgresServerSpec::adoptions)
                    .filter(Objects::nonNull)
                    .flatMap(List::stream)
                    .map(PostgresServerSpec.Adoption::claimRef)
                    .distinct()
                    .forEach(claim -> triggers.claim(new ResourceID(claim.name(), claim.namespace())));
        }
        if (!Objects.equals(before.recovery(), now.recovery())) {
            changed(member);
        }
    }

    /** Where a pair of a server's adoptions gives a claim a database. */
    public record Offered(Member member, PostgresServerSpec.Adoption adoption) {}

    /** The pair that names a claim, by the order of the servers' names. */
    public Optional<Offered> adoption(ClaimIdentity claim) {
        return byName().stream()
                .flatMap(member ->
                        Consents.adoption(member.resource(), claim)
                                .map(adoption -> new Offered(member, adoption))
                                .stream())
                .findFirst();
    }

    /** Whether a claim gets what a former namespace of its name left on this home. */
    public Handover handover(Home home, ClaimIdentity claim, Instant now) {
        return Consents.handover(home.member().resource(), home.row(), claim, now);
    }

    public Optional<Member> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /** The server object is gone, and with it what was known of it. */
    public void remove(String name) {
        var member = members.remove(name);
        serving.values().removeIf(name::equals);
        // The other object for the same server takes its place, and until it has looked nobody knows what lives there.
        members.values().stream()
                .filter(other -> other.state() instanceof Member.State.Refused refused
                        && refused.message().equals(twinOf(name)))
                .forEach(other -> other.refused(Reason.ServerIdentityChanged, twinOf(name), false));
        if (member != null) {
            member.open().ifPresent(open -> open.server().close());
            changed(member);
        }
    }

    public Collection<Member> members() {
        return List.copyOf(members.values());
    }

    public List<Member> selectedBy(LabelSelector selector) {
        return members.values().stream()
                .filter(member ->
                        Labels.match(selector, member.resource().getMetadata().getLabels()))
                .toList();
    }

    /**
     * The claim's row by its UID, else one that a former claim of the same namespace and name left, preferably of the
     * same namespace UID.
     */
    public Optional<Home> home(ClaimIdentity identity) {
        var own = home(identity.uid());
        if (own.isPresent()) {
            return own;
        }
        return byName().stream()
                .flatMap(member -> member.rows().stream().map(row -> new Home(member, row)))
                .filter(home -> home.row().identity().hasNameOf(identity))
                .max(Comparator.<Home, Boolean>comparing(
                                home -> home.row().identity().namespaceUid().equals(identity.namespaceUid()))
                        .thenComparing(home -> home.row().lastPublished()));
    }

    /**
     * The row of this very claim. A server that was given up and comes back brings along what the claim has replaced since:
     * it stays with the logins that were made last.
     */
    public Optional<Home> home(String uid) {
        return byName().stream()
                .flatMap(member -> member.row(uid).map(row -> new Home(member, row)).stream())
                .max(Comparator.comparing(Home::row, LedgerClaim.BY_STANDING));
    }

    private List<Member> byName() {
        return members.values().stream()
                .sorted(Comparator.comparing(Member::name))
                .toList();
    }

    /**
     * Makes a member the one that serves a ledger. Of two objects for one server the older stays; the other gives it up.
     *
     * @return the name of the member that serves it instead
     */
    public synchronized Optional<String> serve(String ledger, Member member) {
        var holder =
                Optional.ofNullable(serving.get(ledger)).flatMap(this::member).filter(other -> other != member);
        if (holder.isPresent() && holder.get().isOlderThan(member)) {
            return holder.map(Member::name);
        }
        serving.put(ledger, member.name());
        holder.ifPresent(younger -> {
            younger.refused(Reason.ServerIdentityChanged, twinOf(member.name()), true);
            // Its status said Ready a moment ago.
            triggers.visit(younger.name());
        });
        return Optional.empty();
    }

    /** What a second object for the same server is told. */
    public static String twinOf(String name) {
        return "this is the same server as PostgresServer \"%s\" (one ledger), which is the older object; delete one of the two"
                .formatted(name);
    }

    /**
     * Rows that were remembered and are no longer in the ledger, as after a restore to an earlier time: their claims look
     * for themselves. What changes while it is being read is not among them.
     */
    public void compare(Member member, Collection<LedgerClaim> remembered, Collection<LedgerClaim> read) {
        var known = read.stream().map(row -> row.identity().uid()).collect(Collectors.toSet());
        remembered.stream()
                .filter(row -> row.state() == LedgerClaim.State.Active)
                .filter(row -> !known.contains(row.identity().uid()))
                .filter(row ->
                        member.row(row.identity().uid()).filter(row::equals).isPresent())
                .forEach(row -> suspect(member, row));
    }

    /** Chooses a server for a claim without one and keeps its place there. One at a time, or two would count the same room. */
    public synchronized Placement.Outcome place(
            ClaimIdentity identity,
            EffectiveClaim claim,
            Set<String> listed,
            Collection<Member> candidates,
            @Nullable Map<String, String> namespaceLabels) {
        var kept = candidates.stream()
                .filter(member ->
                        member.keeps(identity.uid(), claim) && member.open().isPresent())
                .findFirst();
        if (kept.isPresent()) {
            return new Placement.Outcome.Chosen(kept.get().name());
        }
        release(identity.uid());
        var outcome = wouldPlace(claim, listed, candidates, namespaceLabels);
        if (outcome instanceof Placement.Outcome.Chosen chosen) {
            member(chosen.server()).ifPresent(member -> member.reserve(identity, claim));
        }
        return outcome;
    }

    /** The same for a database that is on a server already: whom that one takes otherwise does not matter. */
    public synchronized Placement.Outcome placeAdopted(
            ClaimIdentity identity, EffectiveClaim claim, Set<String> listed, Member member) {
        if (member.keeps(identity.uid(), claim) && member.open().isPresent()) {
            return new Placement.Outcome.Chosen(member.name());
        }
        release(identity.uid());
        var outcome = Placement.place(
                claim, listed, List.of(member.candidate(Map.of()).adopting()));
        if (outcome instanceof Placement.Outcome.Chosen) {
            member.reserve(identity, claim);
        }
        return outcome;
    }

    /** The same without keeping a place. */
    public Placement.Outcome wouldPlace(
            EffectiveClaim claim,
            Set<String> listed,
            Collection<Member> candidates,
            @Nullable Map<String, String> namespaceLabels) {
        return Placement.place(
                claim,
                listed,
                candidates.stream()
                        .map(member -> member.candidate(namespaceLabels))
                        .toList());
    }

    /** What the databases of a namespace are charged on all servers, but for that of one UID. */
    public List<Charge> charges(String namespace, @Nullable String exceptUid) {
        return members.values().stream()
                .flatMap(member -> member.charged(claim ->
                        claim.namespace().equals(namespace) && !claim.uid().equals(exceptUid)))
                .map(Member.Charged::charge)
                .toList();
    }

    /** The servers whose ledgers were never read, so that what they hold is not known. */
    public List<String> unread() {
        return members.values().stream()
                .filter(member -> !member.ledgerKnown())
                .map(Member::name)
                .sorted()
                .toList();
    }

    /** Keeps the room that a live claim grows into, and returns what there is too little of. */
    public synchronized List<Room.Part> keepGrowth(Member member, LedgerClaim row, EffectiveClaim claim) {
        var uid = row.identity().uid();
        var lacks = member.lacksToGrow(row, claim);
        if (lacks.isEmpty() && (claim.connections() > row.connections() || claim.storage() > row.storage())) {
            member.reserve(row.identity(), claim);
        } else {
            member.release(uid);
        }
        return lacks;
    }

    /** The claim gives up the place it was promised. */
    public synchronized void release(String uid) {
        members.values().forEach(member -> member.release(uid));
    }

    /** The claim waits for a server; any change of one wakes it. */
    public void waits(ResourceID claim) {
        waiting.add(claim);
    }

    public void settled(ResourceID claim) {
        waiting.remove(claim);
    }

    public void wakeWaiting() {
        List.copyOf(waiting).forEach(triggers::claim);
    }

    /** Work on one claim of this member ended: the next may begin. */
    public void placeFree(Member member) {
        var server = member.open().map(Member.State.Open::server);
        member.parking()
                .next(claim -> server.isPresent()
                        && server.get().isHeldUp(claim.getNamespace().orElse("")))
                .forEach(triggers::claim);
    }

    /** Something about the claim of this row is not as it was left: it looks at the server. */
    public void suspect(Member member, LedgerClaim row) {
        member.suspect(row.identity().uid());
        triggers.claim(new ResourceID(row.identity().name(), row.identity().namespace()));
    }

    /** The claim looks at what is known of it. */
    public void wake(ResourceID claim) {
        triggers.claim(claim);
    }

    private static @Nullable BudgetUse use(LedgerClaim row, @Nullable Long size) {
        return size == null ? null : BudgetUse.of(size, row.storage());
    }

    /** Databases were measured: the claims of those that crossed a threshold look for themselves. */
    public void measured(Member member, Map<String, Long> sizes, Instant now) {
        var before = member.sizes();
        member.measured(sizes, now);
        member.rows().stream()
                .filter(row -> row.state() == LedgerClaim.State.Active)
                .filter(row -> use(row, before.get(row.database())) != use(row, sizes.get(row.database())))
                .forEach(row -> triggers.claim(
                        new ResourceID(row.identity().name(), row.identity().namespace())));
    }

    /** A member came or went: its claims and those that wait look again. */
    public void changed(Member member) {
        member.rows()
                .forEach(row -> triggers.claim(
                        new ResourceID(row.identity().name(), row.identity().namespace())));
        wakeWaiting();
        var parking = member.parking();
        for (var next = parking.unpark(); next != null; next = parking.unpark()) {
            triggers.claim(next);
        }
    }

    /** What a server or class is used for changed. */
    public void usageChanged(Member member, @Nullable String className) {
        triggers.server(member.name());
        if (className != null) {
            triggers.databaseClass(className);
        }
    }

    /** Databases of a class that are in use. */
    public int claimsOf(String className) {
        return (int) members.values().stream()
                .flatMap(member -> member.rows().stream())
                .filter(row -> row.state() == LedgerClaim.State.Active
                        && row.accepted() != null
                        && row.accepted().claim().className().equals(className))
                .count();
    }
}

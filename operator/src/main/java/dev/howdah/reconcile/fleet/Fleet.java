// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.Labels;
import dev.howdah.policy.Placement;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All servers, and with them the index of all ledgers: the truth about where a claim lives. */
public final class Fleet {
    private final Map<String, Member> members = new ConcurrentHashMap<>();
    private final Set<ResourceID> waiting = ConcurrentHashMap.newKeySet();
    private final Triggers triggers;
    private volatile ClaimLookup claims = identity -> true;

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

    /** A ledger row and the server it is on. */
    public record Home(Member member, LedgerClaim row) {}

    /** The member of this name, known from now on. */
    public Member describe(PostgresServer resource) {
        var member = members.computeIfAbsent(resource.getMetadata().getName(), name -> new Member(resource));
        member.describe(resource);
        return member;
    }

    public Optional<Member> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /** The server object is gone, and with it what was known of it. */
    public void remove(String name) {
        var member = members.remove(name);
        if (member != null) {
            member.open().ifPresent(open -> open.server().close());
            wakeWaiting();
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

    /** The claim's row by its UID, else one that a former claim of the same namespace and name left. */
    public Optional<Home> home(ClaimIdentity identity) {
        for (var member : members.values()) {
            var row = member.row(identity.uid());
            if (row.isPresent()) {
                return Optional.of(new Home(member, row.get()));
            }
        }
        for (var member : members.values()) {
            for (var row : member.rows()) {
                if (row.identity().namespace().equals(identity.namespace())
                        && row.identity().name().equals(identity.name())) {
                    return Optional.of(new Home(member, row));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether another member serves the same ledger already. */
    public Optional<String> alsoServing(String ledger, String except) {
        return members.values().stream()
                .filter(member -> !member.name().equals(except))
                .filter(member -> member.open()
                        .filter(open -> open.server().identity().ledger().equals(ledger))
                        .isPresent())
                .map(Member::name)
                .findFirst();
    }

    /** Chooses a server for a claim without one and keeps its place there. One at a time, or two would count the same room. */
    public synchronized Placement.Outcome place(
            ClaimIdentity identity,
            EffectiveClaim claim,
            Collection<Member> candidates,
            @Nullable Map<String, String> namespaceLabels) {
        var kept = candidates.stream()
                .filter(member ->
                        member.reserved(identity.uid()) && member.open().isPresent())
                .findFirst();
        if (kept.isPresent()) {
            return new Placement.Outcome.Chosen(kept.get().name());
        }
        var outcome = Placement.place(
                claim,
                candidates.stream()
                        .map(member -> member.candidate(namespaceLabels))
                        .toList());
        if (outcome instanceof Placement.Outcome.Chosen chosen) {
            member(chosen.server()).ifPresent(member -> member.reserve(identity.uid(), claim.connections()));
        }
        return outcome;
    }

    /** The claim gives up the place it was promised. */
    public void release(String uid) {
        members.values().stream().filter(member -> member.row(uid).isEmpty()).forEach(member -> member.forgot(uid));
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
        var next = member.unpark();
        if (next != null) {
            triggers.claim(next);
        }
    }

    /** A member came or went: its claims and those that wait look again. */
    public void changed(Member member) {
        member.rows()
                .forEach(row -> triggers.claim(
                        new ResourceID(row.identity().name(), row.identity().namespace())));
        wakeWaiting();
        for (var next = member.unpark(); next != null; next = member.unpark()) {
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

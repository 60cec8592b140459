// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseLocale;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerSpec;
import dev.howdah.api.v1alpha1.PostgresServerSpec.Capacity;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.Finding;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Login;
import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.Demand;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.Room;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MemberTest {
    private static final long GIB = 1L << 30;

    private static Member member(Capacity capacity) {
        var server = new PostgresServer();
        server.setMetadata(new ObjectMetaBuilder().withName("main").build());
        server.setSpec(
                new PostgresServerSpec(null, null, null, capacity, null, null, null, null, null, null, null, null));
        return new Member(server);
    }

    private static LedgerClaim row(String uid, String database, State state, long storage) {
        return new LedgerClaim(
                new ClaimIdentity(uid, "shop", "ns", database),
                database,
                List.of(),
                state,
                storage,
                20,
                null,
                null,
                Map.of());
    }

    private static EffectiveClaim claim(long storage, int connections) {
        return new EffectiveClaim(
                "standard",
                18,
                storage,
                connections,
                new TreeMap<>(),
                new DatabaseLocale(null, null, null),
                List.of("public"),
                List.of(),
                List.of(),
                DeletionPolicy.Retain,
                false,
                CredentialTerms.NONE);
    }

    private static LedgerClaim published(String uid, String namespaceUid, State state, String time) {
        return new LedgerClaim(
                new ClaimIdentity(uid, "shop", namespaceUid, "orders"),
                "shop_orders",
                List.of(),
                state,
                GIB,
                20,
                null,
                null,
                Map.of("app", new Login("a", "", Instant.parse(time))));
    }

    private static Member known(Fleet fleet, String name) {
        var server = new PostgresServer();
        server.setMetadata(new ObjectMetaBuilder().withName(name).build());
        server.setSpec(new PostgresServerSpec(null, null, null, null, null, null, null, null, null, null, null, null));
        return fleet.describe(server);
    }

    /** A server that was given up came back with what its claim has had elsewhere since. */
    @Test
    void aClaimAppliedAgainGetsTheDatabaseItHadLast() {
        for (var last : List.of("first", "second")) {
            var fleet = new Fleet(new Signals());
            for (var name : List.of("first", "second")) {
                var isLast = name.equals(last);
                known(fleet, name)
                        .wrote(published(
                                isLast ? "last" : "before",
                                "ns",
                                isLast ? State.Retained : State.Active,
                                isLast ? "2026-02-01T00:00:00Z" : "2026-01-01T00:00:00Z"));
            }
            known(fleet, "third").wrote(published("other", "former ns", State.Retained, "2026-03-01T00:00:00Z"));
            var home = fleet.home(new ClaimIdentity("new", "shop", "ns", "orders"));
            assertThat(home.orElseThrow().member().name()).isEqualTo(last);
        }
    }

    @Test
    void roomThatWasPromisedToAFormerRowGoesWithIt() {
        var fleet = new Fleet(new Signals());
        var member = member(new Capacity(null, null, null));
        member.wrote(row("former", "orders", State.Retained, 5 * GIB));
        assertThat(fleet.keepGrowth(member, member.rows().iterator().next(), claim(9 * GIB, 30)))
                .isEmpty();
        assertThat(member.used()).isEqualTo(new Demand(9 * GIB, 30));
        member.wrote(row("new", "orders", State.Active, 9 * GIB));
        assertThat(member.usedDatabases()).isEqualTo(1);
        assertThat(member.used()).isEqualTo(new Demand(9 * GIB, 20));
        assertThat(member.charged(_ -> true)).hasSize(1);
    }

    @Test
    void whatIsTooLargeToAddIsTooLargeForAnyServer() {
        var member = member(new Capacity(null, "100Gi", null));
        member.wrote(row("a", "a", State.Active, 5 * GIB));
        member.wrote(row("b", "b", State.Active, 5 * GIB));
        var growing = row("a", "a", State.Active, 5 * GIB);
        assertThat(member.lacksToGrow(growing, claim(95 * GIB, 20))).isEmpty();
        assertThat(member.lacksToGrow(growing, claim(96 * GIB, 20)))
                .extracting(Room.Part::left)
                .containsExactly("90Gi of 100Gi storage");
        assertThat(member.lacksToGrow(growing, claim(Long.MAX_VALUE, 20))).hasSize(1);
        member.wrote(row("c", "c", State.Active, Long.MAX_VALUE));
        assertThat(member.used().storage()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void onlyWhatGrowsLacksRoom() {
        var member = member(new Capacity(1, "6Gi", 50));
        member.wrote(row("a", "a", State.Active, 5 * GIB));
        member.wrote(row("b", "b", State.Active, 5 * GIB));
        var growing = row("a", "a", State.Active, 5 * GIB);
        assertThat(member.lacksToGrow(growing, claim(5 * GIB, 30))).isEmpty();
        assertThat(member.lacksToGrow(growing, claim(4 * GIB, 10))).isEmpty();
        assertThat(member.lacksToGrow(growing, claim(5 * GIB, 31)))
                .extracting(Room.Part::left)
                .containsExactly("10 of 50 connections");
        assertThat(member.lacksToGrow(growing, claim(6 * GIB, 31)))
                .extracting(Room.Part::left)
                .containsExactly("0 of 6Gi storage", "10 of 50 connections");
    }

    @Test
    void whatDifferedOfAFormerRowGoesWithIt() {
        var member = member(new Capacity(null, null, null));
        member.wrote(row("former", "orders", State.Retained, GIB));
        var open = new DriftBook.Open(
                new Finding(Finding.Kind.GRANT, "somebody may connect", List.of(), false, false, false), "", false);
        member.drift().leave("former", "orders", List.of(open), true, Instant.EPOCH);
        assertThat(member.drift().open()).containsOnlyKeys("orders");
        member.wrote(row("new", "orders", State.Active, GIB));
        assertThat(member.drift().open()).isEmpty();

        member.drift().leave("new", "orders", List.of(open), true, Instant.EPOCH);
        member.refused(Reason.OwnedByAnotherInstallation, "not ours", true);
        assertThat(member.drift().open()).isEmpty();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseLocale;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.PostgresServerSpec.Capacity;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Placement.Candidate;
import dev.howdah.policy.Placement.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final long SEED = Long.getLong("howdah.seed", 20_261_124L);
    private static final ExtensionOffer OFFER = ExtensionOfferTest.of(
            ExtensionOfferTest.extension("pg_trgm", true), ExtensionOfferTest.extension("dblink", false));

    private static EffectiveClaim claim(String... extensions) {
        return new EffectiveClaim(
                "standard",
                18,
                20,
                new DatabaseLocale(null, null, null),
                List.of("public"),
                List.of(extensions),
                List.of(),
                DeletionPolicy.Retain,
                false);
    }

    /** A server that can take a claim, spoiled in one way or another. */
    private record Server(
            String name,
            boolean ledgerKnown,
            boolean ready,
            boolean hardened,
            boolean schedulable,
            boolean admits,
            int major,
            @Nullable Capacity capacity,
            int databases,
            int connections) {
        static Server fine(String name) {
            return new Server(name, true, true, true, true, true, 18, null, 0, 0);
        }

        Server withoutLedger() {
            return new Server(
                    name, false, ready, hardened, schedulable, admits, major, capacity, databases, connections);
        }

        Server notReady() {
            return new Server(
                    name, ledgerKnown, false, hardened, schedulable, admits, major, capacity, databases, connections);
        }

        Server notHardened() {
            return new Server(
                    name, ledgerKnown, ready, false, schedulable, admits, major, capacity, databases, connections);
        }

        Server closed() {
            return new Server(
                    name, ledgerKnown, ready, hardened, false, admits, major, capacity, databases, connections);
        }

        Server forOthers() {
            return new Server(
                    name, ledgerKnown, ready, hardened, schedulable, false, major, capacity, databases, connections);
        }

        Server of(int version) {
            return new Server(
                    name, ledgerKnown, ready, hardened, schedulable, admits, version, capacity, databases, connections);
        }

        Server holding(int usedDatabases, int usedConnections, Capacity room) {
            return new Server(
                    name,
                    ledgerKnown,
                    ready,
                    hardened,
                    schedulable,
                    admits,
                    major,
                    room,
                    usedDatabases,
                    usedConnections);
        }

        Candidate candidate() {
            return new Candidate(
                    name,
                    ledgerKnown,
                    ready,
                    hardened,
                    schedulable,
                    admits,
                    major,
                    OFFER,
                    capacity,
                    databases,
                    connections);
        }
    }

    private static Outcome place(EffectiveClaim claim, Server... servers) {
        return Placement.place(
                claim, Arrays.stream(servers).map(Server::candidate).toList());
    }

    private static void nowhere(Outcome outcome, Reason reason, boolean refused) {
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Nowhere.class, nowhere -> {
            assertThat(nowhere.reason()).isEqualTo(reason);
            assertThat(nowhere.refused()).isEqualTo(refused);
            assertThat(nowhere.message()).isNotBlank();
        });
    }

    @Test
    void the_emptiest_by_its_tightest_measure() {
        var room = new Capacity(10, 100);
        assertThat(place(
                        claim(),
                        Server.fine("a").holding(1, 60, room),
                        Server.fine("b").holding(5, 10, room),
                        Server.fine("c").holding(9, 0, room)))
                .isEqualTo(new Outcome.Chosen("b"));
        assertThat(place(claim(), Server.fine("b"), Server.fine("a"))).isEqualTo(new Outcome.Chosen("a"));
        assertThat(place(claim(), Server.fine("b").holding(500, 500, new Capacity(null, null)), Server.fine("c")))
                .isEqualTo(new Outcome.Chosen("b"));
    }

    @Test
    void no_room() {
        nowhere(place(claim(), Server.fine("a").holding(10, 0, new Capacity(10, null))), Reason.NoCapacity, false);
        nowhere(place(claim(), Server.fine("a").holding(0, 81, new Capacity(null, 100))), Reason.NoCapacity, false);
        nowhere(place(claim(), Server.fine("a").holding(0, 0, new Capacity(0, 0))), Reason.NoCapacity, false);
        assertThat(place(claim(), Server.fine("a").holding(9, 80, new Capacity(10, 100))))
                .isEqualTo(new Outcome.Chosen("a"));
    }

    @Test
    void nothing_is_placed_while_a_ledger_is_unknown() {
        nowhere(place(claim(), Server.fine("a"), Server.fine("b").withoutLedger()), Reason.LedgerUnreadable, false);
    }

    @Test
    void no_server_that_fits() {
        nowhere(place(claim()), Reason.NoMatchingServer, false);
        nowhere(place(claim(), Server.fine("a").of(17), Server.fine("b").forOthers()), Reason.NoMatchingServer, false);
        nowhere(
                place(claim(), Server.fine("a").closed(), Server.fine("b").notHardened()),
                Reason.NoMatchingServer,
                false);
        nowhere(place(claim(), Server.fine("a").notReady()), Reason.ServerUnavailable, false);
    }

    @Test
    void extensions_that_cannot_be_had() {
        nowhere(place(claim("postgis"), Server.fine("a")), Reason.ExtensionNotAvailable, true);
        nowhere(place(claim("dblink"), Server.fine("a")), Reason.ExtensionNotAllowed, true);
        assertThat(place(claim("pg_trgm"), Server.fine("a"))).isEqualTo(new Outcome.Chosen("a"));
    }

    @Test
    void the_order_of_the_servers_does_not_matter() {
        var random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            var servers = new ArrayList<Candidate>();
            for (int n = 0; n < 1 + random.nextInt(6); n++) {
                servers.add(new Candidate(
                        "s" + n,
                        random.nextInt(12) > 0,
                        random.nextInt(4) > 0,
                        random.nextInt(6) > 0,
                        random.nextInt(6) > 0,
                        random.nextInt(6) > 0,
                        random.nextInt(6) > 0 ? 18 : 17,
                        random.nextInt(5) > 0 ? OFFER : new ExtensionOffer(Map.of()),
                        random.nextBoolean() ? new Capacity(random.nextInt(6), 100) : null,
                        random.nextInt(6),
                        random.nextInt(100)));
            }
            var claim = random.nextBoolean() ? claim() : claim("pg_trgm");
            var first = Placement.place(claim, servers);
            Collections.shuffle(servers, random);
            assertThat(Placement.place(claim, servers))
                    .as("seed %d, round %d", SEED, i)
                    .isEqualTo(first);
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final long SEED = Long.getLong("howdah.seed", 20_261_124L);
    private static final ExtensionOffer OFFER = ExtensionOfferTest.of(
            ExtensionOfferTest.extension("pg_trgm", true), ExtensionOfferTest.extension("dblink", false));

    private static EffectiveClaim claim(String... extensions) {
        return Guards.NONE.admitted("extensions: [" + String.join(", ", extensions) + "]");
    }

    private static String extension(String name) {
        return "{name: " + name + "}";
    }

    /** A server that can take a claim, spoiled in one way or another. */
    private record Server(Candidate candidate) {
        static Server fine(String name) {
            return new Server(
                    new Candidate(name, false, true, true, true, true, true, 18, OFFER, null, 0, Demand.NONE));
        }

        private Server with(boolean ledger, boolean ready, boolean hardened, boolean open, boolean admits, int major) {
            return new Server(new Candidate(
                    candidate.name(),
                    false,
                    ledger,
                    ready,
                    hardened,
                    open,
                    admits,
                    major,
                    OFFER,
                    null,
                    0,
                    Demand.NONE));
        }

        Server withoutLedger() {
            return with(false, true, true, true, true, 18);
        }

        Server notReady() {
            return with(true, false, true, true, true, 18);
        }

        Server paused() {
            return new Server(new Candidate(
                    candidate.name(), true, true, false, true, true, true, 18, OFFER, null, 0, Demand.NONE));
        }

        Server notHardened() {
            return with(true, true, false, true, true, 18);
        }

        Server closed() {
            return with(true, true, true, false, true, 18);
        }

        Server forOthers() {
            return with(true, true, true, true, false, 18);
        }

        Server of(int version) {
            return with(true, true, true, true, true, version);
        }

        Server withoutSuperuser() {
            var offer = new ExtensionOffer(OFFER.byName(), false);
            return new Server(new Candidate(
                    candidate.name(), false, true, true, true, true, true, 18, offer, null, 0, Demand.NONE));
        }

        Server holding(int databases, long storage, int connections, Capacity room) {
            return new Server(new Candidate(
                    candidate.name(),
                    false,
                    true,
                    true,
                    true,
                    true,
                    true,
                    18,
                    OFFER,
                    room,
                    databases,
                    new Demand(storage, connections)));
        }
    }

    private static Outcome place(EffectiveClaim claim, Server... servers) {
        return place(claim, Set.of(), servers);
    }

    private static Outcome place(EffectiveClaim claim, Set<String> listed, Server... servers) {
        return Placement.place(
                claim, listed, Arrays.stream(servers).map(Server::candidate).toList());
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
        var room = new Capacity(10, null, 100);
        assertThat(place(
                        claim(),
                        Server.fine("a").holding(1, 0, 60, room),
                        Server.fine("b").holding(5, 0, 10, room),
                        Server.fine("c").holding(9, 0, 0, room)))
                .isEqualTo(new Outcome.Chosen("b"));
        assertThat(place(claim(), Server.fine("b"), Server.fine("a"))).isEqualTo(new Outcome.Chosen("a"));
        assertThat(place(
                        claim(),
                        Server.fine("b").holding(500, 0, 500, new Capacity(null, null, null)),
                        Server.fine("c")))
                .isEqualTo(new Outcome.Chosen("b"));
    }

    @Test
    void never_where_the_admin_cannot_install_it() {
        var asked = claim(extension("dblink"));
        var listed = Set.of("dblink");
        assertThat(place(asked, listed, Server.fine("a").withoutSuperuser(), Server.fine("b")))
                .isEqualTo(new Outcome.Chosen("b"));
        nowhere(place(asked, listed, Server.fine("a").withoutSuperuser()), Reason.InsufficientPrivilege, true);
        assertThat(place(claim(extension("pg_trgm")), Server.fine("a").withoutSuperuser()))
                .isEqualTo(new Outcome.Chosen("a"));
    }

    @Test
    void no_room() {
        nowhere(
                place(claim(), Server.fine("a").holding(10, 0, 0, new Capacity(10, null, null))),
                Reason.NoCapacity,
                false);
        nowhere(
                place(claim(), Server.fine("a").holding(0, 0, 81, new Capacity(null, null, 100))),
                Reason.NoCapacity,
                false);
        nowhere(place(claim(), Server.fine("a").holding(0, 0, 0, new Capacity(0, null, 0))), Reason.NoCapacity, false);
        nowhere(
                place(claim(), Server.fine("a").holding(0, 6L << 30, 0, new Capacity(null, "10Gi", null))),
                Reason.NoCapacity,
                false);
        nowhere(
                place(claim(), Server.fine("a").holding(0, Long.MAX_VALUE, 0, new Capacity(null, "10Gi", null))),
                Reason.NoCapacity,
                false);
        assertThat(place(claim(), Server.fine("a").holding(9, 5L << 30, 80, new Capacity(10, "10Gi", 100))))
                .isEqualTo(new Outcome.Chosen("a"));
    }

    private static Outcome.Nowhere full(Server... servers) {
        var outcome = place(claim(), servers);
        nowhere(outcome, Reason.NoCapacity, false);
        return (Outcome.Nowhere) outcome;
    }

    @Test
    void what_is_short_is_told_server_by_server() {
        assertThat(full(
                                Server.fine("b").holding(50, 0, 85, new Capacity(50, null, 100)),
                                Server.fine("a").holding(3, 6L << 30, 90, new Capacity(50, "10Gi", 90)))
                        .message())
                .isEqualTo(
                        "no suitable server has room for one more database with 20 connections and 5Gi of storage (\"a\": 4Gi of 10Gi storage, 0 of 90 connections left; \"b\": 0 of 50 databases, 15 of 100 connections left); ask for less `storage` or `connections`, or ask a DBA for room");
        assertThat(full(Server.fine("a").holding(60, 0, 0, new Capacity(50, null, 100)))
                        .message())
                .endsWith("(\"a\": 0 of 50 databases left); ask a DBA for room");
    }

    @Test
    void five_servers_are_told_of() {
        var servers = IntStream.rangeClosed(1, 7)
                .mapToObj(n -> Server.fine("s" + n).holding(9, 0, 0, new Capacity(9, null, null)))
                .toArray(Server[]::new);
        assertThat(full(servers).message())
                .contains("\"s5\": 0 of 9 databases left; and 2 more);")
                .doesNotContain("\"s6\"");
        assertThat(full(Arrays.copyOf(servers, 5)).message()).doesNotContain("more)");
    }

    @Test
    void what_lasts_is_what_the_claim_and_the_servers_say() {
        var room = new Capacity(50, null, 90);
        var told = full(Server.fine("a").holding(3, 0, 80, room));
        var fuller = full(Server.fine("a").holding(4, 0, 85, room));
        assertThat(fuller.message()).isNotEqualTo(told.message());
        assertThat(fuller.lasting()).isEqualTo(told.lasting());
        assertThat(List.of(
                        full(Server.fine("a").holding(50, 0, 80, room)),
                        full(Server.fine("a").holding(3, 0, 80, new Capacity(50, null, 95))),
                        full(Server.fine("b").holding(3, 0, 80, room))))
                .extracting(Outcome.Nowhere::lasting)
                .doesNotContain(told.lasting());
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
        assertThat(place(claim(), Server.fine("b").paused(), Server.fine("a").notReady()))
                .isEqualTo(new Outcome.Nowhere(
                        Reason.ServerUnavailable,
                        "no suitable server is ready (\"a\", \"b\" paused by a DBA); the claim goes on by itself when one is",
                        false));
    }

    @Test
    void extensions_that_cannot_be_had() {
        nowhere(place(claim(extension("postgis")), Server.fine("a")), Reason.ExtensionNotAvailable, true);
        nowhere(place(claim(extension("dblink")), Server.fine("a")), Reason.ExtensionNotAllowed, true);
        nowhere(
                place(claim("{name: pg_trgm, version: \"9.9\"}"), Server.fine("a")),
                Reason.ExtensionVersionNotAvailable,
                true);
        assertThat(place(claim(extension("pg_trgm")), Server.fine("a"))).isEqualTo(new Outcome.Chosen("a"));
        assertThat(place(claim(extension("dblink")), Set.of("dblink"), Server.fine("a")))
                .isEqualTo(new Outcome.Chosen("a"));
    }

    @Test
    void the_order_of_the_servers_does_not_matter() {
        var random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            var servers = new ArrayList<Candidate>();
            for (int n = 0; n < 1 + random.nextInt(6); n++) {
                servers.add(new Candidate(
                        "s" + n,
                        false,
                        random.nextInt(12) > 0,
                        random.nextInt(4) > 0,
                        random.nextInt(6) > 0,
                        random.nextInt(6) > 0,
                        random.nextInt(6) > 0,
                        random.nextInt(6) > 0 ? 18 : 17,
                        random.nextInt(5) > 0 ? OFFER : new ExtensionOffer(Map.of()),
                        random.nextBoolean() ? new Capacity(random.nextInt(6), "100Gi", 100) : null,
                        random.nextInt(6),
                        new Demand(random.nextLong(100L << 30), random.nextInt(100))));
            }
            var claim = random.nextBoolean() ? claim() : claim(extension("pg_trgm"));
            var first = Placement.place(claim, Set.of(), servers);
            Collections.shuffle(servers, random);
            assertThat(Placement.place(claim, Set.of(), servers))
                    .as("seed %d, round %d", SEED, i)
                    .isEqualTo(first);
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.plan.Contents;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Plan;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator ends after every round trip of everything it does; the next one goes on and all is as if undisturbed. */
@OnOldestAndNewestServer
class ClaimCrashIT {
    private final Ground ground;
    private HostedServer server;

    ClaimCrashIT(Ground ground) {
        this.ground = ground;
    }

    @BeforeEach
    void open() {
        server = ground.open();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private TestClaim claim() {
        return new TestClaim(ground, server, "shop", "crash");
    }

    /** What is on the server, without what only tells of time. */
    record Fingerprint(Observed observed, Contents contents) {
        static Fingerprint of(TestClaim claim) {
            var observed = claim.observe();
            return new Fingerprint(
                    new Observed(
                            null, observed.roles(), observed.memberships(), observed.settings(), observed.database()),
                    claim.contents());
        }
    }

    /** Cuts the two plans after {@code n} batches of both, for every n that leaves something undone. */
    private void crashesEverywhere(Consumer<TestClaim> before, Consumer<TestClaim> change, boolean recreated)
            throws SQLException {
        var undisturbed = claim();
        before.accept(undisturbed);
        change.accept(undisturbed);
        var done = undisturbed.apply();
        var wanted = Fingerprint.of(undisturbed);
        remove(undisturbed);
        var first = done.prepare().batches().size();
        var all = first + done.open().batches().size();
        assertThat(all).isPositive();
        for (int i = 0; i < all; i++) {
            var after = i;
            var claim = claim();
            before.accept(claim);
            change.accept(claim);
            claim.applyUpTo(
                    plan -> TestClaim.batches(plan, after),
                    plan -> TestClaim.batches(plan, Math.max(0, after - first)));
            if (recreated) {
                claim.recreated();
            }
            claim.apply();
            assertThat(Fingerprint.of(claim))
                    .as("crash after %d of %d batches", i, all)
                    .isEqualTo(wanted);
            assertThat(claim.apply().nothing()).as("converged after %d", i).isTrue();
            assertThat(claim.sql("app", "CREATE TABLE made (); DROP TABLE made; SELECT 1"))
                    .isEqualTo("1");
            remove(claim);
        }
    }

    private static void remove(TestClaim claim) {
        claim.retain(null);
        claim.drop();
    }

    @Test
    void while_it_makes_a_claim() throws SQLException {
        crashesEverywhere(claim -> claim.with(Specs.THREE_LOGINS), claim -> {}, false);
    }

    @Test
    void while_it_makes_a_claim_that_is_then_made_anew() throws SQLException {
        crashesEverywhere(claim -> claim.with(Specs.THREE_LOGINS), claim -> {}, true);
    }

    @Test
    void while_it_changes_everything_of_a_claim() throws SQLException {
        crashesEverywhere(
                claim -> {
                    claim.with(Specs.wholeBefore()).apply();
                    leaveSomethingOutsideTheGroup(claim, "app");
                    leaveSomethingOutsideTheGroup(claim, "second");
                    leaveSomethingOutsideTheGroup(claim, "gone");
                },
                claim -> claim.with(Specs.wholeAfter()),
                false);
    }

    private static void leaveSomethingOutsideTheGroup(TestClaim claim, String access) {
        try {
            claim.sql(access, "GRANT CREATE ON SCHEMA public TO %s".formatted(claim.login(access)));
            claim.sql(access, "SET ROLE NONE; CREATE TABLE public.of_%s ()".formatted(access));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void while_it_takes_a_database_back() throws SQLException {
        crashesEverywhere(
                claim -> {
                    claim.apply();
                    claim.retain(null);
                    claim.recreated();
                },
                claim -> {},
                false);
    }

    @Test
    void while_it_closes_and_drops_a_claim() {
        for (int i = 0; i < 12; i++) {
            var after = i;
            var claim = claim();
            claim.apply();
            claim.retainUpTo(null, plan -> TestClaim.batches(plan, after));
            claim.retain(null);
            claim.dropUpTo(plan -> TestClaim.batches(plan, after));
            if (claim.row() != null) {
                claim.drop();
            }
            assertThat(claim.row()).isNull();
            assertThat(claim.observe())
                    .extracting(Observed::roles)
                    .satisfies(r -> assertThat(r).isEmpty());
            assertThat(claim.observe().database()).isNull();
        }
    }

    /** The database is kept as long as it is there; once it is gone the claim starts anew. */
    @Test
    void while_it_drops_a_claim_that_then_comes_back() throws SQLException {
        for (int i = 0; i < 6; i++) {
            var after = i;
            var claim = claim();
            claim.apply();
            claim.sql("app", "CREATE TABLE kept ()");
            claim.retain(null);
            claim.dropUpTo(plan -> cutBeforeTheEnd(plan, after));
            claim.recreated();
            var kept = claim.observe().database() != null;
            claim.apply();
            assertThat(claim.sql("app", "SELECT to_regclass('kept')")).isEqualTo(kept ? "kept" : null);
            assertThat(claim.apply().nothing()).isTrue();
            remove(claim);
        }
    }

    private static Plan cutBeforeTheEnd(Plan plan, int batches) {
        return TestClaim.batches(plan, Math.min(batches, plan.batches().size() - 1));
    }
}

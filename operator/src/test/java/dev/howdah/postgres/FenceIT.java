// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.Plan;
import dev.howdah.plan.Step;
import dev.howdah.policy.ClaimNames;
import dev.howdah.testenv.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of two operators only the last to take over can write. */
@OnEveryServer
class FenceIT {
    private final Ground ground;

    FenceIT(Ground ground) {
        this.ground = ground;
    }

    @Test
    void the_former_leader_can_do_nothing_any_more() {
        try (var former = ground.open("former")) {
            var claim = new TestClaim(ground, former, "shop", "fence");
            claim.apply();
            var work = claim.begin();
            work.observe(List.of());
            try (var leader = ground.open("leader")) {
                assertThat(leader.identity().epoch())
                        .isGreaterThan(former.identity().epoch());
                assertThat(leader.identity().ledger())
                        .isEqualTo(former.identity().ledger());

                // In the middle of its work its session was ended; a new one finds the later epoch.
                assertThatThrownBy(() -> work.run(new Plan(List.of(new Step.RecordDropping("x")))))
                        .isInstanceOf(SqlFailure.class);
                work.close();
                assertFencedOut(() -> claim.retain(null));
                assertFencedOut(claim::row);
                assertFencedOut(() -> former.keepJournal(90));
                assertFencedOut(() -> withoutLooking(
                        former, new Step.RecordDropping(claim.identity().uid())));

                claim.moveTo(leader);
                assertThat(claim.apply().nothing()).isTrue();
                claim.retain(null);
                claim.drop();
            }
        }
    }

    private static void withoutLooking(HostedServer server, Step step) {
        try (var work = server.tryBegin(new ClaimIdentity("u", "n", "nu", "x"), ClaimNames.of("n", "x"))
                .orElseThrow()) {
            work.run(new Plan(List.of(step)));
        }
    }

    private static void assertFencedOut(Runnable attempt) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        SqlFailure.class,
                        e -> assertThat(e.kind()).as(e.explanation()).isEqualTo(SqlFailure.Kind.FencedOut));
    }

    @Test
    void the_same_process_opens_a_server_again_beside_its_own_sessions() {
        try (var first = ground.open("same")) {
            ground.warm(first);
            var started = Instant.now();
            try (var second = ground.open("same")) {
                assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(10));
                assertThat(second.identity()).isEqualTo(first.identity());
                assertThat(first.readLedger()).isEqualTo(second.readLedger());
            }
        }
    }

    @Test
    void a_restarted_server_is_worked_on_without_a_failure() {
        try (var postgres = TestPostgres.start(Ground.options(ground.postgres().major()));
                var server = Ground.on(postgres, ground.kind()).open()) {
            var own = Ground.on(postgres, ground.kind());
            var claim = new TestClaim(own, server, "shop", "restart");
            claim.apply();
            own.warm(server);
            postgres.restart();
            assertThat(claim.apply().nothing()).isTrue();
            assertThat(server.readLedger()).hasSize(1);
        }
    }
}

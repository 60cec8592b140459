// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerSpec;
import dev.howdah.postgres.Hosting;
import dev.howdah.reconcile.Settings;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Signals;
import dev.howdah.reconcile.status.EventRecorder;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestEnvironment;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A sweep acts on what it read a while ago. */
class SweepIT {
    @Test
    void aDatabaseTakenBackAndGivenUpAgainHasItsOwnTime() throws SQLException {
        var postgres = TestEnvironment.postgres(PostgresOptions.major(18).with("cluster_name", "swept"));
        try (var hosting = Hosting.on(postgres, true);
                var client = TestEnvironment.controlPlane().client()) {
            var clock = Clock.systemUTC();
            var fleet = new Fleet(new Signals());
            var settings = new Settings(
                    "howdah",
                    Duration.ofMinutes(5),
                    Duration.ofHours(1),
                    Duration.ofMinutes(10),
                    Duration.ofHours(1),
                    90);
            var sweep = new Sweep(client, fleet, settings, new EventRecorder(client, clock, "test"), clock);
            var resource = new PostgresServer();
            resource.getMetadata().setName("swept");
            resource.setSpec(
                    new PostgresServerSpec(null, null, null, null, null, null, null, null, null, null, null, null));
            var member = fleet.describe(resource);

            var claim = hosting.claim("swept", "orders");
            claim.apply(DatabaseClaimSpec.EMPTY);
            claim.retain(Duration.ZERO);
            var due = hosting.server().readLedger();
            claim.restore(DatabaseClaimSpec.EMPTY);
            claim.retain(Duration.ofDays(7));
            sweep.run(member, hosting.server(), due);
            assertThat(claim.is("Retained")).isTrue();

            claim.restore(DatabaseClaimSpec.EMPTY);
            claim.retain(Duration.ZERO);
            // A server's clock that runs ahead of everybody's is not believed.
            var behind = Clock.offset(clock, Duration.ofHours(-1));
            new Sweep(client, fleet, settings, new EventRecorder(client, behind, "test"), behind)
                    .run(member, hosting.server(), hosting.server().readLedger());
            assertThat(claim.is("Retained")).isTrue();
            sweep.run(member, hosting.server(), hosting.server().readLedger());
            assertThat(claim.is(null)).isTrue();
            try (var session = postgres.connect("postgres")) {
                assertThat(Hosting.first(
                                session, "SELECT 1 FROM pg_database WHERE datname = '" + claim.database() + "'"))
                        .isNull();
            }
        }
    }
}

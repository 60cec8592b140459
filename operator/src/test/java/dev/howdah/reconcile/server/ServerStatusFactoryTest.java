// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerStatus;
import dev.howdah.api.v1alpha1.PostgresServerStatus.Capabilities;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.reconcile.fleet.Fleet;
import dev.howdah.reconcile.fleet.Signals;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServerStatusFactoryTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private static PostgresServer server(@Nullable PostgresServerStatus status) {
        var server = new PostgresServer();
        server.getMetadata().setName("main");
        server.getMetadata().setGeneration(3L);
        server.setStatus(status);
        return server;
    }

    private static ServerReport connected(@Nullable String orphans, String... weaknesses) {
        return new ServerReport(
                true,
                Reason.Connected,
                "connected",
                new ServerReport.Found(
                        "18.6",
                        "7431",
                        "installation",
                        new Capabilities(true, null, null, true),
                        List.of(),
                        List.of(weaknesses),
                        false),
                orphans,
                NOW);
    }

    private static ServerReport refused(Reason reason) {
        return new ServerReport(false, reason, "no", null, null, NOW);
    }

    private static PostgresServerStatus status(@Nullable PostgresServerStatus before, ServerReport report) {
        var server = server(before);
        return ServerStatusFactory.status(server, new Fleet(new Signals()).describe(server), report, NOW);
    }

    private static List<String> read(PostgresServerStatus status) {
        List<Condition> conditions = status.conditions() == null ? List.of() : status.conditions();
        return conditions.stream()
                .map(c -> c.type() + "=" + c.status() + " " + c.reason())
                .toList();
    }

    @Test
    void connectedAndHardened() {
        var status = status(null, connected(null));
        assertThat(read(status))
                .containsExactly(
                        "Ready=True Connected",
                        "Reconciling=False Connected",
                        "Stalled=False Connected",
                        "Hardened=True Valid",
                        "InSync=Unknown Pending");
        assertThat(status.version()).isEqualTo("18.6");
        assertThat(status.observedGeneration()).isEqualTo(3);
    }

    @Test
    void weaknessesAreNamedAndAreNoFailure() {
        var status = status(null, connected(null, "trust in line 3", "open"));
        assertThat(read(status)).contains("Ready=True Connected", "Hardened=False NotHardened");
        assertThat(status.conditions())
                .filteredOn(c -> c.type().equals("Hardened"))
                .singleElement()
                .satisfies(c -> assertThat(c.message()).isEqualTo("trust in line 3; open"));
    }

    @Test
    void aStormStallsWhatStaysReady() {
        assertThat(read(status(null, connected("too many"))))
                .contains("Ready=True Connected", "Stalled=True OrphanStorm");
    }

    @Test
    void whatComesByItselfReconcilesAndWhatDoesNotStalls() {
        for (var reason : List.of(Reason.Unreachable, Reason.NotPrimary)) {
            assertThat(read(status(null, refused(reason))))
                    .containsExactly(
                            "Ready=False " + reason,
                            "Reconciling=True " + reason,
                            "Stalled=False " + reason,
                            "Hardened=Unknown Pending",
                            "InSync=Unknown Pending");
        }
        for (var reason : List.of(
                Reason.AuthenticationFailed,
                Reason.CertificateNotTrusted,
                Reason.ServerIdentityChanged,
                Reason.OwnedByAnotherInstallation,
                Reason.Stuck)) {
            assertThat(read(status(null, refused(reason))))
                    .contains("Ready=False " + reason, "Reconciling=False " + reason, "Stalled=True " + reason);
        }
    }

    @Test
    void whatAnUnreachableServerWasIsStillTold() {
        var before = status(null, connected(null, "open"));
        var after = status(before, refused(Reason.Unreachable));
        assertThat(after.version()).isEqualTo("18.6");
        assertThat(after.systemIdentifier()).isEqualTo("7431");
        assertThat(after.installation()).isEqualTo("installation");
        assertThat(read(after)).contains("Hardened=False NotHardened");
    }

    @Test
    void pausedJudgesNothing() {
        var before = status(null, connected(null, "open"));
        var paused = ServerStatusFactory.paused(server(before), "paused", NOW);
        assertThat(read(paused)).contains("Ready=True Paused", "Stalled=False Paused", "Hardened=False NotHardened");
        assertThat(paused.version()).isEqualTo("18.6");
    }

    @Test
    void aDeletionThatWaitsStallsAndSaysNothingElse() {
        var before = status(null, connected(null));
        var server = server(before);
        var kept = ServerStatusFactory.kept(server, new Fleet(new Signals()).describe(server), NOW);
        assertThat(read(kept)).contains("Ready=True Connected", "Stalled=True DatabaseConflict", "Hardened=True Valid");
    }
}

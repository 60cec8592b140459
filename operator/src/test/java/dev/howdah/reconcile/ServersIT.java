// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What can be wrong with a server. It is said on the server and on the claims that wait for it; nothing is written there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServersIT {
    private final Stage stage = Stage.open();
    private final TestPostgres postgres =
            TestPostgres.start(PostgresOptions.major(18).withTls());

    @BeforeAll
    void offer() {
        stage.server("good", postgres);
        stage.classOn("good", "good");
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
    }

    private PostgresServer refused(String name, Reason reason, String... says) {
        return Seen.until(
                stage.servers(name),
                server -> Seen.is(server.getStatus().conditions(), "Ready", "False", reason)
                        && Stream.of(says)
                                .allMatch(Seen.condition(server.getStatus().conditions(), "Ready")
                                        .message()::contains),
                name + " says " + reason + " and " + List.of(says));
    }

    private PostgresServer stalled(String name, Reason reason, String... says) {
        var server = refused(name, reason, says);
        assertThat(Seen.condition(server.getStatus().conditions(), "Stalled").status())
                .isEqualTo("True");
        return server;
    }

    private PostgresServer comesByItself(String name, Reason reason, String... says) {
        var server = refused(name, reason, says);
        assertThat(Seen.condition(server.getStatus().conditions(), "Reconciling")
                        .status())
                .isEqualTo("True");
        return server;
    }

    /** A claim for it waits and says for what; a claim elsewhere is served meanwhile. */
    private void claimWaits(String ns, String className) {
        claimWaits(ns, className, Reason.LedgerUnreadable);
    }

    private void claimWaits(String ns, String className, Reason reason) {
        stage.claim(ns, "waiting", className);
        stage.claim(ns, "elsewhere", "good");
        stage.ready(ns, "elsewhere");
        var claim = Seen.until(
                stage.claims(ns, "waiting"),
                c -> Seen.condition(c, "Ready").status().equals("False"),
                "it is said what is waited for");
        assertThat(Seen.condition(claim, "Ready").reason()).isEqualTo(reason.name());
        assertThat(Seen.condition(claim, "Ready").message()).contains(stage.named(className));
        assertThat(Seen.condition(claim, "Reconciling").status()).isEqualTo("True");
        assertThat(Seen.condition(claim, "Accepted").status()).isEqualTo("True");
    }

    private static void hasNoLedger(TestPostgres server) {
        assertThat(Sql.databases(server)).doesNotContain("howdah");
    }

    @Test
    void goodServerTellsWhatItIs() {
        var status = stage.serverSays("good", "True", Reason.Connected).getStatus();
        assertThat(status.version()).startsWith("18.");
        assertThat(status.systemIdentifier())
                .isEqualTo(Sql.rows(postgres, "postgres", "SELECT system_identifier::text FROM pg_control_system()")
                        .getFirst());
        assertThat(status.installation()).isEqualTo(stage.installation);
        assertThat(status.capabilities()).isNotNull();
        assertThat(status.capabilities().superuser()).isTrue();
        assertThat(status.extensions()).extracting(e -> e.name()).contains("hstore", "pg_trgm");
    }

    @Test
    void nobodyListens() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        stage.adminSecret("deaf", "admin", "x", null);
        stage.serverObject("deaf", "127.0.0.1", port, "disable");
        stage.classOn("deaf", "deaf");
        comesByItself("deaf", Reason.Unreachable, "127.0.0.1:" + port, "check `spec.external`");
        claimWaits(stage.namespace("deaf"), "deaf");
    }

    @Test
    void wrongPasswordAndItsCorrection() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.adminSecret("password", server.superuser(), "wrong", null);
            stage.serverObject("password", server.host(), server.port(), "disable");
            stage.classOn("password", "password");
            stalled("password", Reason.AuthenticationFailed, "refuses the admin", "admin Secret");
            hasNoLedger(server);
            var ns = stage.namespace("password");
            claimWaits(ns, "password");

            stage.adminSecret("password", server.superuser(), server.superuserPassword(), null);
            stage.serverSays("password", "True", Reason.Connected);
            stage.ready(ns, "waiting");
            assertThat(stage.reasons(stage.servers("password").get()))
                    .containsExactly("AuthenticationFailed", "Connected");

            // Spoilt on a server in use: its claims are out of sight, not gone, and back when it is.
            stage.adminSecret("password", server.superuser(), "wrong again", null);
            stalled("password", Reason.AuthenticationFailed);
            var hidden = stage.says(ns, "waiting", "Unknown", Reason.ServerUnavailable);
            assertThat(hidden.getStatus().database()).isEqualTo(ns + "_waiting");
            assertThat(Seen.condition(hidden, "Ready").message()).contains("AuthenticationFailed", "by itself");
            stage.adminSecret("password", server.superuser(), server.superuserPassword(), null);
            stage.ready(ns, "waiting");
        }
    }

    @AfterEach
    void nobodyTalksToServersThatAreGone() {
        stage.client.resources(PostgresServer.class).list().getItems().stream()
                .map(server -> server.getMetadata().getName())
                .filter(name -> name.endsWith(stage.id) && !name.equals(stage.named("good")))
                .forEach(name -> retire(name.substring(0, name.length() - stage.id.length() - 1)));
    }

    private void retire(String name) {
        stage.annotate(stage.servers(name), "howdah.dev/abandon", stage.named(name));
        stage.servers(name).delete();
        Seen.gone(stage.servers(name));
    }

    @Test
    void noAdminSecretAndThenOne() {
        stage.serverObject("bare", postgres.host(), postgres.port(), "verify-full");
        stalled("bare", Reason.AuthenticationFailed, "no Secret \"" + stage.named("bare") + "\"", "create it");
        stage.adminSecret("bare", "someone", "x", postgres.caPem().orElseThrow());
        stalled("bare", Reason.AuthenticationFailed, "refuses the admin \"someone\"");
    }

    @Test
    void wrongAuthority() {
        try (var other = TestPostgres.start(PostgresOptions.major(18).withTls())) {
            stage.adminSecret(
                    "authority",
                    other.superuser(),
                    other.superuserPassword(),
                    postgres.caPem().orElseThrow());
            stage.serverObject("authority", other.host(), other.port(), "verify-full");
            stage.classOn("authority", "authority");
            stalled("authority", Reason.CertificateNotTrusted, "`ca.crt`");
            hasNoLedger(other);
            claimWaits(stage.namespace("authority"), "authority");
        }
    }

    @Test
    void standbyBehindTheAddress() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            server.restartAsStandby();
            stage.server("standby", server);
            stage.classOn("standby", "standby");
            comesByItself("standby", Reason.NotPrimary, "primary");
            var ns = stage.namespace("standby");
            claimWaits(ns, "standby");
            server.restartAsPrimary();
            stage.annotate(stage.servers("standby"), "howdah.dev/look", "again");
            stage.serverSays("standby", "True", Reason.Connected);
            stage.ready(ns, "waiting");
        }
    }

    @Test
    void anotherServerBehindTheAddress() {
        try (var first = TestPostgres.start(PostgresOptions.major(18));
                var second = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("moved", first);
            stage.classOn("moved", "moved");
            stage.serverSays("moved", "True", Reason.Connected);
            var ns = stage.namespace("moved");
            stage.claim(ns, "orders", "moved");
            stage.ready(ns, "orders");

            stage.adminSecret("moved", second.superuser(), second.superuserPassword(), null);
            stage.patchSpec(stage.servers("moved"), "{external: {port: %d}}".formatted(second.port()));
            var identifier = Sql.rows(second, "postgres", "SELECT system_identifier::text FROM pg_control_system()")
                    .getFirst();
            stalled("moved", Reason.ServerIdentityChanged, identifier, "`spec.acceptedSystemIdentifier`");
            hasNoLedger(second);
            var hidden = stage.says(ns, "orders", "Unknown", Reason.ServerUnavailable);
            assertThat(hidden.getStatus().server()).isNotNull();

            stage.adminSecret("moved", first.superuser(), first.superuserPassword(), null);
            stage.patchSpec(stage.servers("moved"), "{external: {port: %d}}".formatted(first.port()));
            stage.serverSays("moved", "True", Reason.Connected);
            stage.ready(ns, "orders");

            // With a DBA's consent the other server is taken, and what it lacks is missing, never made anew in silence.
            stage.adminSecret("moved", second.superuser(), second.superuserPassword(), null);
            stage.patchSpec(
                    stage.servers("moved"),
                    "{external: {port: %d}, acceptedSystemIdentifier: \"%s\"}".formatted(second.port(), identifier));
            stage.serverSays("moved", "True", Reason.Connected);
            stage.says(ns, "orders", "False", Reason.DatabaseMissing);
            assertThat(Sql.databases(second)).contains("howdah").doesNotContain(ns + "_orders");
        }
    }

    @Test
    void anotherServerComesToTheAddressOfAnOpenOne() {
        try (var first = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("same", first);
            stage.serverSays("same", "True", Reason.Connected);
            first.stop();
            comesByItself("same", Reason.Unreachable);
            first.startAgain();
            stage.annotate(stage.servers("same"), "howdah.dev/look", "again");
            stage.serverSays("same", "True", Reason.Connected);
        }
    }

    @Test
    void ledgerOfAnotherInstallation() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("theirs", server);
            stage.classOn("theirs", "theirs");
            stage.serverSays("theirs", "True", Reason.Connected);
            retire("theirs");
            Sql.run(server, "howdah", "UPDATE howdah.server SET installation = 'another-cluster'");
            var before = Sql.ledger(server, "SELECT epoch || holder FROM howdah.fence");
            stage.server("theirs", server);
            stalled("theirs", Reason.OwnedByAnotherInstallation, "another-cluster", "nothing is touched");
            // Nothing of ours is there, so nobody waits to learn what is.
            claimWaits(stage.namespace("theirs"), "theirs", Reason.NoMatchingServer);
            assertThat(Sql.ledger(server, "SELECT epoch || holder FROM howdah.fence"))
                    .isEqualTo(before);
        }
    }

    /** What nobody thought of keeps only its own server from being used. */
    @Test
    void ledgerThatCannotBeUnderstood() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("strange", server);
            stage.classOn("strange", "strange");
            stage.serverSays("strange", "True", Reason.Connected);
            retire("strange");
            Sql.run(server, "howdah", "UPDATE howdah.server SET installation = 'two words'");
            stage.server("strange", server);
            stalled("strange", Reason.Stuck, "bug");
            claimWaits(stage.namespace("strange"), "strange");
        }
    }

    @Test
    void oneServerUnderTwoNames() {
        stage.serverSays("good", "True", Reason.Connected);
        stage.server("twin", postgres);
        stalled("twin", Reason.ServerIdentityChanged, stage.named("good"), "delete one");
        stage.serverSays("good", "True", Reason.Connected);

        // Also when both are tried at the same moment; and the one too many goes without a word of consent.
        stage.stop();
        stage.start();
        stage.serverSays("good", "True", Reason.Connected);
        stalled("twin", Reason.ServerIdentityChanged, stage.named("good"));
        stage.servers("twin").delete();
        Seen.gone(stage.servers("twin"));
    }

    @Test
    void unsupportedVersionsAreTold() {
        // 15 to 18 are all there is to test with; the oldest is served.
        try (var server = TestPostgres.start(PostgresOptions.major(15))) {
            stage.server("oldest", server);
            stage.classOn("oldest", "oldest", "majorVersions: [15]");
            var ns = stage.namespace("oldest");
            stage.claim(ns, "orders", "oldest");
            assertThat(stage.ready(ns, "orders").getStatus().server()).isNotNull();
        }
    }

    @Test
    void hardeningThatTheAdminMayNotDoIsTold() throws SQLException {
        try (var server = TestPostgres.start(PostgresOptions.major(16))) {
            stage.plainServer("plain", server);
            stage.patchSpec(stage.servers("plain"), "{hardening: Apply}");
            var plain = Seen.until(
                    stage.servers("plain"),
                    s -> s.getStatus() != null
                            && Seen.is(s.getStatus().conditions(), "Hardened", "False", Reason.InsufficientPrivilege),
                    "it says what it may not");
            assertThat(Seen.condition(plain.getStatus().conditions(), "Hardened")
                            .message())
                    .contains("\"postgres\"", "REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");
            assertThat(Seen.is(plain.getStatus().conditions(), "Ready", "True", Reason.Connected))
                    .isTrue();
        }
    }

    @Test
    void hardeningReportsAppliesOrRequires() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("soft", server, "hardening: Require");
            stage.classOn("soft", "soft");
            stage.serverSays("soft", "True", Reason.Connected);
            var soft = Seen.until(
                    stage.servers("soft"),
                    s -> Seen.is(s.getStatus().conditions(), "Hardened", "False", Reason.NotHardened),
                    "weaknesses are named");
            assertThat(Seen.condition(soft.getStatus().conditions(), "Hardened").message())
                    .contains("\"postgres\"", "\"template1\"", "PUBLIC");
            var ns = stage.namespace("soft");
            stage.claim(ns, "orders", "soft");
            var claim = stage.says(ns, "orders", "False", Reason.NoMatchingServer);
            assertThat(Seen.condition(claim, "Ready").message()).contains("hardened", stage.named("soft"));
            assertThat(Sql.databases(server)).doesNotContain(ns + "_orders");

            stage.patchSpec(stage.servers("soft"), "{hardening: Apply}");
            Seen.until(
                    stage.servers("soft"),
                    s -> Seen.is(s.getStatus().conditions(), "Hardened", "True", Reason.Valid),
                    "it is hardened");
            stage.ready(ns, "orders");
            assertThat(Sql.rows(
                            server,
                            "postgres",
                            "SELECT count(*) FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))"
                                    + " WHERE grantee = 0 AND privilege_type = 'CONNECT'"
                                    + " AND datname IN ('postgres', 'template1')"))
                    .containsExactly("0");
        }
    }

    @Test
    void unschedulableServesOnAndTakesNobody() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("full", server);
            stage.classOn("full", "full");
            var ns = stage.namespace("full");
            stage.claim(ns, "first", "full");
            stage.ready(ns, "first");
            stage.patchSpec(stage.servers("full"), "{unschedulable: true}");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> stage.servers("full").get().getStatus().observedGeneration() == 2);
            stage.claim(ns, "second", "full");
            var second = stage.says(ns, "second", "False", Reason.NoMatchingServer);
            assertThat(Seen.condition(second, "Ready").message()).contains("unschedulable", "ask a DBA");
            stage.patchSpec(stage.claims(ns, "first"), "{connections: 5}");
            stage.ready(ns, "first");
            stage.patchSpec(stage.servers("full"), "{unschedulable: false}");
            stage.ready(ns, "second");
        }
    }

    @Test
    void theEndpointIsToldToApplications() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("endpoint", server);
            stage.classOn("endpoint", "endpoint");
            var ns = stage.namespace("endpoint");
            stage.claim(ns, "orders", "endpoint");
            stage.ready(ns, "orders");
            assertThat(Secrets.value(stage.secret(ns, "orders-db"), "PGSSLMODE"))
                    .isEqualTo("disable");
            var password = Secrets.value(stage.secret(ns, "orders-db"), "password");
            stage.patchSpec(stage.servers("endpoint"), "{endpoint: {host: pg.shared.svc, port: 6432}}");
            await().atMost(Stage.LONG)
                    .untilAsserted(() -> assertThat(Secrets.value(stage.secret(ns, "orders-db"), "DATABASE_URL"))
                            .contains("@pg.shared.svc:6432/"));
            assertThat(Secrets.value(stage.secret(ns, "orders-db"), "password")).isEqualTo(password);
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.api.v1alpha1.PostgresServerSpec.SslMode;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.postgres.ServerOpening.Expectation;
import dev.howdah.testenv.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every way in which a server cannot be used has its reason, and nothing is changed on it. */
@OnEveryServer
class ServerOpeningIT {
    private static final Pattern WRITES =
            Pattern.compile("(?is).*\\b(CREATE|ALTER|DROP|GRANT|REVOKE|INSERT|UPDATE|DELETE)\\s+.*");

    private final Ground ground;

    ServerOpeningIT(Ground ground) {
        this.ground = ground;
    }

    @BeforeEach
    void ledgerIsThere() {
        ground.open().close();
    }

    @AfterEach
    void ledgerIsStillOurs() {
        ground.open().close();
    }

    private static HostedServer open(ConnectionTarget target, Expectation expectation) {
        return ServerOpening.open(target, expectation, InstantSource.system(), new SqlTraffic());
    }

    private ServerRefused refused(Reason reason, ConnectionTarget target, Expectation expectation) {
        var refused = new ServerRefused[1];
        assertThatThrownBy(() -> open(target, expectation).close()).isInstanceOfSatisfying(ServerRefused.class, e -> {
            assertThat(e.reason()).as(e.explanation()).isEqualTo(reason);
            assertThat(e.explanation()).doesNotContain(ground.admin().password());
            refused[0] = e;
        });
        return refused[0];
    }

    private ServerRefused refused(Reason reason, ConnectionTarget target) {
        return refused(reason, target, Ground.expectation(Ground.HOLDER));
    }

    private static Expectation seen(@Nullable String systemIdentifier, @Nullable String accepted) {
        return new Expectation(Ground.INSTALLATION, Ground.HOLDER, 0, systemIdentifier, accepted, 0);
    }

    private List<String> writes(Ground.Log log) {
        return log.statements().stream()
                .filter(sql -> WRITES.matcher(sql).matches())
                .toList();
    }

    @Test
    void wrong_password() {
        refused(Reason.AuthenticationFailed, ground.targetOf(ground.admin().name(), "wrong"));
        refused(Reason.AuthenticationFailed, ground.targetOf("nobody", "wrong"));
    }

    @Test
    void nobody_listens() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = socket.getLocalPort();
            socket.close();
            refused(
                    Reason.Unreachable,
                    new ConnectionTarget("127.0.0.1", port, "postgres", "a", "b", SslMode.DISABLE, null));
        }
        refused(
                Reason.Unreachable,
                new ConnectionTarget("no-such-host.invalid", 5432, "postgres", "a", "b", SslMode.DISABLE, null));
        var withoutTls = new ConnectionTarget(
                ground.postgres().host(), ground.postgres().port(), "postgres", "a", "b", SslMode.REQUIRE, null);
        assertThat(refused(Reason.Unreachable, withoutTls).explanation()).contains("does not offer TLS");
    }

    @Test
    void insufficient_privileges() {
        ground.asSuperuser(
                "postgres", "CREATE ROLE weak LOGIN CREATEDB PASSWORD " + Quoting.literal(Scram.verifier("weak")));
        ground.asSuperuser("postgres", "GRANT CONNECT ON DATABASE howdah TO weak");
        ground.asSuperuser("howdah", "GRANT USAGE ON SCHEMA howdah TO weak; GRANT SELECT ON howdah.server TO weak");
        var log = ground.log();
        assertThat(refused(Reason.InsufficientPrivilege, ground.targetOf("weak", "weak"))
                        .explanation())
                .contains("CREATEROLE");
        assertThat(writes(log)).isEmpty();
        ground.asSuperuser("howdah", "DROP OWNED BY weak; DROP ROLE weak");
    }

    @Test
    void the_ledger_of_another_installation() {
        var log = ground.log();
        assertThat(refused(
                                Reason.OwnedByAnotherInstallation,
                                ground.target(),
                                new Expectation("another", Ground.HOLDER, 9, null, null, 0))
                        .explanation())
                .contains(Ground.INSTALLATION);
        assertThat(log.statements()).hasSize(1).allMatch(sql -> sql.startsWith("SELECT ledger"));
    }

    @Test
    void another_server_behind_the_address() {
        var log = ground.log();
        var refused = refused(Reason.ServerIdentityChanged, ground.target(), seen("1", null));
        assertThat(writes(log)).isEmpty();
        var current = ground.asSuperuser("postgres", "SELECT system_identifier FROM pg_control_system()");
        assertThat(refused.explanation()).contains("its system identifier is " + current + ", it was 1. ");
        open(ground.target(), seen("1", current)).close();
        open(ground.target(), seen(current, null)).close();
    }

    @Test
    void a_ledger_kept_by_another_server() {
        ground.asSuperuser("howdah", "UPDATE howdah.server SET system_identifier = '1'");
        var current = ground.asSuperuser("postgres", "SELECT system_identifier FROM pg_control_system()");
        refused(Reason.ServerIdentityChanged, ground.target(), seen("1", null));
        refused(Reason.ServerIdentityChanged, ground.target(), seen(null, null));
        try (var server = open(ground.target(), seen("1", current))) {
            assertThat(server.identity().upgradedFrom()).isNull();
        }
        assertThat(ground.asSuperuser("howdah", "SELECT system_identifier FROM howdah.server"))
                .isEqualTo(current);
    }

    @Test
    void an_upgraded_server_is_taken_as_it_is() {
        var major = ground.postgres().major();
        ground.asSuperuser(
                "howdah", "UPDATE howdah.server SET system_identifier = '1', major_version = " + (major - 1));
        try (var server = open(ground.target(), seen("1", null))) {
            assertThat(server.identity().upgradedFrom()).isEqualTo(major - 1);
        }
        try (var server = ground.open()) {
            assertThat(server.identity().upgradedFrom()).isNull();
        }
    }

    @Test
    void a_newer_ledger() {
        ground.asSuperuser("howdah", "UPDATE howdah.server SET schema_version = 99");
        refused(Reason.UnsupportedVersion, ground.target());
        ground.asSuperuser("howdah", "UPDATE howdah.server SET schema_version = " + LedgerSql.SCHEMA_VERSION);
    }

    @Test
    void another_admin_role() {
        ground.asSuperuser(
                "postgres",
                "CREATE ROLE second LOGIN CREATEDB CREATEROLE PASSWORD " + Quoting.literal(Scram.verifier("second")));
        refused(Reason.AdminRoleChanged, ground.targetOf("second", "second"));
        ground.asSuperuser("postgres", "GRANT CONNECT ON DATABASE howdah TO second");
        ground.asSuperuser("howdah", "GRANT USAGE ON SCHEMA howdah TO second; GRANT SELECT ON howdah.server TO second");
        var log = ground.log();
        refused(Reason.AdminRoleChanged, ground.targetOf("second", "second"));
        assertThat(writes(log)).isEmpty();
        ground.asSuperuser("howdah", "DROP OWNED BY second; DROP ROLE second");
    }

    @Test
    void opening_again_writes_nothing_but_the_fence() {
        var log = ground.log();
        ground.open().close();
        assertThat(writes(log)).hasSize(1).allMatch(sql -> sql.startsWith("UPDATE howdah.fence"));
    }

    @Test
    void the_journal_has_its_months_and_forgets_old_ones() {
        try (var server = ground.open()) {
            server.keepJournal(90);
            server.keepJournal(90);
            assertThat(ground.asSuperuser(
                            "howdah",
                            "SELECT count(*) FROM pg_class WHERE relname ~ '^journal_[0-9]{6}$' AND relkind = 'r'"))
                    .isEqualTo("3");
            ground.asSuperuser(
                    "howdah",
                    "SET ROLE %s; CREATE TABLE howdah.journal_202001 PARTITION OF howdah.journal FOR VALUES FROM ('2020-01-01Z') TO ('2020-02-01Z');"
                                    .formatted(Quoting.identifier(ground.admin().name()))
                            + "INSERT INTO howdah.journal (at, epoch, steps) VALUES ('2019-12-31Z', 1, '{}'), ('2020-01-15Z', 1, '{}')");
            var old = "SELECT count(*) FROM howdah.journal WHERE at < now() - interval '90 days'";
            server.keepJournal(90);
            assertThat(ground.asSuperuser("howdah", old))
                    .as("the newest line tells how far the journal has come")
                    .isEqualTo("1");
            ground.asSuperuser("howdah", "INSERT INTO howdah.journal (epoch, steps) VALUES (1, '{}')");
            server.keepJournal(90);
            assertThat(ground.asSuperuser("howdah", old)).isEqualTo("0");
            assertThat(ground.asSuperuser("howdah", "SELECT to_regclass('howdah.journal_202001')"))
                    .isNull();
        }
    }

    @Test
    void hardening_that_is_not_allowed_is_told() {
        try (var server = ground.open()) {
            assertThat(server.weaknesses().openDatabases()).contains("postgres", "template1");
            if (ground.kind() == AdminKind.PLAIN) {
                assertThatThrownBy(server::harden)
                        .isInstanceOfSatisfying(
                                SqlFailure.class, e -> assertThat(e.kind()).isEqualTo(SqlFailure.Kind.NeedsAction));
            } else {
                server.harden();
                assertThat(server.weaknesses().openDatabases()).doesNotContain("postgres", "template1", "howdah");
                ground.asSuperuser("postgres", "GRANT CONNECT ON DATABASE postgres, template1 TO PUBLIC");
            }
            assertThat(server.unchanged()).isTrue();
        }
    }

    /** Between CREATE DATABASE and the REVOKE after it: nobody gets in past a limit of 0. */
    @Test
    void a_database_that_is_being_made_weakens_nothing() {
        try (var server = ground.open()) {
            ground.asSuperuser("postgres", "CREATE DATABASE \"being made\" CONNECTION LIMIT 0");
            try {
                assertThat(server.weaknesses().openDatabases()).doesNotContain("being made");
                ground.asSuperuser("postgres", "ALTER DATABASE \"being made\" CONNECTION LIMIT 1");
                assertThat(server.weaknesses().openDatabases()).contains("being made");
            } finally {
                ground.asSuperuser("postgres", "DROP DATABASE \"being made\"");
            }
        }
    }

    @Test
    void a_ledger_that_went_back() {
        long epoch;
        try (var server = ground.open()) {
            epoch = server.identity().epoch();
        }
        var later = new Expectation(Ground.INSTALLATION, Ground.HOLDER, 0, null, null, epoch + 1);
        assertThatThrownBy(
                        () -> ServerOpening.open(ground.target(), later, java.time.Clock.systemUTC(), new SqlTraffic()))
                .isInstanceOfSatisfying(ServerRefused.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.ServerIdentityChanged);
                    assertThat(e.explanation()).contains("went back", "restored to an earlier time");
                });
        var now = new Expectation(Ground.INSTALLATION, Ground.HOLDER, 0, null, null, epoch);
        ServerOpening.open(ground.target(), now, java.time.Clock.systemUTC(), new SqlTraffic())
                .close();
    }

    private static Expectation after(long epoch, long position, @Nullable String accepted) {
        return new Expectation(
                Ground.INSTALLATION, Ground.HOLDER, 0, null, accepted, epoch, position, null, ledger -> null);
    }

    @Test
    void a_ledger_that_went_back_within_one_epoch() {
        long epoch;
        long position;
        try (var server = ground.open()) {
            epoch = server.identity().epoch();
            server.keepJournal(90);
            position = new ServerSweep(server).look(Map.of(), List.of()).journal();
        }
        var log = ground.log();
        assertThat(refused(Reason.ServerIdentityChanged, ground.target(), after(epoch, position + 1, null))
                        .explanation())
                .contains("went back from journal entry " + (position + 1) + " to " + position);
        // Another process, which saw no epoch yet, knows the position from the status.
        refused(Reason.ServerIdentityChanged, ground.target(), after(0, position + 1, null));
        assertThat(writes(log)).isEmpty();
        open(ground.target(), after(epoch, position, null)).close();
        var current = ground.asSuperuser("postgres", "SELECT system_identifier FROM pg_control_system()");
        open(ground.target(), after(epoch, position + 1, current)).close();
    }

    @Test
    void a_copy_of_a_server_that_is_served_stays_as_it_is() {
        var log = ground.log();
        assertThat(refused(
                                Reason.ServerIdentityChanged,
                                ground.target(),
                                new Expectation(
                                        Ground.INSTALLATION,
                                        "another holder",
                                        0,
                                        null,
                                        null,
                                        0,
                                        0,
                                        null,
                                        ledger -> "a twin of " + ledger))
                        .explanation())
                .startsWith("a twin of ");
        assertThat(writes(log)).isEmpty();
    }

    private static Expectation recovering(String installation, @Nullable String lost) {
        return new Expectation(installation, Ground.HOLDER, 0, null, null, 0, 0, lost, ledger -> null);
    }

    @Test
    void the_ledger_of_a_lost_installation_is_taken_over_where_that_is_consented_to() {
        try (var server = ground.open()) {
            var claim = new TestClaim(ground, server, "shop", "lost");
            claim.apply();
        }
        refused(Reason.OwnedByAnotherInstallation, ground.target(), recovering("new", "some other one"));
        try (var server = open(ground.target(), recovering("new", Ground.INSTALLATION))) {
            assertThat(server.identity().recoveredFrom()).isEqualTo(Ground.INSTALLATION);
            assertThat(server.readLedger())
                    .allMatch(entry ->
                            Ground.INSTALLATION.equals(entry.claim().history().formerInstallation()));
        }
        try (var server = open(ground.target(), recovering("new", Ground.INSTALLATION))) {
            assertThat(server.identity().recoveredFrom()).isNull();
        }
        refused(Reason.OwnedByAnotherInstallation, ground.target());
        // And back, so that the other tests find their ledger.
        try (var server = open(ground.target(), recovering(Ground.INSTALLATION, "new"))) {
            var claim = new TestClaim(ground, server, "shop", "lost");
            assertThat(claim.row().history().formerInstallation()).isEqualTo("new");
            claim.retain(null);
            claim.drop();
        }
    }

    @Test
    void what_a_tenant_sets_on_its_database_does_not_bind_the_admin() throws Exception {
        try (var server = ground.open()) {
            var claim = new TestClaim(ground, server, "shop", "hostile");
            claim.apply();
            var database = Quoting.identifier(claim.names().database());
            for (var setting : List.of(
                    "role = " + claim.names().readOnlyGroup(),
                    "local_preload_libraries = 'no_such_library'",
                    "idle_session_timeout = 1",
                    "standard_conforming_strings = off",
                    "default_transaction_read_only = on",
                    "search_path = public",
                    "statement_timeout = 1",
                    "lock_timeout = 1",
                    "password_encryption = md5",
                    "row_security = on",
                    "client_min_messages = debug5",
                    "synchronous_commit = off")) {
                ground.asSuperuser("postgres", "ALTER DATABASE " + database + " SET " + setting);
            }
            if (ground.kind() == AdminKind.SUPERUSER) {
                ground.asSuperuser(
                        "postgres",
                        "ALTER DATABASE " + database + " SET session_preload_libraries = 'no_such_library'");
            }
            claim.with(Specs.wholeBefore()).applyUpTo(TestClaim::withoutParameters, plan -> plan);
            assertThat(claim.contents().extensions()).containsKey("hstore");
            assertThat(claim.observe().database().parameters()).containsKeys("role", "statement_timeout");
            claim.apply();
            assertThat(claim.apply().nothing()).isTrue();
            claim.retain(null);
            claim.drop();
        }
    }

    /** Everything that would harm a shared server. */
    @Test
    void on_a_server_of_its_own() {
        try (var postgres = TestPostgres.start(Ground.options(ground.postgres().major()))) {
            var own = Ground.on(postgres, ground.kind());
            own.asSuperuser("postgres", "CREATE DATABASE howdah");
            own.asSuperuser("howdah", "CREATE SCHEMA theirs");
            refused(Reason.DatabaseConflict, own.target());
            own.asSuperuser("postgres", "DROP DATABASE howdah");

            postgres.restartAsStandby();
            assertThat(refused(Reason.NotPrimary, own.target()).explanation()).contains("standby");
            postgres.restartAsPrimary();

            String systemIdentifier;
            String ledger;
            try (var server = own.open()) {
                systemIdentifier = server.identity().systemIdentifier();
                ledger = server.identity().ledger();
                assertThat(
                                own.asSuperuser(
                                        "postgres",
                                        "SELECT count(*) FROM aclexplode((SELECT datacl FROM pg_database WHERE datname = 'howdah')) WHERE grantee = 0"))
                        .isEqualTo("0");
            }
            own.asSuperuser("howdah", "DROP SCHEMA howdah CASCADE");
            var onlyTheLedger = "the server is the same as before, with system identifier " + systemIdentifier
                    + ", and only its ledger is not. Nothing is written until";
            assertThat(refused(Reason.ServerIdentityChanged, own.target(), seen(systemIdentifier, null))
                            .explanation())
                    .contains("there is no ledger of ours", onlyTheLedger);
            own.asSuperuser("postgres", "DROP DATABASE howdah");
            var log = own.log();
            assertThat(refused(Reason.ServerIdentityChanged, own.target(), seen(systemIdentifier, null))
                            .explanation())
                    .contains("had a ledger (database \"howdah\") and now has none", onlyTheLedger);
            assertThat(writes(log)).isEmpty();
            try (var server = open(own.target(), seen(systemIdentifier, systemIdentifier))) {
                assertThat(server.identity().ledger()).isNotEqualTo(ledger);
            }
        }
    }
}

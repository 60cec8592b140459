// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.plan.Drift;
import dev.howdah.plan.Finding;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.Operators;
import dev.howdah.plan.Plan;
import dev.howdah.plan.Surroundings.Setting;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a login may do to itself, and to whoever has to deal with it. */
@OnOldestAndNewestServer
class HeldUpIT {
    /** Long as it is stored, too, which is about a ninetieth. */
    private static final int LONG = 4_000_000;

    private final Ground ground;
    private HostedServer server;
    private TestClaim claim;

    HeldUpIT(Ground ground) {
        this.ground = ground;
    }

    @BeforeEach
    void open() {
        server = ground.open();
        claim = new TestClaim(ground, server, "shop", "heldup")
                .with(Specs.access(Specs.OWNER, Specs.entry("second", AccessRole.Owner)));
        claim.apply();
    }

    @AfterEach
    void close() {
        claim.retain(null);
        claim.drop();
        server.close();
    }

    private void setsOnItself(String database, String setting) throws SQLException {
        try (var session = claim.connect("app")) {
            Ground.first(
                    session,
                    "SET ROLE NONE; DO $$ BEGIN EXECUTE 'ALTER ROLE CURRENT_USER IN DATABASE %s SET %s = ' || quote_literal(repeat('x', %d)); END $$"
                            .formatted(database, setting, LONG));
        }
    }

    private List<Finding> drift() {
        var observed = claim.observe();
        return Drift.find(Drift.agreed(observed.row(), server.facts()), observed, null, Operators.NONE);
    }

    /** Four such rows of 200 MB take the sweep over all claims ten seconds to unpack. */
    @Test
    void what_a_login_set_on_itself_is_cleared_away_unread() throws SQLException {
        var databases = List.of("postgres", "template1", claim.names().database());
        for (var database : databases) {
            setsOnItself(database, "application_name");
        }
        assertThat(claim.observe().surroundings().settings())
                .filteredOn(setting -> setting.names().equals(Set.of(Setting.UNREAD)))
                .extracting(Setting::database)
                .containsExactlyInAnyOrderElementsOf(databases);

        var found = drift();
        assertThat(found).hasSize(3).allMatch(finding -> finding.kind() == Finding.Kind.SETTING && !finding.beyond());
        try (var work = claim.begin()) {
            work.observe(claim.names().roles(List.of("app", "second")));
            found.forEach(finding -> work.run(new Plan(finding.repair())));
        }
        assertThat(drift()).isEmpty();
        assertThat(claim.apply().nothing()).isTrue();
        assertThat(claim.sql("app", "SELECT current_user"))
                .isEqualTo(claim.names().ownerGroup());
    }

    @Test
    void a_probe_reads_nothing_of_what_a_login_set_on_itself() throws SQLException {
        assertThat(claim.probe("app", claim.secrets.get("app"))).isInstanceOf(LoginProbe.Result.Works.class);
        var read = new TreeMap<String, Long>();
        for (var setting : List.of("search_path", "default_text_search_config")) {
            setsOnItself(claim.names().database(), setting);
            // The driver connects on a thread of its own.
            var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            var before = threads.getTotalThreadAllocatedBytes();
            LoginProbe.probe(ground.target(), claim.names().database(), claim.login("app"), claim.secrets.get("app"));
            read.put(setting, threads.getTotalThreadAllocatedBytes() - before);
            ground.asSuperuser(
                    "postgres",
                    "ALTER ROLE %s IN DATABASE %s RESET %s"
                            .formatted(
                                    Quoting.identifier(claim.login("app")),
                                    Quoting.identifier(claim.names().database()),
                                    setting));
        }
        assertThat(read.values()).as("bytes made for each probe: %s", read).allMatch(bytes -> bytes < LONG);
        claim.apply();
    }

    /**
     * A client that comes back at once and changes its own password in a transaction that it leaves open would hold the
     * row that closing its login has to change.
     */
    @Test
    void who_is_sent_away_does_not_come_back_to_hold_its_row() throws SQLException {
        claim.with(Specs.access(Specs.OWNER)).applyUpTo(plan -> TestClaim.batches(plan, 1), plan -> plan);
        assertThatThrownBy(() -> claim.connect("second"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        claim.apply();
        assertThat(claim.observe().roles()).doesNotContainKey(claim.login("second"));
    }

    @Test
    void nor_with_the_rights_it_had_before() throws SQLException {
        claim.with(Specs.access(Specs.OWNER, Specs.entry("second", AccessRole.ReadOnly)))
                .applyUpTo(plan -> TestClaim.batches(plan, 1), plan -> plan);
        try (var session = claim.connect("second")) {
            assertThatThrownBy(() -> Ground.first(session, "SET ROLE NONE; CREATE TABLE public.mine ()"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
        claim.apply();
        assertThat(claim.sql("second", "SELECT current_user")).isEqualTo(claim.login("second"));
    }

    /** Its row stays locked when its sessions are gone, and only its owner or a superuser can end it. */
    @Test
    void a_prepared_transaction_that_holds_a_login_is_named() throws SQLException {
        var name = "held up";
        try (var session = claim.connect("second")) {
            Ground.first(
                    session,
                    "SET ROLE NONE; BEGIN; ALTER ROLE CURRENT_USER SET work_mem = '5MB'; PREPARE TRANSACTION '" + name
                            + "'");
        }
        claim.with(Specs.access(Specs.OWNER));
        assertThatThrownBy(claim::apply)
                .isInstanceOfSatisfying(
                        SqlFailure.class, e -> assertThat(e.kind()).isEqualTo(SqlFailure.Kind.NeedsAction))
                .hasMessageContaining("ROLLBACK PREPARED for '" + name + "' (" + claim.login("second"));
        assertThatThrownBy(() -> claim.connect("second")).isInstanceOf(SQLException.class);
        ground.asSuperuser(claim.names().database(), "ROLLBACK PREPARED '" + name + "'");
        claim.apply();
        assertThat(claim.observe().roles()).doesNotContainKey(claim.login("second"));
    }

    /** What grants nothing, for want of the right to, holds the database's row all the same. */
    @Test
    void who_holds_the_row_of_its_database_loses_it_with_the_claim() throws SQLException {
        try (var session = claim.connect("app")) {
            holdsTheRowOfItsDatabase(session);
            claim.retain(null);
            assertThatThrownBy(() -> Ground.first(session, "SELECT 1")).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() -> claim.connect("app"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).startsWith("28"));
        assertThat(claim.row().state()).isEqualTo(LedgerClaim.State.Retained);
    }

    /** A halt in the middle lets nobody back in, and the rest is done the next time. */
    @Test
    void nor_does_it_come_back_when_the_end_is_halted() throws SQLException {
        try (var session = claim.connect("app")) {
            holdsTheRowOfItsDatabase(session);
            claim.retainUpTo(null, plan -> TestClaim.batches(plan, 1));
            assertThatThrownBy(() -> claim.connect("app"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
            claim.retain(null);
        }
        assertThat(claim.row().state()).isEqualTo(LedgerClaim.State.Retained);
    }

    private void holdsTheRowOfItsDatabase(Connection session) throws SQLException {
        Ground.first(
                session,
                "BEGIN; GRANT CONNECT ON DATABASE %s TO PUBLIC; SELECT 1"
                        .formatted(Quoting.identifier(claim.names().database())));
    }
}

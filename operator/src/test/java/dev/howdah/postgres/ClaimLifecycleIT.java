// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Planner;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A claim from the first look to the last trace of it. */
@OnEveryServer
class ClaimLifecycleIT {
    private final Ground ground;
    private HostedServer server;

    ClaimLifecycleIT(Ground ground) {
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

    private TestClaim claim(String name) {
        return new TestClaim(ground, server, "shop", name);
    }

    private void leavesNothing(TestClaim claim) {
        var database = claim.names().database();
        assertThat(claim.row()).isNull();
        assertThat(ground.hasDatabase(database)).isFalse();
        assertThat(ground.asSuperuser(
                        "postgres",
                        "SELECT string_agg(rolname, ' ') FROM pg_roles WHERE starts_with(rolname, '%s_')"
                                .formatted(database)))
                .isNull();
    }

    @Test
    void lives_and_dies() throws SQLException {
        var claim = claim("orders");
        claim.apply();
        claim.sql("app", "CREATE TABLE t (id int); INSERT INTO t VALUES (42)");
        assertThat(claim.apply().nothing()).isTrue();

        var firstPassword = claim.secrets.get("app");
        try (var session = claim.connect("app")) {
            claim.retain(null);
            assertThatThrownBy(() -> Ground.first(session, "SELECT 1")).isInstanceOf(SQLException.class);
        }
        assertThat(claim.row().state()).isEqualTo(State.Retained);
        assertThat(claim.row().dropAfter()).isNull();
        assertThat(claim.probe("app", firstPassword)).isInstanceOf(LoginProbe.Result.Fails.class);

        claim.recreated();
        claim.apply();
        assertThat(claim.secrets.get("app")).isNotEqualTo(firstPassword);
        assertThat(claim.probe("app", firstPassword)).isInstanceOf(LoginProbe.Result.Fails.class);
        assertThat(claim.sql("app", "SELECT id FROM t")).isEqualTo("42");
        assertThat(claim.apply().nothing()).isTrue();

        claim.retain(null);
        claim.drop();
        leavesNothing(claim);
    }

    @Test
    void a_login_that_locks_its_own_row_is_closed_all_the_same() throws SQLException {
        var claim = claim("locks");
        claim.apply();
        try (var session = claim.connect("app")) {
            Ground.first(session, "SET ROLE NONE");
            session.setAutoCommit(false);
            Ground.first(session, "ALTER ROLE CURRENT_USER PASSWORD 'mine'");
            claim.retain(null);
        }
        assertThat(claim.row().state()).isEqualTo(State.Retained);
        assertThat(claim.probe("app", "mine")).isInstanceOf(LoginProbe.Result.Fails.class);
    }

    @Test
    void settings_of_any_size_are_not_read() throws SQLException {
        var claim = claim("huge");
        claim.apply();
        try (var session = claim.connect("app")) {
            Ground.first(session, "SET ROLE NONE");
            Ground.first(
                    session,
                    "DO $$ BEGIN EXECUTE format('ALTER ROLE %I IN DATABASE %I SET application_name = %L',"
                            + " session_user, current_database(), repeat('x', 21000000)); END $$");
        }
        claim.retain(null);
        assertThat(claim.row().state()).isEqualTo(State.Retained);
    }

    @Test
    void the_time_of_the_drop_is_fixed_at_deletion() {
        var claim = claim("timed");
        claim.apply();
        claim.retain(Duration.ofHours(1));
        var dropAfter = claim.row().dropAfter();
        var now = Instant.parse(ground.asSuperuser(
                "postgres", "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
        assertThat(dropAfter).isBetween(now.plusSeconds(3_500), now.plusSeconds(3_600));
        claim.retain(Duration.ofHours(9));
        assertThat(claim.row().dropAfter()).isEqualTo(dropAfter);
        assertThat(server.readLedger()).anyMatch(e -> e.claim().equals(claim.row()) && !e.dropDue());

        claim.apply();
        assertThat(claim.row().dropAfter()).isNull();
        claim.retain(Duration.ZERO);
        assertThat(server.readLedger()).anyMatch(e -> e.claim().equals(claim.row()) && e.dropDue());
        claim.drop();
        leavesNothing(claim);
    }

    @Test
    void an_active_claim_is_never_dropped() throws SQLException {
        var claim = claim("active");
        claim.apply();
        assertThatThrownBy(claim::drop)
                .isInstanceOfSatisfying(
                        SqlFailure.class, e -> assertThat(e.kind()).isEqualTo(SqlFailure.Kind.Transient));
        assertThat(claim.sql("app", "SELECT 1")).isEqualTo("1");
        claim.retain(null);
        claim.drop();
    }

    @Test
    void a_drop_that_was_cut_short_is_finished_and_never_adopted() {
        var claim = claim("broken");
        claim.applyUpTo(plan -> TestClaim.batches(plan, 2), plan -> plan);
        assertThat(ground.hasDatabase("shop_broken")).isTrue();
        breaks("shop_broken");
        claim.apply();
        assertThat(claim.apply().nothing()).isTrue();

        breaks("shop_broken");
        assertThat(claim.plan())
                .isInstanceOfSatisfying(
                        Planner.Outcome.Blocked.class,
                        blocked -> assertThat(blocked.conflict().reason()).isEqualTo(Reason.DatabaseMissing));
        claim.retain(null);
        claim.drop();
        leavesNothing(claim);
    }

    private void breaks(String database) {
        ground.asSuperuser(
                "postgres", "UPDATE pg_database SET datconnlimit = -2 WHERE datname = '%s'".formatted(database));
    }

    @Test
    void a_missing_database_is_never_replaced_unasked() throws SQLException {
        var claim = claim("lost");
        claim.apply();
        ground.asSuperuser("postgres", "ALTER DATABASE shop_lost RENAME TO found");
        assertThat(claim.plan())
                .isInstanceOfSatisfying(
                        Planner.Outcome.Blocked.class,
                        blocked -> assertThat(blocked.conflict().reason()).isEqualTo(Reason.DatabaseMissing));
        ground.asSuperuser("postgres", "ALTER DATABASE found RENAME TO shop_lost");
        assertThat(claim.apply().nothing()).isTrue();

        claim.sql("app", "CREATE TABLE t ()");
        ground.asSuperuser("postgres", "DROP DATABASE shop_lost WITH (FORCE)");
        claim.acceptingLoss().applyUpTo(plan -> TestClaim.batches(plan, 2), plan -> plan);
        claim.apply();
        assertThat(claim.sql("app", "SELECT to_regclass('t')")).isNull();
        assertThat(claim.sql("app", "CREATE TABLE t2 (); SELECT 1")).isEqualTo("1");
        assertThat(claim.apply().nothing()).isTrue();
        claim.retain(null);
        claim.drop();
        leavesNothing(claim);
    }

    @Test
    void what_others_made_is_left_untouched() {
        ground.asSuperuser("postgres", "CREATE DATABASE shop_taken");
        ground.asSuperuser("postgres", "CREATE ROLE shop_named_owner");
        for (var name : new String[] {"taken", "named"}) {
            var claim = claim(name);
            ground.warm(server);
            var log = ground.log();
            assertThat(claim.plan())
                    .isInstanceOfSatisfying(
                            Planner.Outcome.Blocked.class,
                            blocked -> assertThat(blocked.conflict().reason())
                                    .isEqualTo(name.equals("taken") ? Reason.DatabaseConflict : Reason.RoleConflict));
            assertThat(log.statements()).hasSize(1);
            assertThat(claim.row()).isNull();
        }
        ground.asSuperuser("postgres", "DROP DATABASE shop_taken");
        ground.asSuperuser("postgres", "DROP ROLE shop_named_owner");
    }

    @Test
    void a_full_database_is_entered_all_the_same() throws SQLException {
        var claim = claim("full").with(Specs.connections(2));
        claim.apply();
        try (var one = claim.connect("app");
                var two = claim.connect("app")) {
            assertThat(claim.probe("app", claim.secrets.get("app"))).isInstanceOf(LoginProbe.Result.Exhausted.class);
            claim.with(Specs.access(Specs.limited("app", Specs.OWNER.role(), 5)));
            assertThat(claim.contents().schemas()).containsKey("public");
            claim.with(new DatabaseClaimSpec(null, null, null, 2, null, null, List.of("public", "audit"), null, null));
            claim.applyUpTo(plan -> plan, plan -> plan);
            assertThat(Ground.first(one, "SELECT 1")).isEqualTo("1");
            assertThat(Ground.first(two, "SELECT 1")).isEqualTo("1");
        }
        assertThat(claim.observe().database().connectionLimit()).isEqualTo(2);
        assertThat(claim.sql("app", "CREATE TABLE audit.t (); SELECT 1")).isEqualTo("1");
        claim.retain(null);
        claim.drop();
        leavesNothing(claim);
    }

    @Test
    void two_never_work_on_one_claim() {
        var claim = claim("single");
        try (var _ = claim.begin()) {
            assertThat(server.tryBegin(claim.identity(), claim.names())).isEmpty();
        }
        try (var _ = claim.begin()) {
            assertThat(claim("other").begin()).satisfies(ClaimWork::close);
        }
    }
}

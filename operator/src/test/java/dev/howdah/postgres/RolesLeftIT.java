// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.UnmanagedObject;
import dev.howdah.plan.LedgerClaim.State;
import dev.howdah.plan.Observed;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands in the way of a DROP: something a role owns elsewhere, somebody in a database. */
@OnEveryServer
class RolesLeftIT {
    private final Ground ground;
    private HostedServer server;
    private TestClaim claim;

    RolesLeftIT(Ground ground) {
        this.ground = ground;
    }

    @BeforeEach
    void open() {
        server = ground.open();
    }

    private void begin(String name) {
        claim = new TestClaim(ground, server, "shop", name);
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** A large object in the database {@code postgres}, which PUBLIC may enter. */
    private void ownsSomethingElsewhere(String access) throws SQLException {
        try (var session = ground.postgres().connect("postgres", claim.login(access), claim.secrets.get(access))) {
            Ground.first(session, "SELECT lo_create(0)");
        }
    }

    private void clearAway(String role) {
        ground.asSuperuser("postgres", "DROP OWNED BY " + Quoting.identifier(role));
    }

    @Test
    void a_removed_login_that_cannot_be_dropped_stays_closed_and_holds_up_nothing() throws SQLException {
        begin("stays");
        var both = Specs.access(Specs.OWNER, Specs.entry("second", AccessRole.ReadWrite));
        claim.with(both).apply();
        ownsSomethingElsewhere("second");
        var role = claim.login("second");
        var password = claim.secrets.get("second");

        claim.with(Specs.access(Specs.OWNER)).apply();
        assertThat(claim.row().roles())
                .contains(role)
                .doesNotContain(claim.names().login("second", "b"));
        assertThat(claim.row().logins()).containsOnlyKeys("app");
        assertThat(claim.observe().roles().get(role)).isEqualTo(new Observed.Role(false, 0));
        assertThat(claim.row().accepted().unmanaged())
                .extracting(UnmanagedObject::kind, UnmanagedObject::name)
                .containsExactly(tuple("Role", role));
        assertThat(claim.probe("second", password)).isInstanceOf(LoginProbe.Result.Fails.class);
        assertThat(claim.apply().nothing()).isTrue();

        // Later changes go on, and it is told of all along.
        claim.with(Specs.extensions("hstore")).apply();
        assertThat(claim.row().accepted().unmanaged())
                .extracting(UnmanagedObject::name)
                .containsExactly(role);
        assertThat(claim.apply().nothing()).isTrue();

        // Opened by somebody, it is closed again.
        ground.asSuperuser("postgres", "ALTER ROLE %s LOGIN".formatted(Quoting.identifier(role)));
        claim.apply();
        assertThat(claim.observe().roles().get(role)).isEqualTo(new Observed.Role(false, 0));
        assertThat(claim.apply().nothing()).isTrue();

        // Asked for again, it is back.
        claim.with(both).apply();
        assertThat(claim.row().accepted().unmanaged()).isEmpty();
        assertThat(claim.sql("second", "SELECT 1")).isEqualTo("1");
        claim.with(Specs.access(Specs.OWNER)).apply();

        // The way out that it names.
        clearAway(role);
        ground.asSuperuser("postgres", "DROP ROLE " + Quoting.identifier(role));
        claim.apply();
        assertThat(claim.row().roles()).doesNotContain(role);
        assertThat(claim.row().accepted().unmanaged()).isEmpty();
        assertThat(claim.apply().nothing()).isTrue();
        claim.retain(null);
        claim.drop();
    }

    @Test
    void a_dropped_claim_is_forgotten_and_what_is_left_is_named() throws SQLException {
        begin("left");
        claim.apply();
        ownsSomethingElsewhere("app");
        var role = claim.login("app");
        claim.retain(null);
        assertThat(claim.dropUpTo(plan -> plan)).containsExactly(role);
        assertThat(claim.row()).isNull();
        assertThat(ground.hasDatabase("shop_left")).isFalse();
        assertThat(
                        ground.asSuperuser(
                                "postgres",
                                "SELECT string_agg(rolname, ' ') FROM pg_roles WHERE starts_with(rolname, 'shop_left_') AND NOT rolcanlogin"))
                .isEqualTo(role);
        clearAway(role);
        ground.asSuperuser("postgres", "DROP ROLE " + Quoting.identifier(role));
    }

    @Test
    void a_neighbours_grant_takes_nobodys_name_away() throws SQLException {
        begin("victim");
        claim.apply();
        var neighbour = new TestClaim(ground, server, "shop", "neighbour");
        neighbour.apply();
        var roles = claim.names().ownerGroup() + "\", \"" + claim.login("app") + "\", \""
                + claim.names().databaseRole();
        neighbour.sql("app", "CREATE TABLE bait (id int); GRANT SELECT ON bait TO \"" + roles + "\"");
        claim.retain(null);
        assertThat(claim.dropUpTo(plan -> plan)).hasSize(3);
        assertThat(claim.row()).isNull();

        // Nobody else gets them, not even by a namespace of the same name.
        assertThatThrownBy(new TestClaim(ground, server, "shop", "victim").ofANamespaceMadeAnew()::apply)
                .hasMessageContaining("exists already");
        claim.apply();
        assertThat(claim.sql("app", "CREATE TABLE own AS SELECT 7 AS n; SELECT n FROM own"))
                .isEqualTo("7");
        assertThat(claim.apply().nothing()).isTrue();
        assertThat(
                        ground.asSuperuser(
                                "howdah",
                                "SELECT count(*) FROM howdah.role_left l JOIN pg_roles r ON r.oid = l.role WHERE starts_with(rolname, 'shop_victim_')"))
                .isEqualTo("0");

        neighbour.sql("app", "DROP TABLE bait");
        for (var each : new TestClaim[] {claim, neighbour}) {
            each.retain(null);
            assertThat(each.dropUpTo(plan -> plan)).isEmpty();
        }
    }

    @Test
    void a_database_with_somebody_in_it_who_cannot_be_ended_is_not_even_begun_to_be_dropped() throws SQLException {
        begin("entered");
        claim.apply();
        claim.retain(null);
        try (var session = ground.postgres().connect("shop_entered")) {
            if (ground.kind() == AdminKind.SUPERUSER) {
                claim.drop();
                assertThatThrownBy(() -> Ground.first(session, "SELECT 1")).isInstanceOf(SQLException.class);
                return;
            }
            var log = ground.log();
            var started = Instant.now();
            assertThatThrownBy(claim::drop).isInstanceOfSatisfying(SqlFailure.class, e -> {
                assertThat(e.kind()).isEqualTo(SqlFailure.Kind.NeedsAction);
                assertThat(e.explanation()).contains("postgres (pid ");
            });
            assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(4));
            assertThat(log.statements()).noneMatch(statement -> statement.contains("DROP DATABASE"));
            assertThat(claim.row().state()).isEqualTo(State.Dropping);
            assertThat(claim.observe().database().broken()).isFalse();
            assertThat(Ground.first(session, "SELECT 1")).isEqualTo("1");
        }
        claim.drop();
        assertThat(claim.row()).isNull();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.ExtensionStatus;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.UnmanagedObject;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Planner;
import dev.howdah.plan.Step;
import dev.howdah.policy.Demand;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** "What a change does", a test for each row of the table; className and majorVersion are in ClaimReviewTest. */
@OnEveryServer
class ChangeTableIT {
    private final Ground ground;
    private HostedServer server;
    private TestClaim claim;

    ChangeTableIT(Ground ground) {
        this.ground = ground;
    }

    @BeforeEach
    void open() {
        server = ground.open();
        claim = new TestClaim(ground, server, "shop", "change");
    }

    /** Whatever the change was, it is done once. */
    @AfterEach
    void close() {
        assertThat(claim.apply().nothing()).isTrue();
        claim.retain(null);
        claim.drop();
        server.close();
    }

    private List<UnmanagedObject> unmanaged() {
        return claim.row().accepted().unmanaged();
    }

    @Test
    void connections_grow_at_once_and_shrink_for_new_sessions_only() throws SQLException {
        claim.with(Specs.connections(2)).apply();
        claim.with(Specs.connections(3)).apply();
        try (var one = claim.connect("app");
                var two = claim.connect("app")) {
            claim.with(Specs.connections(1)).applyUpTo(plan -> plan, plan -> plan);
            assertThat(Ground.first(one, "SELECT 1")).isEqualTo("1");
            assertThat(Ground.first(two, "SELECT 1")).isEqualTo("1");
            assertThat(claim.probe("app", claim.secrets.get("app"))).isInstanceOf(LoginProbe.Result.Exhausted.class);
        }
        assertThat(claim.row().connections()).isEqualTo(1);
        assertThat(claim.observe().database().connectionLimit()).isEqualTo(1);
    }

    @Test
    void an_extension_is_added_with_what_it_requires() throws SQLException {
        claim.apply();
        // The only one here that requires another is not trusted.
        claim.with(Specs.extensions(ground.kind() == AdminKind.SUPERUSER ? "earthdistance" : "cube"))
                .apply();
        assertThat(claim.row().accepted().installed())
                .extracting(ExtensionStatus::name)
                .contains("cube");
        assertThat(claim.row().accepted().installed())
                .extracting(ExtensionStatus::schema)
                .containsOnly("extensions");
        assertThat(claim.sql("app", "SELECT '(1)'::cube::text")).isEqualTo("(1)");
    }

    @Test
    void an_extension_that_is_not_used_is_dropped_when_removed() {
        claim.with(Specs.extensions("hstore", ground.kind() == AdminKind.SUPERUSER ? "earthdistance" : "cube"))
                .apply();
        claim.with(Specs.extensions("hstore")).apply();
        assertThat(claim.contents().extensions()).containsOnlyKeys("hstore", "plpgsql");
        assertThat(unmanaged()).isEmpty();
    }

    @Test
    void an_extension_in_use_is_left_and_told_of() throws SQLException {
        claim.with(Specs.extensions("hstore")).apply();
        claim.sql("app", "CREATE TABLE t (h hstore)");
        claim.with(Specs.extensions()).apply();
        assertThat(unmanaged()).extracting(UnmanagedObject::name).containsExactly("hstore");
        assertThat(claim.contents().extensions()).containsKey("hstore");

        claim.sql("app", "DROP TABLE t");
        claim.with(Specs.extensions("citext")).apply();
        assertThat(unmanaged()).isEmpty();
        assertThat(claim.contents().extensions()).containsOnlyKeys("citext", "plpgsql");
    }

    @Test
    void an_extension_whose_table_holds_rows_is_left_and_told_of() {
        claim.with(Specs.extensions("hstore")).apply();
        ground.asSuperuser(
                "shop_change",
                "CREATE TABLE extensions.kept AS SELECT 1; ALTER EXTENSION hstore ADD TABLE extensions.kept");
        claim.with(Specs.extensions()).apply();
        assertThat(unmanaged()).extracting(UnmanagedObject::name).containsExactly("hstore");
        ground.asSuperuser("shop_change", "TRUNCATE extensions.kept");
        claim.with(Specs.extensions("citext")).apply();
        assertThat(unmanaged()).isEmpty();
    }

    @Test
    void an_extension_is_raised_and_never_by_itself() throws SQLException {
        claim.with(Specs.extension("hstore", "1.7")).apply();
        assertThat(claim.contents().extensions().get("hstore").version()).isEqualTo("1.7");
        claim.sql("app", "CREATE TABLE t AS SELECT 'a=>1'::hstore AS h");
        claim.with(Specs.extensions("hstore")).apply();
        assertThat(claim.contents().extensions().get("hstore").version()).isEqualTo("1.7");
        claim.with(Specs.extension("hstore", "1.8")).apply();
        assertThat(claim.row().accepted().installed())
                .containsExactly(new ExtensionStatus("hstore", "1.8", "extensions"));
        assertThat(claim.sql("app", "SELECT h->'a' FROM t")).isEqualTo("1");
        claim.sql("app", "DROP TABLE t");

        // What a review refuses beforehand.
        for (var version : List.of("1.7", "9'9")) {
            assertThatThrownBy(
                            () -> claim.with(Specs.extension("hstore", version)).apply())
                    .isInstanceOfSatisfying(SqlFailure.class, e -> {
                        assertThat(e.kind()).isEqualTo(SqlFailure.Kind.NeedsAction);
                        assertThat(e.explanation()).contains("1.8 is installed", "no update path to " + version);
                    });
        }
        claim.with(Specs.extensions()).apply();
    }

    @Test
    void an_extension_that_takes_a_superuser_says_so() {
        claim.apply();
        claim.with(Specs.extension("earthdistance", null));
        if (ground.kind() == AdminKind.SUPERUSER) {
            claim.apply();
            return;
        }
        var log = ground.log();
        assertThat(claim.plan()).isInstanceOfSatisfying(Planner.Outcome.Blocked.class, blocked -> {
            assertThat(blocked.conflict().reason()).isEqualTo(Reason.InsufficientPrivilege);
            assertThat(blocked.conflict().message())
                    .contains(
                            "\"earthdistance\" takes a superuser to install",
                            "the admin \"platform admin\"",
                            "run in database \"shop_change\": CREATE EXTENSION \"earthdistance\" SCHEMA \"extensions\"");
        });
        assertThat(log.statements()).noneMatch(statement -> statement.contains("CREATE"));
        ground.asSuperuser(
                "shop_change",
                "CREATE EXTENSION \"cube\" SCHEMA \"extensions\"; CREATE EXTENSION \"earthdistance\" SCHEMA \"extensions\"");
        claim.apply();
        assertThat(claim.row().accepted().installed())
                .extracting(ExtensionStatus::name)
                .contains("cube", "earthdistance");
        // Neither is it dropped by who did not make it.
        claim.with(Specs.extensions()).apply();
        assertThat(unmanaged()).extracting(UnmanagedObject::name).containsExactlyInAnyOrder("cube", "earthdistance");
    }

    @Test
    void storage_is_recorded_and_nothing_else() {
        claim.with(Specs.storage("1Gi")).apply();
        assertThat(claim.row().demand()).isEqualTo(new Demand(1L << 30, 20));
        var log = ground.log();
        var done = claim.with(Specs.storage("20Gi")).apply();
        assertThat(log.statements()).noneMatch(statement -> statement.contains("ALTER"));
        assertThat(done.prepare().steps()).hasOnlyElementsOfType(Step.RecordReservation.class);
        assertThat(done.open().steps()).hasOnlyElementsOfType(Step.RecordAccepted.class);
        assertThat(claim.row().storage()).isEqualTo(20L << 30);
        assertThat(claim.row().accepted().claim().storage()).isEqualTo(20L << 30);
    }

    @Test
    void parameters_hold_for_new_sessions_only() throws SQLException {
        claim.with(Specs.parameters("work_mem", "32MB", "statement_timeout", "30s"))
                .apply();
        try (var session = claim.connect("app")) {
            claim.with(Specs.parameters("work_mem", "64MB")).apply();
            assertThat(Ground.first(session, "SHOW work_mem")).isEqualTo("32MB");
            assertThat(claim.sql("app", "SHOW work_mem")).isEqualTo("64MB");
            assertThat(claim.sql("app", "SHOW statement_timeout")).isEqualTo("0");
        }
        claim.with(Specs.parameters()).apply();
        assertThat(claim.sql("app", "SHOW work_mem")).isEqualTo(ground.asSuperuser("postgres", "SHOW work_mem"));
    }

    @Test
    void a_schema_is_added() throws SQLException {
        claim.with(Specs.THREE_LOGINS).apply();
        claim.with(new DatabaseClaimSpec(
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of("audit", "public"),
                        Specs.THREE_LOGINS.access(),
                        null))
                .apply();
        assertThat(
                        claim.sql(
                                "app",
                                "CREATE TABLE t (); SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = 't'::regclass"))
                .isEqualTo("audit");
        assertThat(claim.sql("report", "SELECT count(*) FROM audit.t")).isEqualTo("0");
    }

    @Test
    void a_schema_that_is_removed_is_left_with_its_rights_and_told_of() throws SQLException {
        claim.with(Specs.schemas("public", "audit")).apply();
        claim.sql("app", "CREATE TABLE audit.t (); ");
        claim.with(Specs.schemas("public")).apply();
        assertThat(unmanaged()).extracting(UnmanagedObject::name).containsExactly("audit");
        assertThat(claim.sql("app", "SELECT count(*) FROM audit.t")).isEqualTo("0");
        assertThat(claim.sql("app", "SHOW search_path")).isEqualTo("public, extensions");

        claim.with(Specs.schemas("public", "audit")).apply();
        assertThat(unmanaged()).isEmpty();
        claim.with(Specs.schemas("public")).apply();
        claim.sql("app", "DROP SCHEMA audit CASCADE");
        claim.with(Specs.schemas("public", "other")).apply();
        assertThat(unmanaged()).isEmpty();
    }

    @Test
    void a_login_is_added_and_sees_what_was_there() throws SQLException {
        claim.apply();
        claim.sql("app", "CREATE TABLE t ()");
        claim.with(Specs.THREE_LOGINS).apply();
        assertThat(claim.sql("report", "SELECT count(*) FROM t")).isEqualTo("0");
        assertThat(claim.sql("worker", "DELETE FROM t; SELECT 1")).isEqualTo("1");
    }

    @Test
    void a_role_that_is_lowered_holds_at_once() throws SQLException {
        claim.with(both(AccessRole.Owner)).apply();
        claim.sql("second", "CREATE TABLE t ()");
        claim.sql("second", "GRANT CREATE ON SCHEMA public TO " + Quoting.identifier(claim.login("second")));
        claim.sql("second", "SET ROLE NONE; CREATE TABLE public.own ()");
        try (var session = claim.connect("second");
                var other = claim.connect("app")) {
            claim.with(both(AccessRole.ReadOnly)).apply();
            assertThatThrownBy(() -> Ground.first(session, "SELECT 1")).isInstanceOf(SQLException.class);
            assertThat(Ground.first(other, "SELECT 1")).isEqualTo("1");
        }
        assertThat(claim.sql("second", "SELECT count(*) FROM t")).isEqualTo("0");
        assertThatThrownBy(() -> claim.sql("second", "CREATE TABLE u ()")).hasMessageContaining("permission denied");
        assertThatThrownBy(() -> claim.sql("second", "DROP TABLE own")).hasMessageContaining("must be owner");
        assertThat(claim.sql("app", "DROP TABLE own; SELECT 1")).isEqualTo("1");
    }

    @Test
    void a_role_that_is_raised_ends_no_session() throws SQLException {
        claim.with(both(AccessRole.ReadOnly)).apply();
        try (var session = claim.connect("second")) {
            claim.with(both(AccessRole.Owner)).apply();
            assertThat(Ground.first(session, "SELECT 1")).isEqualTo("1");
        }
        assertThat(claim.sql("second", "CREATE TABLE t (); SELECT current_user"))
                .isEqualTo("shop_change_owner");
    }

    private static DatabaseClaimSpec both(AccessRole role) {
        return Specs.access(Specs.OWNER, Specs.entry("second", role));
    }

    @Test
    void a_login_that_is_removed_is_closed_and_its_objects_kept() throws SQLException {
        claim.with(both(AccessRole.Owner)).apply();
        claim.sql("second", "CREATE TABLE t ()");
        var password = claim.secrets.get("second");
        try (var session = claim.connect("second")) {
            claim.with(Specs.access(Specs.OWNER)).apply();
            assertThatThrownBy(() -> Ground.first(session, "SELECT 1")).isInstanceOf(SQLException.class);
        }
        assertThat(claim.probe("second", password)).isInstanceOf(LoginProbe.Result.Fails.class);
        assertThat(claim.row().roles()).noneMatch(role -> role.contains("second"));
        assertThat(claim.row().logins()).containsOnlyKeys("app");
        assertThat(claim.sql("app", "SELECT count(*) FROM t")).isEqualTo("0");
    }

    @Test
    void the_limit_of_a_login_follows() throws SQLException {
        claim.with(Specs.access(Specs.limited("app", AccessRole.Owner, 1))).apply();
        try (var one = claim.connect("app")) {
            assertThat(claim.probe("app", claim.secrets.get("app"))).isInstanceOf(LoginProbe.Result.Exhausted.class);
            claim.with(Specs.access(Specs.OWNER)).apply();
            assertThat(Ground.first(one, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void another_secret_name_or_deletion_policy_is_only_recorded() {
        claim.apply();
        var done = claim.with(new DatabaseClaimSpec(
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(new AccessEntry("app", AccessRole.Owner, true, null, "elsewhere")),
                        DeletionPolicy.Delete))
                .apply();
        assertThat(done.prepare().isEmpty()).isTrue();
        assertThat(done.open().steps()).hasOnlyElementsOfType(Step.RecordAccepted.class);
        assertThat(claim.row().accepted().claim().deletionPolicy()).isEqualTo(DeletionPolicy.Delete);
    }

    @Test
    void the_owner_may_create_schemas_only_while_the_class_says_so() throws SQLException {
        claim.ownerMayCreateSchemas(true).apply();
        claim.sql("app", "CREATE SCHEMA mine");
        claim.sql("app", "CREATE EXTENSION hstore SCHEMA mine");
        claim.ownerMayCreateSchemas(false).apply();
        assertThatThrownBy(() -> claim.sql("app", "CREATE SCHEMA more")).hasMessageContaining("permission denied");
    }
}

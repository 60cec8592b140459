// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each login of a claim can and cannot do, tried as that login. */
@OnEveryServer
class ClaimRightsIT {
    private static final String DENIED = "42501";

    private final Ground ground;
    private HostedServer server;
    private TestClaim claim;

    ClaimRightsIT(Ground ground) {
        this.ground = ground;
    }

    @BeforeEach
    void open() {
        server = ground.open();
        claim = new TestClaim(ground, server, "shop", "rights").with(Specs.THREE_LOGINS);
        claim.apply();
    }

    @AfterEach
    void close() {
        claim.retain(null);
        claim.drop();
        server.close();
    }

    private void denied(String access, String sql) {
        assertThatThrownBy(() -> claim.sql(access, sql))
                .as("%s: %s", access, sql)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(DENIED));
    }

    private void allowed(String access, String sql) {
        assertThatCode(() -> claim.sql(access, sql)).as("%s: %s", access, sql).doesNotThrowAnyException();
    }

    @Test
    void each_role_has_its_rights_on_what_the_owner_makes() throws SQLException {
        allowed("app", "CREATE TABLE t (id serial PRIMARY KEY, word text); INSERT INTO t (word) VALUES ('a')");
        allowed(
                "app",
                "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION one FROM PUBLIC");
        allowed("app", "CREATE TYPE mood AS ENUM ('good')");
        for (var what : new String[] {"t'::regclass", "t_id_seq'::regclass"}) {
            assertThat(claim.sql("app", "SELECT relowner::regrole::text FROM pg_class WHERE oid = '" + what))
                    .isEqualTo(claim.names().ownerGroup());
        }
        for (var access : new String[] {"worker", "report"}) {
            allowed(access, "SELECT word, one(), 'good'::mood FROM t; CREATE TEMP TABLE scratch ()");
            allowed(access, "SELECT last_value FROM t_id_seq");
            denied(access, "CREATE TABLE mine ()");
            denied(access, "TRUNCATE t");
            denied(access, "DROP TABLE t");
            denied(access, "ALTER TABLE t ADD COLUMN more int");
            denied(access, "SET ROLE " + Quoting.identifier(claim.names().ownerGroup()));
        }
        allowed("worker", "INSERT INTO t (word) VALUES ('b'); UPDATE t SET word = 'c'; DELETE FROM t");
        allowed("worker", "SELECT nextval('t_id_seq')");
        denied("report", "INSERT INTO t (word) VALUES ('b')");
        denied("report", "UPDATE t SET word = 'c'");
        denied("report", "DELETE FROM t");
        denied("report", "SELECT nextval('t_id_seq')");
        allowed("app", "TRUNCATE t; DROP TABLE t");
    }

    @Test
    void the_team_cannot_change_the_database_itself() {
        var database = Quoting.identifier(claim.names().database());
        for (var access : claim.secrets.keySet()) {
            denied(access, "ALTER DATABASE " + database + " CONNECTION LIMIT 1000");
            denied(access, "ALTER DATABASE " + database + " SET work_mem = '1GB'");
            denied(access, "ALTER DATABASE " + database + " RENAME TO other");
            denied(access, "DROP DATABASE " + database);
            denied(access, "CREATE SCHEMA more");
            denied(access, "CREATE EXTENSION hstore");
            denied(access, "ALTER SCHEMA extensions RENAME TO more");
            denied(access, "CREATE TABLE extensions.mine ()");
            denied(access, "SET ROLE " + Quoting.identifier(claim.names().databaseRole()));
            denied(access, "ALTER ROLE " + Quoting.identifier(claim.login(access)) + " CONNECTION LIMIT 1000");
        }
        // PostgreSQL only warns of a GRANT or REVOKE without the right to it.
        assertThatCode(() -> claim.sql("app", "GRANT CONNECT ON DATABASE " + database + " TO PUBLIC"))
                .doesNotThrowAnyException();
        assertThat(claim.observe().database().grants()).doesNotContainKey("");
    }

    @Test
    void nobody_else_gets_in() throws SQLException {
        assertThat(claim.observe().database().grants()).doesNotContainKey("");
        assertThat(ground.asSuperuser(
                        "postgres",
                        "SELECT has_database_privilege('pg_monitor', '%s', 'CONNECT')"
                                .formatted(claim.names().database())))
                .isEqualTo("f");
        var other = new TestClaim(ground, server, "shop", "neighbour");
        other.apply();
        assertThatThrownBy(() -> ground.postgres()
                        .connect(claim.names().database(), other.login("app"), other.secrets.get("app")))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(DENIED));
        assertThatThrownBy(() -> ground.postgres().connect("howdah", other.login("app"), other.secrets.get("app")))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(DENIED));
        other.retain(null);
        other.drop();
    }

    @Test
    void a_session_begins_where_it_should() throws SQLException {
        assertThat(claim.sql("app", "SHOW search_path")).isEqualTo("public, extensions");
        assertThat(claim.sql("report", "SHOW search_path")).isEqualTo("public, extensions");
        assertThat(claim.sql("app", "SELECT current_user"))
                .isEqualTo(claim.names().ownerGroup());
        assertThat(claim.sql("app", "DISCARD ALL; SELECT current_user"))
                .isEqualTo(claim.names().ownerGroup());
        assertThat(claim.sql("report", "SELECT current_user")).isEqualTo(claim.login("report"));
    }

    @Test
    void what_a_login_made_outside_its_group_is_handed_over_when_the_login_goes() throws SQLException {
        claim.with(Specs.access(Specs.OWNER, Specs.entry("second", Specs.OWNER.role())))
                .apply();
        claim.sql("second", "GRANT CREATE ON SCHEMA public TO " + Quoting.identifier(claim.login("second")));
        claim.sql("second", "SET ROLE NONE; CREATE TABLE public.own (id int); INSERT INTO public.own VALUES (7)");
        claim.sql("second", "SET ROLE NONE; CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
        claim.with(Specs.access(Specs.OWNER)).apply();
        assertThat(claim.observe().roles()).doesNotContainKey(claim.login("second"));
        assertThat(claim.sql("app", "SELECT relowner::regrole::text FROM pg_class WHERE oid = 'own'::regclass"))
                .isEqualTo(claim.names().ownerGroup());
        assertThat(claim.sql("app", "SELECT id FROM own")).isEqualTo("7");
        assertThat(claim.apply().nothing()).isTrue();
    }

    @Test
    void no_extra_membership_is_left_behind() {
        claim.with(Specs.access(Specs.OWNER)).apply();
        var admin = ground.admin().name();
        assertThat(claim.observe().memberships().stream().filter(m -> m.member().equals(admin) && m.set()))
                .extracting(m -> m.group())
                .containsExactly(claim.names().databaseRole());
    }
}

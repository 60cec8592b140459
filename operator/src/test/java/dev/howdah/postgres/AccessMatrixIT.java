// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.Finding;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.plan.Contents;
import dev.howdah.plan.Golden;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What each role can do: every verb is tried by logging in as every role, and what comes of it is the table of
 * {@code docs/access.md}, on every server alike. {@code -Dhowdah.golden=write} writes the table.
 */
@OnEveryServer
class AccessMatrixIT {
    private static final String DENIED = "42501";
    private static final Path PAGE = Path.of("..", "docs", "access.md");

    private static final AccessEntry SECOND = Specs.entry("second", AccessRole.Owner);
    private static final List<String> LOGINS = List.of("app", "worker", "report");

    /** Made by the first Owner login, each without what PostgreSQL gives PUBLIC on its own account. */
    private static final String OBJECTS = """
            CREATE TABLE t (id serial PRIMARY KEY, word text);
            CREATE TABLE i (id int GENERATED ALWAYS AS IDENTITY, word text);
            INSERT INTO t (word) VALUES ('a');
            CREATE VIEW v AS SELECT * FROM t;
            CREATE MATERIALIZED VIEW m AS SELECT * FROM t;
            CREATE TABLE p (id int) PARTITION BY RANGE (id);
            CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
            CREATE SEQUENCE s;
            CREATE TABLE audit.log (line text);
            CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION definer() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public
              AS 'SELECT count(*) FROM t';
            CREATE PROCEDURE pr() LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION trig() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            REVOKE ALL ON ALL ROUTINES IN SCHEMA public FROM PUBLIC;
            CREATE TYPE mood AS ENUM ('good');
            CREATE DOMAIN positive AS int CHECK (VALUE > 0);
            REVOKE ALL ON TYPE mood, positive FROM PUBLIC;
            SELECT lo_from_bytea(4711, 'x');""";

    private record Verb(String on, String name, String sql) {}

    private static final List<Verb> VERBS = List.of(
            new Verb("table", "SELECT", "SELECT * FROM t; SELECT * FROM audit.log"),
            new Verb("table", "INSERT, serial column", "INSERT INTO t (word) VALUES ('b')"),
            new Verb("table", "INSERT, identity column", "INSERT INTO i (word) VALUES ('b')"),
            new Verb("table", "UPDATE", "UPDATE t SET word = 'c' WHERE id = 1"),
            new Verb("table", "DELETE", "DELETE FROM t WHERE id = 1"),
            new Verb("table", "SELECT … FOR UPDATE", "SELECT * FROM t FOR UPDATE"),
            new Verb("table", "LOCK … IN ACCESS EXCLUSIVE MODE", "LOCK TABLE t IN ACCESS EXCLUSIVE MODE"),
            new Verb("table", "TRUNCATE", "TRUNCATE t"),
            new Verb(
                    "table",
                    "CREATE TRIGGER",
                    "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trig()"),
            new Verb("table", "REFERENCES, a foreign key to it", "CREATE TABLE child (t int REFERENCES t)"),
            new Verb("table", "ALTER", "ALTER TABLE t ADD COLUMN more int"),
            new Verb("table", "CREATE INDEX", "CREATE INDEX ON t (word)"),
            new Verb("table", "ENABLE ROW LEVEL SECURITY", "ALTER TABLE t ENABLE ROW LEVEL SECURITY"),
            new Verb("table", "GRANT", "GRANT SELECT ON t TO PUBLIC"),
            new Verb("table", "ANALYZE", "ANALYZE t"),
            new Verb("table", "COMMENT", "COMMENT ON TABLE t IS 'x'"),
            new Verb("table", "DROP", "DROP TABLE t CASCADE"),
            new Verb("view", "SELECT", "SELECT * FROM v"),
            new Verb("view", "INSERT through it", "INSERT INTO v (word) VALUES ('b')"),
            new Verb("materialized view", "SELECT", "SELECT * FROM m"),
            new Verb("materialized view", "REFRESH", "REFRESH MATERIALIZED VIEW m"),
            new Verb("partitioned table", "SELECT, parent and partition", "SELECT * FROM p; SELECT * FROM p1"),
            new Verb(
                    "partitioned table",
                    "INSERT, parent and partition",
                    "INSERT INTO p VALUES (1); INSERT INTO p1 VALUES (2)"),
            new Verb(
                    "partitioned table",
                    "ATTACH a partition",
                    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)"),
            new Verb("sequence", "SELECT last_value", "SELECT last_value FROM s"),
            new Verb("sequence", "nextval, then currval", "SELECT nextval('s'); SELECT currval('s')"),
            new Verb("sequence", "setval", "SELECT setval('s', 7)"),
            new Verb("sequence", "ALTER … RESTART", "ALTER SEQUENCE s RESTART"),
            new Verb("function", "EXECUTE", "SELECT f()"),
            new Verb("function", "EXECUTE, SECURITY DEFINER", "SELECT definer()"),
            new Verb("procedure", "CALL", "CALL pr()"),
            new Verb(
                    "function",
                    "CREATE OR REPLACE",
                    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'"),
            new Verb("type, domain", "USAGE", "CREATE TEMP TABLE scratch (m mood, n positive)"),
            new Verb("type", "ALTER", "ALTER TYPE mood ADD VALUE 'better'"),
            new Verb("schema of the claim", "CREATE TABLE", "CREATE TABLE audit.more ()"),
            new Verb(
                    "schema of the claim",
                    "CREATE TYPE, FUNCTION, SEQUENCE",
                    "CREATE TYPE audit.y AS (a int); CREATE SEQUENCE audit.z"),
            new Verb("schema of the claim", "DROP", "DROP SCHEMA audit CASCADE"),
            new Verb("schema extensions", "use what is in it", "SELECT similarity('a', 'b')"),
            new Verb("schema extensions", "CREATE TABLE", "CREATE TABLE extensions.mine ()"),
            new Verb("second Owner login's table", "SELECT", "SELECT * FROM of_second"),
            new Verb("second Owner login's table", "INSERT", "INSERT INTO of_second VALUES (1)"),
            new Verb("second Owner login's table", "ALTER", "ALTER TABLE of_second ADD COLUMN more int"),
            new Verb("large object", "create one's own", "SELECT lo_from_bytea(0, 'x')"),
            new Verb("large object", "read an Owner's", "SELECT lo_get(4711)"),
            new Verb("large object", "write an Owner's", "SELECT lo_put(4711, 0, 'y')"),
            new Verb("database", "TEMP", "CREATE TEMP TABLE scratch2 (id int)"),
            new Verb("database", "CREATE SCHEMA", "CREATE SCHEMA more"),
            new Verb("database", "CREATE EXTENSION", "CREATE EXTENSION hstore"),
            new Verb("database", "CREATE PUBLICATION", "CREATE PUBLICATION x"),
            new Verb("database", "ALTER DATABASE", "ALTER DATABASE \"shop_matrix\" SET work_mem = '1GB'"),
            new Verb("server", "CREATE ROLE", "CREATE ROLE tenant_made"),
            new Verb("server", "read or run what is on its machine", "COPY t FROM PROGRAM 'true'"));

    private final Ground ground;
    private HostedServer server;
    private TestClaim claim;

    AccessMatrixIT(Ground ground) {
        this.ground = ground;
    }

    @BeforeEach
    void open() throws SQLException {
        server = ground.open();
        claim = new TestClaim(ground, server, "shop", "matrix").with(spec("public", "audit"));
        claim.apply();
        claim.sql("app", OBJECTS);
        claim.sql("second", "CREATE TABLE of_second (id int)");
    }

    private static DatabaseClaimSpec spec(String... schemas) {
        return new DatabaseClaimSpec(
                null,
                null,
                null,
                null,
                null,
                List.of(new ExtensionRequest("pg_trgm", null)),
                List.of(schemas),
                List.of(Specs.OWNER, SECOND, Specs.WRITER, Specs.READER),
                null);
    }

    @AfterEach
    void close() {
        claim.retain(null);
        claim.drop();
        server.close();
    }

    @Test
    void every_verb_by_every_role() throws SQLException {
        var rows = new ArrayList<String>();
        rows.add("| on | verb | Owner | ReadWrite | ReadOnly |");
        rows.add("|---|---|---|---|---|");
        try (var app = claim.connect("app");
                var worker = claim.connect("worker");
                var report = claim.connect("report")) {
            for (var verb : VERBS) {
                rows.add("| %s | %s | %s |"
                        .formatted(
                                verb.on(),
                                verb.name(),
                                Stream.of(app, worker, report)
                                        .map(login -> may(login, verb) ? "yes" : "–")
                                        .collect(Collectors.joining(" | "))));
            }
        }
        Golden.comparePart(PAGE, "matrix", String.join("\n", rows) + "\n");
    }

    /** Whether it goes through; it is undone. What is refused for any other reason than a missing right fails the test. */
    private static boolean may(Connection login, Verb verb) {
        try {
            login.setAutoCommit(false);
            try (var statement = login.createStatement()) {
                statement.execute(verb.sql());
                // PostgreSQL passes over what one may not analyze, with a warning.
                return Stream.iterate(statement.getWarnings(), Objects::nonNull, SQLWarning::getNextWarning)
                        .noneMatch(warning -> warning.getSQLState().startsWith("01"));
            } catch (SQLException e) {
                assertThat(e.getSQLState()).as("%s: %s", verb, e.getMessage()).isEqualTo(DENIED);
                return false;
            } finally {
                login.rollback();
            }
        } catch (SQLException e) {
            throw new AssertionError(verb.toString(), e);
        }
    }

    /** Whatever right the catalogs know on what the owner group makes, no other role has more than the contract gives it. */
    @Test
    void no_privilege_beyond_those_of_the_contract() throws SQLException {
        var ours = Arrays.asList(claim.names().readWriteGroup(), claim.names().readOnlyGroup());
        for (var group : ours) {
            var writes = group.equals(claim.names().readWriteGroup());
            assertThat(
                            privileges(
                                    group,
                                    "SELECT a.privilege_type FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = 't'::regclass"))
                    .isEqualTo(writes ? "DELETE,INSERT,SELECT,UPDATE" : "SELECT");
            assertThat(
                            privileges(
                                    group,
                                    "SELECT a.privilege_type FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = 's'::regclass"))
                    .isEqualTo(writes ? "SELECT,USAGE" : "SELECT");
            assertThat(privileges(
                            group,
                            "SELECT a.privilege_type FROM pg_proc p, aclexplode(p.proacl) a WHERE p.proname = 'f'"))
                    .isEqualTo("EXECUTE");
            assertThat(privileges(
                            group,
                            "SELECT a.privilege_type FROM pg_type t, aclexplode(t.typacl) a WHERE t.typname = 'mood'"))
                    .isEqualTo("USAGE");
            assertThat(
                            privileges(
                                    group,
                                    "SELECT a.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = 'audit'"))
                    .isEqualTo("USAGE");
            assertThat(
                            privileges(
                                    group,
                                    "SELECT a.privilege_type FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = current_database()"))
                    .isEqualTo("CONNECT,TEMPORARY");
        }
    }

    private String privileges(String group, String sql) throws SQLException {
        return claim.sql(
                "app",
                "SELECT string_agg(privilege_type, ',' ORDER BY privilege_type) FROM (%s AND a.grantee = '%s'::regrole) x"
                        .formatted(sql, Quoting.identifier(group)));
    }

    /** What only looks like a grant: it is told of, and with a search_path of its own or an extension's it is not. */
    @Test
    void row_security_and_open_definers_are_reported() throws SQLException {
        claim.sql("app", """
                ALTER TABLE audit.log ENABLE ROW LEVEL SECURITY;
                CREATE FUNCTION audit."Open"(text, int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
                CREATE PROCEDURE audit.closed() LANGUAGE sql SECURITY DEFINER SET search_path = audit, pg_temp AS 'SELECT 1'""");
        assertThat(claim.contents().findings())
                .containsExactly(
                        new Contents.Finding(Contents.FindingKind.RowSecurity, "audit.log"),
                        new Contents.Finding(Contents.FindingKind.SecurityDefiner, "audit.\"Open\"(text,integer)"));
        // The next look that a change brings records it.
        claim.with(spec("public", "audit", "third")).apply();
        assertThat(claim.row().accepted().findings())
                .extracting(Finding::kind, Finding::name)
                .containsExactly(
                        tuple("RowSecurity", "audit.log"), tuple("SecurityDefiner", "audit.\"Open\"(text,integer)"));
        assertThat(claim.apply().nothing()).isTrue();
        claim.sql(
                "app",
                "DROP FUNCTION audit.\"Open\"; ALTER TABLE audit.log DISABLE ROW LEVEL SECURITY; DROP SCHEMA third");
        claim.with(spec("public", "audit")).apply();
        assertThat(claim.row().accepted().findings()).isEmpty();
    }

    /** A group that lost its way into a schema gets it back, and what is in there by then too. */
    @Test
    void what_is_there_already_is_back_filled() throws SQLException {
        ground.asSuperuser(
                "shop_matrix",
                "CREATE TABLE audit.foreign_made (id int); REVOKE ALL ON audit.foreign_made FROM PUBLIC");
        var reader = Quoting.identifier(claim.names().readOnlyGroup());
        claim.sql("app", """
                CREATE SEQUENCE audit.s; CREATE TYPE audit."Mood" AS ENUM ('good'); CREATE DOMAIN audit.d AS int;
                CREATE TYPE audit.pair AS (a int, b int); CREATE TYPE audit.span AS RANGE (subtype = int4);
                CREATE FUNCTION audit.f(audit.pair) RETURNS int LANGUAGE sql AS 'SELECT 1';
                CREATE PROCEDURE audit.p() LANGUAGE sql AS 'SELECT 1';
                CREATE AGGREGATE audit.total(int) (SFUNC = int4pl, STYPE = int);
                REVOKE ALL ON ALL ROUTINES IN SCHEMA audit FROM PUBLIC;
                REVOKE ALL ON TYPE audit."Mood", audit.d, audit.pair, audit.span FROM PUBLIC;""");
        var all = """
                SELECT * FROM audit.log; SELECT last_value FROM audit.s; SELECT audit.f(ROW(1, 2)); CALL audit.p();
                SELECT audit.total(1); CREATE TEMP TABLE x (m audit."Mood", d audit.d, p audit.pair, s audit.span)""";
        try (var report = claim.connect("report")) {
            assertThat(may(report, new Verb("", "by default privileges", all))).isTrue();
        }
        claim.sql("app", """
                REVOKE USAGE ON SCHEMA audit FROM %1$s; REVOKE ALL ON audit.log FROM %1$s;
                REVOKE ALL ON ALL SEQUENCES IN SCHEMA audit FROM %1$s; REVOKE ALL ON ALL ROUTINES IN SCHEMA audit FROM %1$s;
                REVOKE ALL ON TYPE audit."Mood", audit.d, audit.pair, audit.span FROM %1$s""".formatted(reader));
        claim.with(spec("public", "audit", "third")).apply();
        try (var report = claim.connect("report")) {
            assertThat(may(report, new Verb("", "back-filled", all))).isTrue();
            assertThat(may(report, new Verb("", "not ours", "SELECT * FROM audit.foreign_made")))
                    .isFalse();
        }
        claim.sql("app", "DROP SCHEMA third");
        ground.asSuperuser("shop_matrix", "DROP TABLE audit.foreign_made");
    }

    /** Where the class lets an Owner create schemas, what is in them is everybody's as in the claim's own. */
    @Test
    void schemas_that_an_owner_creates() throws SQLException {
        claim.ownerMayCreateSchemas(true).apply();
        claim.sql(
                "app",
                "CREATE SCHEMA made; CREATE TABLE made.t (id serial); INSERT INTO made.t DEFAULT VALUES; CREATE TYPE made.e AS ENUM ('a')");
        claim.sql(
                "app",
                "CREATE FUNCTION made.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION made.f FROM PUBLIC");
        for (var login : LOGINS) {
            assertThat(claim.sql(login, "SELECT made.f() + count(*) FROM made.t"))
                    .isEqualTo("2");
        }
        claim.sql("worker", "INSERT INTO made.t DEFAULT VALUES");
        try (var report = claim.connect("report")) {
            assertThat(may(report, new Verb("", "", "INSERT INTO made.t DEFAULT VALUES")))
                    .isFalse();
            assertThat(may(report, new Verb("", "", "CREATE TABLE made.x ()"))).isFalse();
            assertThat(may(report, new Verb("", "", "CREATE SCHEMA other"))).isFalse();
        }
        claim.sql("app", "CREATE EXTENSION hstore SCHEMA made");
        assertThat(claim.sql("report", "SELECT 'a=>1'::made.hstore::text")).isEqualTo("\"a\"=>\"1\"");
        claim.sql("app", "DROP SCHEMA made CASCADE");
        claim.ownerMayCreateSchemas(false).apply();
        try (var app = claim.connect("app")) {
            assertThat(may(app, new Verb("", "", "CREATE SCHEMA other"))).isFalse();
        }
    }
}

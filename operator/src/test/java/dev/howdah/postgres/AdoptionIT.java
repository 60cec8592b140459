// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.Adoption;
import dev.howdah.plan.Planner;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that somebody else made becomes a claim's while its applications go on, and not a byte of it changes. */
@OnEveryServer
class AdoptionIT {
    private static final String PASSWORD = "of-the-old-application";

    /** One of everything that changes hands, in two schemas, with rights and settings that applications rely on. */
    private static final String LEGACY = """
            CREATE SCHEMA "Old Stuff";
            CREATE TYPE "Old Stuff".mood AS ENUM ('good', 'bad');
            CREATE DOMAIN positive AS int CHECK (VALUE > 0);
            CREATE TYPE pair AS (a int, b text);
            CREATE TABLE customer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, n positive);
            CREATE TABLE "Old Stuff"."Order" (id serial PRIMARY KEY, customer bigint NOT NULL REFERENCES customer,
              mood "Old Stuff".mood, p pair);
            CREATE TABLE measured (at date, v int) PARTITION BY RANGE (at);
            CREATE TABLE measured_old PARTITION OF measured FOR VALUES FROM ('2020-01-01') TO ('2030-01-01');
            CREATE SEQUENCE ticket START 100;
            CREATE VIEW known AS SELECT c.name, count(o.id) AS orders FROM customer c
              LEFT JOIN "Old Stuff"."Order" o ON o.customer = c.id GROUP BY 1;
            CREATE VIEW well_known AS SELECT * FROM known WHERE orders > 0;
            CREATE MATERIALIZED VIEW summary AS SELECT count(*) AS n FROM customer;
            CREATE FUNCTION orders_of(whom text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public
              AS $$ SELECT orders FROM known WHERE name = whom $$;
            CREATE PROCEDURE add(whom text) LANGUAGE sql AS $$ INSERT INTO customer (name) VALUES (whom) $$;
            CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
            CREATE STATISTICS stats (dependencies) ON id, customer FROM "Old Stuff"."Order";
            INSERT INTO customer (name, n) SELECT 'c' || i, i FROM generate_series(1, 500) i;
            INSERT INTO "Old Stuff"."Order" (customer, mood, p) SELECT i, 'good', ROW(i, 'x'::text)::pair FROM generate_series(1, 500) i;
            INSERT INTO measured SELECT date '2025-01-01' + i, i FROM generate_series(1, 100) i;
            GRANT USAGE ON SCHEMA public TO %1$s;
            GRANT SELECT ON customer, known TO %1$s;
            REFRESH MATERIALIZED VIEW summary;
            """;

    private final Ground ground;
    private String database;
    private String legacy;
    private String reader;
    private HostedServer server;

    AdoptionIT(Ground ground) {
        this.ground = ground;
    }

    @BeforeEach
    void brownfield() throws SQLException {
        server = ground.open();
        var suffix = Long.toString(System.nanoTime(), 36);
        database = "Legacy " + suffix;
        legacy = "legacy_app_" + suffix;
        reader = "reporting_" + suffix;
        var verifier = Quoting.literal(Scram.verifier(PASSWORD));
        // As on a managed server: its first user made the roles of the applications.
        asAdmin("CREATE ROLE %s LOGIN PASSWORD %s; CREATE ROLE %s LOGIN PASSWORD %s"
                .formatted(legacy, verifier, reader, verifier));
        ground.asSuperuser("postgres", "CREATE DATABASE %s OWNER %s".formatted(quoted(), legacy));
        ground.asSuperuser("postgres", "ALTER DATABASE %s SET datestyle = 'SQL, DMY'".formatted(quoted()));
        ground.asSuperuser(database, "CREATE EXTENSION pg_trgm; CREATE EXTENSION hstore");
        try (var app = as(legacy)) {
            Ground.first(app, LEGACY.formatted(reader));
        }
    }

    @AfterEach
    void clear() {
        server.close();
    }

    private void asAdmin(String sql) throws SQLException {
        try (var connection = ground.postgres()
                .connect("postgres", ground.admin().name(), ground.admin().password())) {
            Ground.first(connection, sql);
        }
    }

    private String quoted() {
        return Quoting.identifier(database);
    }

    private Connection as(String role) throws SQLException {
        return ground.postgres().connect(database, role, PASSWORD);
    }

    private @Nullable String owner() {
        return ground.asSuperuser(
                "postgres", "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '" + database + "'");
    }

    private TestClaim claim(String name) {
        return new TestClaim(ground, server, "brown", name + Long.toString(System.nanoTime(), 36))
                .named(database)
                .with(Specs.schemas("public", "audit"));
    }

    /** Everything in every table, and every definition, but for who owns it and who may do what. */
    private String checksum() {
        return ground.asSuperuser(database, """
                SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
                  SELECT 'c' || c::text AS line FROM customer c UNION ALL SELECT 'o' || o::text FROM "Old Stuff"."Order" o
                  UNION ALL SELECT 'm' || m::text FROM measured m UNION ALL SELECT 's' || s::text FROM summary s
                  UNION ALL SELECT pg_get_viewdef(oid) FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
                  UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE prokind <> 'a' AND pronamespace = 'public'::regnamespace AND proname IN ('orders_of', 'add')
                  UNION ALL SELECT relname || relfilenode FROM pg_class WHERE relnamespace IN ('public'::regnamespace, '"Old Stuff"'::regnamespace) AND relkind IN ('r', 'i', 'S', 'm')
                  UNION ALL SELECT extname || extversion || extnamespace::regnamespace FROM pg_extension
                  UNION ALL SELECT last_value::text FROM ticket) AS everything""");
    }

    /** An application that never stops: reads, writes, makes tables, and comes back with new connections. */
    private final class Application implements AutoCloseable {
        private final AtomicBoolean stop = new AtomicBoolean();
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger done = new AtomicInteger();
        private final List<Thread> threads = new ArrayList<>();

        Application() {
            start(legacy, true);
            start(reader, false);
        }

        private void start(String role, boolean writes) {
            threads.add(Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    try (var connection = as(role)) {
                        for (int i = 0; i < 5; i++) {
                            Ground.first(connection, "SELECT count(*) FROM customer; SELECT * FROM known LIMIT 1");
                            if (writes) {
                                Ground.first(connection, """
                                        BEGIN;
                                        INSERT INTO "Old Stuff"."Order" (customer, mood) VALUES (1, 'bad');
                                        CALL add('passing'); SELECT orders_of('c1'), nextval('ticket'), count(*) FROM well_known;
                                        CREATE TABLE public.passing (id int);
                                        ROLLBACK""");
                            }
                            done.incrementAndGet();
                        }
                    } catch (SQLException e) {
                        failures.add(role + ": " + e.getMessage());
                    }
                }
            }));
        }

        void awaitMore() {
            var now = done.get();
            await().atMost(Duration.ofMinutes(1)).until(() -> done.get() >= now + 10 || !failures.isEmpty());
        }

        @Override
        public void close() throws InterruptedException {
            stop.set(true);
            for (var thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void nobody_notices() throws Exception {
        var claim = claim("orders");
        var before = checksum();
        var ready = claim.adoption();
        assertThat(ready).isInstanceOf(Adoption.Outcome.Ready.class);
        var plan = (Adoption.Outcome.Ready) ready;
        assertThat(plan.lines()).anyMatch(line -> line.contains("× table in schema Old Stuff of " + legacy));
        assertThat(plan.lines()).contains("leave the setting DateStyle of the database as it is");
        assertThat(String.join("\n", plan.lines()))
                .contains("let in as before: " + legacy + ", " + reader, "close " + database + " to PUBLIC");
        // Nothing was done yet, and the plan is the same as long as the database is.
        assertThat(owner()).isEqualTo(legacy);
        assertThat(((Adoption.Outcome.Ready) claim.adoption()).hash()).isEqualTo(plan.hash());

        var lastTicket = ground.asSuperuser(database, "SELECT last_value FROM ticket");
        try (var application = new Application()) {
            application.awaitMore();
            claim.adopt(Integer.MAX_VALUE, Integer.MAX_VALUE);
            application.awaitMore();
            claim.apply();
            application.awaitMore();
            application.close();
            assertThat(application.failures).isEmpty();
            assertThat(application.done.get()).isGreaterThan(20);
        }
        ground.asSuperuser(database, "SELECT setval('ticket', " + lastTicket + ", false)");
        assertThat(checksum()).isEqualTo(before);
        owned(claim);
        assertThat(claim.apply().nothing()).isTrue();

        // The new owner may do everything, the old one what it could, and who has no part in it nothing.
        claim.sql("app", "ALTER TABLE customer ADD COLUMN more int; DROP VIEW well_known; SELECT orders_of('c1')");
        claim.sql("app", "INSERT INTO \"Old Stuff\".\"Order\" (customer) VALUES (2)");
        try (var app = as(legacy)) {
            Ground.first(app, "ALTER TABLE customer DROP COLUMN more; CREATE SCHEMA later; SELECT * FROM known");
        }
        ground.asSuperuser(
                "postgres",
                "CREATE ROLE stranger_%s LOGIN PASSWORD %s"
                        .formatted(legacy, Quoting.literal(Scram.verifier(PASSWORD))));
        assertThatThrownBy(() -> as("stranger_" + legacy)).hasMessageContaining("permission denied for database");

        var row = claim.row();
        assertThat(row.history().adopted().owner()).isEqualTo(legacy);
        assertThat(row.accepted().unmanaged())
                .extracting(left -> left.kind() + " " + left.name())
                .contains("Schema Old Stuff", "Extension hstore", "Extension pg_trgm", "Parameter DateStyle");
        // Left out of the claim is not dropped, also where nothing depends on it.
        claim.with(Specs.schemas("public")).apply();
        assertThat(claim.contents().extensions()).containsKeys("hstore", "pg_trgm");
    }

    private void owned(TestClaim claim) {
        assertThat(owner()).isEqualTo(claim.names().databaseRole());
        assertThat(ground.asSuperuser(database, """
                SELECT string_agg(DISTINCT pg_get_userbyid(owner), ', ') FROM (
                  SELECT relowner AS owner, relnamespace AS space, 'pg_class'::regclass AS class, oid FROM pg_class
                  UNION ALL SELECT proowner, pronamespace, 'pg_proc'::regclass, oid FROM pg_proc
                  UNION ALL SELECT typowner, typnamespace, 'pg_type'::regclass, oid FROM pg_type t
                    WHERE NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
                  UNION ALL SELECT stxowner, stxnamespace, 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
                  UNION ALL SELECT nspowner, oid, 'pg_namespace'::regclass, oid FROM pg_namespace) AS o
                WHERE space IN ('public'::regnamespace, '"Old Stuff"'::regnamespace)
                  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = class AND d.objid = o.oid AND d.deptype = 'e')
                """)).isEqualTo(claim.names().ownerGroup());
        // The admin gave itself nothing that it kept.
        assertThat(ground.asSuperuser("postgres", """
                SELECT count(*) FROM pg_auth_members WHERE roleid = '%s'::regrole AND member = '%s'::regrole %s""".formatted(
                                legacy,
                                Quoting.identifier(ground.admin().name()),
                                ground.postgres().major() >= 16 ? "AND inherit_option" : "")))
                .isEqualTo("0");
    }

    @Test
    void cut_short_anywhere_it_goes_on() {
        var claim = claim("cut");
        for (int taken : new int[] {0, 1, 2, 5, 9}) {
            claim.adopt(Integer.MAX_VALUE, taken);
            server.close();
            server = ground.open();
            claim.moveTo(server);
        }
        // A database that vanishes meanwhile is not replaced by an empty one.
        ground.asSuperuser("postgres", "ALTER DATABASE %s RENAME TO %s".formatted(quoted(), legacy));
        assertThat(claim.plan())
                .isInstanceOfSatisfying(
                        Planner.Outcome.Blocked.class,
                        blocked -> assertThat(blocked.conflict().reason()).isEqualTo(Reason.DatabaseMissing));
        ground.asSuperuser("postgres", "ALTER DATABASE %s RENAME TO %s".formatted(legacy, quoted()));
        claim.adopt(0, Integer.MAX_VALUE);
        claim.apply();
        owned(claim);
        assertThat(claim.apply().nothing()).isTrue();
        claim.retain(null);
        claim.recreated();
        claim.apply();
    }

    @Test
    void what_changes_changes_the_hash_and_what_cannot_be_is_told() throws SQLException {
        var claim = claim("told");
        var before = ((Adoption.Outcome.Ready) claim.adoption()).hash();
        ground.asSuperuser(database, "SET ROLE %s; CREATE TABLE another (id int)".formatted(legacy));
        assertThat(((Adoption.Outcome.Ready) claim.adoption()).hash()).isNotEqualTo(before);
        try (var first = as(legacy);
                var second = as(reader)) {
            assertThat(first.isValid(1) && second.isValid(1)).isTrue();
            claim.with(Specs.connections(1));
            blocked(claim, Reason.AwaitingConsent, "2 sessions now", "Raise `spec.connections`");
        }
        claim.with(Specs.schemas("public"));
        ground.asSuperuser(database, "CREATE TABLE of_the_superuser (id int)");
        if (ground.kind() == AdminKind.PLAIN) {
            blocked(
                    claim,
                    Reason.InsufficientPrivilege,
                    "As a superuser run: ALTER TABLE public.of_the_superuser OWNER TO \"" + legacy);
        } else {
            claim.adopt(Integer.MAX_VALUE, Integer.MAX_VALUE);
            claim.apply();
            owned(claim);
        }
        blocked(new TestClaim(ground, server, "brown", "p").named("postgres"), Reason.DatabaseConflict, "never");
        blocked(
                new TestClaim(ground, server, "brown", "q").named("no such database"),
                Reason.DatabaseMissing,
                "not replaced by an empty one");
    }

    private static void blocked(TestClaim claim, Reason reason, String... says) {
        assertThat(claim.adoption()).isInstanceOfSatisfying(Adoption.Outcome.Blocked.class, blocked -> {
            assertThat(blocked.conflict().reason()).isEqualTo(reason);
            assertThat(blocked.conflict().message()).contains(says);
        });
    }
}

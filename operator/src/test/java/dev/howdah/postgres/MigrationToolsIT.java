// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.plan.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import liquibase.Contexts;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Migration tools in a claim's database: what works, and what takes {@code ownerMayCreateSchemas}. What comes of it is the
 * table of {@code docs/migrations.md}, on every server alike; {@code -Dhowdah.golden=write} writes it. Whatever worked
 * left everything with the owner group, and the ReadOnly login reads it.
 */
@OnOldestAndNewestServer
class MigrationToolsIT {
    private static final String DENIED = "42501";
    private static final Path PAGE = Path.of("..", "docs", "migrations.md");

    /** An Owner login's session, as a tool takes it. */
    private interface Tool {
        void run(Connection session) throws Exception;
    }

    private record Case(String tool, String what, Tool run) {}

    private final List<Case> cases = List.of(
            new Case("Flyway", "`migrate` in the first schema of the claim", session -> flyway(null)),
            new Case("Flyway", "`schemas` names one of the claim's", session -> flyway("audit")),
            new Case("Flyway", "`schemas` names one that is not there", session -> flyway("flyway_made")),
            new Case("Liquibase", "`update`, changes in XML", session -> liquibase(session, "")),
            new Case(
                    "Liquibase",
                    "a change with CREATE SCHEMA",
                    session -> liquibase(
                            session, "<changeSet id='2' author='x'><sql>CREATE SCHEMA made</sql></changeSet>")),
            statements("Prisma", "`migrate deploy`", MigrationStatements.PRISMA_DEPLOY),
            statements(
                    "Prisma",
                    "a migration with CREATE SCHEMA IF NOT EXISTS \"public\"",
                    MigrationStatements.PRISMA_BASELINE),
            statements("Prisma", "`migrate reset`", MigrationStatements.PRISMA_RESET),
            statements(
                    "Prisma",
                    "`migrate dev` with a shadow database of its own making",
                    MigrationStatements.PRISMA_SHADOW),
            statements("Rails", "`db:migrate`, CREATE INDEX CONCURRENTLY included", MigrationStatements.RAILS),
            statements("Rails", "`enable_extension`, one that the claim asks for", MigrationStatements.RAILS_EXTENSION),
            statements("Rails", "fixtures, which switch foreign keys off", MigrationStatements.RAILS_FIXTURES),
            statements("Django", "`migrate`", MigrationStatements.DJANGO),
            statements(
                    "Django",
                    "an extension that the claim does not ask for",
                    "CREATE EXTENSION IF NOT EXISTS \"citext\";\n"),
            statements("Django", "`test`, which creates a database", MigrationStatements.DJANGO_TEST),
            statements("Drizzle", "`migrate`", MigrationStatements.DRIZZLE),
            statements("Drizzle", "`migrate` with `migrations.schema: public`", MigrationStatements.DRIZZLE_IN_PUBLIC),
            statements("Drizzle", "statements of `generate` and `push`", MigrationStatements.DRIZZLE_GENERATED),
            statements("pg_restore", "`--no-owner --no-acl`", MigrationStatements.RESTORE),
            statements("pg_restore", "a dump with a schema that is not there", MigrationStatements.RESTORE_SCHEMA),
            statements("pg_restore", "a dump with an extension of the claim's", MigrationStatements.RESTORE_EXTENSION),
            statements("pg_restore", "the same without `--no-comments`", MigrationStatements.RESTORE_EXTENSION_COMMENT),
            statements("pg_restore", "`--disable-triggers`", MigrationStatements.RESTORE_WITHOUT_TRIGGERS),
            statements("PgBouncer, Npgsql", "DISCARD ALL between clients", MigrationStatements.DISCARD_ALL),
            statements("Npgsql", "its reset without DISCARD ALL", MigrationStatements.NPGSQL_RESET),
            statements("any", "RESET ROLE, RESET search_path", MigrationStatements.RESET_ROLE));

    private final Ground ground;
    private HostedServer server;
    private TestClaim claim;

    @TempDir
    private Path files;

    MigrationToolsIT(Ground ground) {
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

    private static Case statements(String tool, String what, String script) {
        return new Case(tool, what, session -> {
            for (var statement : script.split(";\n")) {
                try (var one = session.createStatement()) {
                    one.execute(statement);
                }
            }
        });
    }

    @Test
    void every_tool() throws Exception {
        var rows = new ArrayList<String>();
        rows.add("| tool | what | works |");
        rows.add("|---|---|---|");
        for (var one : cases) {
            rows.add("| %s | %s | %s |"
                    .formatted(
                            one.tool(),
                            one.what(),
                            works(one, false) ? "yes" : works(one, true) ? "with `ownerMayCreateSchemas`" : "no"));
        }
        Golden.comparePart(PAGE, "tools", String.join("\n", rows) + "\n");
    }

    /** In a database of its own. What is refused for another reason than a missing right fails the test. */
    private boolean works(Case one, boolean ownerMayCreateSchemas) throws Exception {
        claim = new TestClaim(ground, server, "shop", "tool")
                .with(new DatabaseClaimSpec(
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(new ExtensionRequest("pgcrypto", null), new ExtensionRequest("pg_trgm", null)),
                        List.of("public", "audit"),
                        List.of(Specs.OWNER, Specs.READER),
                        null))
                .ownerMayCreateSchemas(ownerMayCreateSchemas);
        claim.applyOnce("app");
        try {
            try (var session = claim.connect("app")) {
                one.run().run(session);
            } catch (Exception e) {
                var state = sqlState(e).orElseThrow(() -> e);
                assertThat(state)
                        .as("%s %s: %s", one.tool(), one.what(), e.getMessage())
                        .isEqualTo(DENIED);
                return false;
            }
            OwnerSplit.assertHolds(claim, one.tool() + " " + one.what());
            return true;
        } finally {
            claim.retain(null);
            claim.drop();
        }
    }

    private static Optional<String> sqlState(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(cause -> ((SQLException) cause).getSQLState())
                .filter(Objects::nonNull)
                .findFirst();
    }

    private void flyway(String schema) throws Exception {
        var folder = Files.createDirectories(files.resolve("flyway"));
        Files.writeString(folder.resolve("V1__init.sql"), """
                CREATE TABLE orders (id bigserial PRIMARY KEY, word text NOT NULL);
                CREATE TYPE mood AS ENUM ('good');
                INSERT INTO orders (word) VALUES ('a');""");
        Files.writeString(folder.resolve("V2__index.sql"), "CREATE INDEX CONCURRENTLY orders_word ON orders (word);");
        Files.writeString(folder.resolve("R__view.sql"), "CREATE OR REPLACE VIEW words AS SELECT word FROM orders;");
        var configuration = Flyway.configure()
                .dataSource(
                        ground.postgres().jdbcUrl(claim.names().database()),
                        claim.login("app"),
                        claim.secrets.get("app"))
                // Its lock is held in a transaction otherwise, which an index made concurrently waits for.
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                .locations("filesystem:" + folder);
        if (schema != null) {
            configuration.schemas(schema);
        }
        assertThat(configuration.load().migrate().migrationsExecuted).isGreaterThanOrEqualTo(3);
        assertThat(configuration.load().migrate().migrationsExecuted).isZero();
    }

    private void liquibase(Connection session, String more) throws Exception {
        Files.writeString(files.resolve("changes.xml"), """
                <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
                    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                    xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
                  <changeSet id="1" author="x">
                    <createTable tableName="orders">
                      <column name="id" type="bigint" autoIncrement="true"><constraints primaryKey="true"/></column>
                      <column name="word" type="text" remarks="a word"/>
                    </createTable>
                    <createIndex tableName="orders" indexName="orders_word"><column name="word"/></createIndex>
                    <insert tableName="orders"><column name="word" value="a"/></insert>
                  </changeSet>
                  %s
                </databaseChangeLog>""".formatted(more));
        var database = DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(session));
        try (var accessor = new DirectoryResourceAccessor(files);
                var liquibase = new Liquibase("changes.xml", accessor, database)) {
            liquibase.update(new Contexts());
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tools of other languages, the programs themselves, with an Owner login: what {@code docs/migrations.md} says of them.
 * {@link MigrationToolsIT} has the whole table, on more servers.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("grounds")
class RealMigrationToolsIT {
    private static final String DENIED = "permission denied for database";
    private static final String[] DJANGO = {"django==5.2.19", "psycopg[binary]==3.3.9"};
    private static final String[] DRIZZLE = {"drizzle-orm@0.45.4", "drizzle-kit@0.31.11", "pg@8.23.1"};
    // Prisma 7 has no schema engine in JavaScript; the adapter of 6 does not read the type "name" of the catalogs.
    private static final String[] PRISMA = {"prisma@6.19.3", "@prisma/adapter-pg@7.10.1"};

    @TempDir
    private static Path folder;

    private static ForeignTools tools;

    private final Ground ground;
    private final List<TestClaim> claims = new ArrayList<>();
    private HostedServer server;

    RealMigrationToolsIT(Ground ground) {
        this.ground = ground;
    }

    static Stream<Ground> grounds() {
        return Stream.of(Ground.of(18, AdminKind.SUPERUSER), Ground.of(15, AdminKind.PLAIN));
    }

    @BeforeAll
    static void noToolsYet() {
        tools = new ForeignTools(folder);
    }

    @BeforeEach
    void open() {
        server = ground.open();
    }

    @AfterEach
    void close() {
        claims.forEach(claim -> {
            claim.retain(null);
            claim.drop();
        });
        server.close();
    }

    @Test
    void django() throws Exception {
        var python = tools.python(DJANGO).resolve("bin/python").toString();
        var claim = claim("django", false);
        var project = MigrationProjects.write(project(folder), MigrationProjects.DJANGO);
        var login = new HashMap<>(login(claim));
        login.put("DJANGO_SETTINGS_MODULE", "settings");
        ForeignTools.run(project, login, python, "-m", "django", "makemigrations", "-n", "first", "shop")
                .well();
        ForeignTools.run(project, login, python, "-m", "django", "migrate").well();
        MigrationProjects.write(project, MigrationProjects.DJANGO_ALTERED);
        ForeignTools.run(project, login, python, "-m", "django", "makemigrations", "-n", "second", "shop")
                .well();
        MigrationProjects.write(project, MigrationProjects.DJANGO_INDEX);
        ForeignTools.run(project, login, python, "-m", "django", "migrate").well();
        assertThat(ForeignTools.run(project, login, python, "-m", "django", "migrate", "--check")
                        .exit())
                .isZero();
        OwnerSplit.assertHolds(claim, "Django");
        assertThat(claim.sql("report", "SELECT count(*) FROM django_migrations WHERE app = 'shop'"))
                .isEqualTo("3");

        var tests = ForeignTools.run(project, login, python, "-m", "django", "test", "--noinput");
        assertThat(tests.exit()).isNotZero();
        assertThat(tests.output()).contains("permission denied to create database");
        var other = claim("django-tests", false);
        var otherLogin = new HashMap<>(login(other));
        otherLogin.put("DJANGO_SETTINGS_MODULE", "settings");
        otherLogin.put("TEST_DATABASE", other.names().database());
        assertThat(ForeignTools.run(project, otherLogin, python, "-m", "django", "test", "--noinput", "--keepdb")
                        .well()
                        .output())
                .contains("Ran 1 test");

        MigrationProjects.write(project, MigrationProjects.DJANGO_EXTENSION);
        var extension = ForeignTools.run(project, login, python, "-m", "django", "migrate");
        assertThat(extension.exit()).isNotZero();
        assertThat(extension.output()).contains("permission denied to create extension");
    }

    @Test
    void drizzle() throws Exception {
        var node = tools.node(DRIZZLE);
        var kit = node.resolve("node_modules/.bin/drizzle-kit").toString();
        var project = MigrationProjects.write(project(node), MigrationProjects.DRIZZLE);
        ForeignTools.run(project, Map.of(), kit, "generate").well();
        MigrationProjects.write(project, MigrationProjects.DRIZZLE_ALTERED);

        var strict = claim("drizzle", false);
        for (var schema : List.of("drizzle", "public")) {
            var login = new HashMap<>(login(strict));
            login.put("MIGRATIONS_SCHEMA", schema);
            var refused = ForeignTools.run(project, login, "node", "migrate.mjs");
            assertThat(refused.exit()).isNotZero();
            assertThat(refused.output()).contains("CREATE SCHEMA IF NOT EXISTS", DENIED);
            // It exits without a word of why.
            assertThat(ForeignTools.run(project, login, kit, "migrate").exit()).isNotZero();
        }

        var free = claim("drizzle-free", true);
        ForeignTools.run(project, login(free), kit, "migrate").well();
        ForeignTools.run(project, Map.of(), kit, "generate").well();
        ForeignTools.run(project, login(free), "node", "migrate.mjs").well();
        ForeignTools.run(project, login(free), kit, "migrate").well();
        OwnerSplit.assertHolds(free, "Drizzle migrate");
        assertThat(free.sql("report", "SELECT count(*) FROM drizzle.__drizzle_migrations"))
                .isEqualTo("2");

        MigrationProjects.write(project, Map.of("schema.ts", MigrationProjects.DRIZZLE.get("schema.ts")));
        ForeignTools.run(project, login(strict), kit, "push", "--force").well();
        MigrationProjects.write(project, MigrationProjects.DRIZZLE_CONCURRENTLY);
        ForeignTools.run(project, login(strict), kit, "push", "--force").well();
        OwnerSplit.assertHolds(strict, "Drizzle push");
        assertThat(strict.sql("app", "SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_word'::regclass"))
                .isEqualTo("t");
    }

    @Test
    void prisma() throws Exception {
        var node = tools.node(PRISMA);
        var prisma = node.resolve("node_modules/.bin/prisma").toString();
        var project = MigrationProjects.write(project(node), MigrationProjects.PRISMA);
        var baseline = claim("prisma-baseline", false);
        var script = project.resolve("first.sql").toString();
        ForeignTools.run(
                        project,
                        prismaLogin(baseline),
                        prisma,
                        "migrate",
                        "diff",
                        "--from-empty",
                        "--to-schema-datamodel",
                        "prisma/schema.prisma",
                        "--script",
                        "-o",
                        script)
                .well();
        var first = Files.readString(Path.of(script));
        assertThat(first).contains("CREATE SCHEMA IF NOT EXISTS \"public\";");
        var migration = "prisma/migrations/1_first/migration.sql";

        MigrationProjects.write(project, Map.of(migration, first));
        var refused = ForeignTools.run(project, prismaLogin(baseline), prisma, "migrate", "deploy");
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.output()).contains(DENIED);

        MigrationProjects.write(
                project, Map.of(migration, first.replace("CREATE SCHEMA IF NOT EXISTS \"public\";", "")));
        var strict = claim("prisma", false);
        ForeignTools.run(project, prismaLogin(strict), prisma, "migrate", "deploy")
                .well();
        MigrationProjects.write(project, MigrationProjects.PRISMA_ALTERED);
        ForeignTools.run(project, prismaLogin(strict), prisma, "migrate", "deploy")
                .well();
        ForeignTools.run(project, prismaLogin(strict), prisma, "migrate", "status")
                .well();
        OwnerSplit.assertHolds(strict, "Prisma");
        assertThat(strict.sql("report", "SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL"))
                .isEqualTo("3");
        var shadow = ForeignTools.run(project, prismaLogin(strict), prisma, "migrate", "dev");
        assertThat(shadow.exit()).isNotZero();
        assertThat(shadow.output()).contains("permission denied to create database");
        var lost = ForeignTools.run(project, prismaLogin(strict), prisma, "migrate", "reset", "--force");
        assertThat(lost.exit()).isNotZero();
        assertThat(strict.sql("app", "SELECT to_regnamespace('public')")).isNull();

        var free = claim("prisma-free", true);
        MigrationProjects.write(project, Map.of(migration, first));
        ForeignTools.run(project, prismaLogin(free), prisma, "migrate", "deploy")
                .well();
        ForeignTools.run(project, prismaLogin(free), prisma, "migrate", "reset", "--force")
                .well();
        OwnerSplit.assertHolds(free, "Prisma reset");
    }

    @Test
    void dump_and_restore() throws Exception {
        // Not newer than need be: the programs of 17 and later set what an older server does not know.
        var older = ground.postgres().major() < 17;
        var programs = programs(older ? 16 : 18);
        var from = claim("dump-from", false);
        for (var statement : MigrationProjects.DUMPED.split(";\n")) {
            from.sql("app", statement);
        }
        var to = claim("dump-to", false);
        assertThat(restore(programs, from, to).well().output()).isBlank();
        OwnerSplit.assertHolds(to, "pg_restore");
        assertThat(to.sql("report", "SELECT count(*) FROM lines JOIN orders ON orders.id = of"))
                .isEqualTo("100");
        assertThat(to.sql("report", "SELECT n FROM counts")).isEqualTo("100");

        if (older) {
            var newer = restore(programs(18), from, claim("dump-newer", false));
            assertThat(newer.exit()).isNotZero();
            assertThat(newer.output()).contains("transaction_timeout");
        }

        // A further schema, which is there in both: one that is named is not made.
        var second = claim("dump-second", false, "public", "audit");
        second.sql("app", "CREATE TABLE audit.trail (id int PRIMARY KEY); INSERT INTO audit.trail VALUES (1)");
        var third = claim("dump-third", false, "public", "audit");
        var refused = restore(programs, second, third);
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.output()).contains(DENIED, "CREATE SCHEMA audit");
        third.sql("app", "DROP TABLE audit.trail");
        assertThat(restore(programs, second, third, "--schema=public", "--schema=audit")
                        .well()
                        .output())
                .isBlank();
        OwnerSplit.assertHolds(third, "pg_restore of schemas");
        assertThat(third.sql("report", "SELECT count(*) FROM audit.trail")).isEqualTo("1");
    }

    private ForeignTools.Ended restore(Path programs, TestClaim from, TestClaim to, String... more) throws Exception {
        var restore = new ArrayList<>(List.of(programs.resolve("pg_restore").toString(), "--no-owner", "--no-acl"));
        restore.addAll(List.of("--dbname", to.names().database()));
        restore.addAll(List.of(more));
        return ForeignTools.pipe(
                folder,
                login(from),
                new String[] {
                    programs.resolve("pg_dump").toString(),
                    "-Fc",
                    "--no-owner",
                    "--no-acl",
                    "--no-comments",
                    "--exclude-schema=extensions"
                },
                login(to),
                restore.toArray(String[]::new));
    }

    private static Path programs(int major) throws Exception {
        return tools.postgres(major).resolve("bin");
    }

    private TestClaim claim(String name, boolean ownerMayCreateSchemas, String... schemas) {
        var claim = new TestClaim(ground, server, "shop", name)
                .with(new DatabaseClaimSpec(
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(new ExtensionRequest("pg_trgm", null)),
                        schemas.length == 0 ? null : List.of(schemas),
                        List.of(Specs.OWNER, Specs.READER),
                        null))
                .ownerMayCreateSchemas(ownerMayCreateSchemas);
        claim.applyOnce("app");
        claims.add(claim);
        return claim;
    }

    private Map<String, String> login(TestClaim claim) {
        return Map.of(
                "PGHOST", ground.postgres().host(),
                "PGPORT", Integer.toString(ground.postgres().port()),
                "PGDATABASE", claim.names().database(),
                "PGUSER", claim.login("app"),
                "PGPASSWORD", claim.secrets.get("app"),
                "PGSSLMODE", "disable");
    }

    private Map<String, String> prismaLogin(TestClaim claim) {
        var login = new HashMap<>(login(claim));
        login.put("CHECKPOINT_DISABLE", "1");
        login.put("PRISMA_HIDE_UPDATE_MESSAGE", "1");
        return login;
    }

    /** A new one, below the packages that it uses. */
    private static Path project(Path below) throws Exception {
        return Files.createTempDirectory(below, "project");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.testenv.PostgresLogin;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layout and the habits that many a script has: the application's login owns the database, the admin connects with
 * the defaults of the driver, passwords are sent as they are. It is what the attacks have to succeed against.
 */
final class NaiveAdministration implements Administration {
    private final World world;
    private final PostgresLogin admin;

    NaiveAdministration(World world, PostgresLogin admin) {
        this.world = world;
        this.admin = admin;
    }

    private final class Team extends Tenant {
        private final String name;
        private String password;

        private Team(String name, String password) {
            super(world.postgres());
            this.name = name;
            this.password = password;
        }

        @Override
        String database() {
            return name;
        }

        @Override
        String login() {
            return name;
        }

        @Override
        String password() {
            return password;
        }

        @Override
        List<String> roles() {
            return List.of(name);
        }

        @Override
        String owner() {
            return name;
        }
    }

    private Connection connect(String database) throws SQLException {
        return world.postgres().connect(database, admin);
    }

    private @Nullable String trouble(String database, String... statements) {
        try (var connection = connect(database)) {
            for (var statement : statements) {
                Sql.first(connection, statement);
            }
            return null;
        } catch (SQLException e) {
            return Sql.words(e);
        }
    }

    private void must(String database, String... statements) {
        var trouble = trouble(database, statements);
        if (trouble != null) {
            throw new IllegalStateException(String.join("; ", statements) + ": " + trouble);
        }
    }

    @Override
    public Tenant provide(String name) {
        var team = new Team("naive_" + name, "naive-pw-" + name);
        var id = Sql.id(team.name);
        must(
                "postgres",
                "CREATE ROLE " + id + " LOGIN PASSWORD " + Sql.lit(team.password),
                "GRANT " + id + " TO " + Sql.id(admin.name()),
                "CREATE DATABASE " + id + " OWNER " + id);
        return team;
    }

    @Override
    public @Nullable String visit(Tenant tenant, Habit habit) {
        try (var connection = connect(tenant.database())) {
            switch (habit) {
                case CONNECTS -> Sql.first(connection, "SELECT 1");
                case LOOKS_UP -> looksUp(connection, tenant);
                case READS -> reads(connection);
                case WRITES -> writes(connection);
                case READS_AS_TENANT -> {
                    Sql.first(connection, "SET ROLE " + Sql.id(tenant.login()));
                    reads(connection);
                    Sql.first(connection, "RESET ROLE");
                }
                case MAKES_SCHEMA -> Sql.first(connection, "CREATE SCHEMA monitoring");
                case LEAVES_HELPERS ->
                    Sql.first(
                            connection,
                            "CREATE FUNCTION public.user_search(text) RETURNS SETOF oid LANGUAGE sql SECURITY DEFINER"
                                    + " AS 'SELECT oid FROM pg_roles WHERE rolname = $1'");
                case LOCKS -> Sql.first(connection, "SET lock_timeout = '1s'; SELECT pg_advisory_lock(42)");
            }
            return null;
        } catch (SQLException e) {
            return Sql.words(e);
        }
    }

    private static void looksUp(Connection connection, Tenant tenant) throws SQLException {
        try (var query = connection.prepareStatement("SELECT oid FROM pg_database WHERE datname = ?")) {
            query.setString(1, tenant.database());
            query.executeQuery().next();
        }
    }

    private static void reads(Connection connection) throws SQLException {
        var relations = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT c.oid::regclass FROM pg_catalog.pg_class c WHERE relnamespace = 'public'::regnamespace"
                                + " AND relkind IN ('r', 'v', 'm')")) {
            while (rows.next()) {
                relations.add(rows.getString(1));
            }
        }
        for (var relation : relations) {
            Sql.first(connection, "SELECT * FROM " + relation);
        }
    }

    private static void writes(Connection connection) throws SQLException {
        Sql.first(connection, "INSERT INTO public.heartbeat (beat) VALUES ('now')");
    }

    @Override
    public @Nullable String request(Tenant tenant, Wish wish, String words) {
        var login = Sql.id(tenant.login());
        return switch (wish) {
            case SCHEMA -> trouble(tenant.database(), "CREATE SCHEMA \"%s\"".formatted(words));
            case PARAMETER ->
                trouble(
                        tenant.database(),
                        "ALTER ROLE %s SET application_name = '%s'".formatted(login, words.replace("'", "''")));
            case EXTENSION -> trouble(tenant.database(), "CREATE EXTENSION \"%s\"".formatted(words));
            case EXTENSION_VERSION ->
                trouble(tenant.database(), "CREATE EXTENSION hstore VERSION '%s'".formatted(words.replace("'", "''")));
            case ROLE ->
                trouble(
                        "postgres",
                        words.equals(words.toUpperCase(java.util.Locale.ROOT))
                                ? "ALTER ROLE %s %s".formatted(login, words)
                                : "GRANT %s TO %s".formatted(Sql.id(words), login));
        };
    }

    @Override
    public @Nullable String resetPassword(Tenant tenant) {
        var team = (Team) tenant;
        var next = team.password + "-next";
        var trouble = trouble(team.database(), "ALTER ROLE " + Sql.id(team.name) + " PASSWORD " + Sql.lit(next));
        if (trouble == null) {
            team.password = next;
        }
        return trouble;
    }

    @Override
    public @Nullable String close(Tenant tenant) {
        return trouble("postgres", "ALTER ROLE " + Sql.id(tenant.login()) + " NOLOGIN");
    }

    @Override
    public @Nullable String remove(Tenant tenant) {
        return trouble("postgres", "DROP DATABASE " + Sql.id(tenant.database()));
    }

    @Override
    public String admin() {
        return admin.name();
    }
}

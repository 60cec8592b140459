// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.ServerFacts;
import dev.howdah.plan.Step;
import java.util.ArrayList;
import java.util.List;

/** Renders steps. One statement a list entry; the executor decides how they travel. */
final class StepSql {
    /** Each is waited for: what it made until then is to be seen by the next step. */
    private static final String END = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE ";

    private final ServerFacts server;
    private final LedgerSql ledger;
    private final TakeoverSql takeover;

    StepSql(ServerFacts server, LedgerSql ledger) {
        this.server = server;
        this.ledger = ledger;
        this.takeover = new TakeoverSql(server);
    }

    /** The statements of steps that share a transaction, each under the role it names, and that role asserted. */
    List<String> transaction(List<Step> steps) {
        var statements = new ArrayList<String>();
        String current = null;
        for (var step : steps) {
            var wanted = step.runAs();
            if (!java.util.Objects.equals(current, wanted)) {
                statements.addAll(become(wanted));
                current = wanted;
            }
            statements.addAll(statements(step));
        }
        if (current != null) {
            statements.addAll(become(null));
        }
        return statements;
    }

    private List<String> become(@org.jspecify.annotations.Nullable String role) {
        return role == null
                ? List.of("SET LOCAL ROLE NONE", assertUser(server.admin()))
                : List.of("SET LOCAL ROLE " + id(role), assertUser(role));
    }

    /** Fails the transaction, naming the role, unless the session is who it should be. */
    static String assertUser(String role) {
        return "SELECT CASE WHEN current_user <> " + lit(role)
                + " THEN ('howdah: current_user is ' || current_user)::int END";
    }

    List<String> statements(Step step) {
        return switch (step) {
            case Step.ReserveClaim s -> ledger.reserve(s);
            case Step.AdoptClaim s -> List.of(ledger.adopt(s));
            case Step.RebindClaim s -> List.of(ledger.rebind(s));
            case Step.RecordReservation s -> List.of(ledger.reservation(s));
            case Step.ForgetRoles s -> List.of(ledger.forgetRoles(s));
            case Step.RecordAccepted s -> List.of(ledger.accepted(s));
            case Step.RecordLogin s -> List.of(ledger.login(s));
            case Step.ForgetLogin s -> List.of(ledger.forgetLogin(s));
            case Step.RecordRetained s -> List.of(ledger.retained(s));
            case Step.RecordDropping s -> List.of(ledger.dropping(s));
            case Step.ForgetClaim s -> ledger.forget(s);

            case Step.CreateRole s ->
                List.of("CREATE ROLE " + id(s.role()) + " NOLOGIN CONNECTION LIMIT " + (s.login() ? 0 : -1));
            case Step.AlterLogin s -> List.of(alterLogin(s));
            case Step.GrantRole s ->
                List.of("GRANT " + id(s.group()) + " TO " + id(s.member())
                        + (server.membershipOptions()
                                ? " WITH INHERIT " + (s.inherit() ? "TRUE" : "FALSE") + ", SET TRUE"
                                : ""));
            case Step.RevokeRole s -> List.of("REVOKE " + id(s.group()) + " FROM " + id(s.member()));
            case Step.RevokeMembership s ->
                List.of("REVOKE " + id(s.group()) + " FROM " + id(s.member())
                        + (server.membershipOptions() ? " GRANTED BY " + id(s.grantor()) : "") + " CASCADE");
            case Step.TakeAttribute s ->
                List.of("ALTER ROLE " + id(s.role()) + " " + s.attribute().taken());
            case Step.ResetRoleSettings s ->
                List.of("ALTER ROLE " + id(s.role())
                        + (s.database().isEmpty() ? "" : " IN DATABASE " + id(s.database())) + " RESET ALL");
            case Step.SetRoleSetting s ->
                List.of("ALTER ROLE " + id(s.role()) + " IN DATABASE " + id(s.database()) + " SET " + id(s.setting())
                        + " TO " + Quoting.identifiers(s.values()));
            case Step.ResetRoleSetting s ->
                List.of("ALTER ROLE " + id(s.role()) + " IN DATABASE " + id(s.database()) + " RESET "
                        + id(s.setting()));
            case Step.EndSessions s ->
                s.roles().stream().flatMap(role -> endSessions(role).stream()).toList();
            case Step.EndDatabaseSessions s ->
                List.of(END + "datname = " + lit(s.database()) + " AND pid <> pg_backend_pid()");
            case Step.DropRoles s -> dropRoles(s.roles());

            case Step.CreateDatabase s -> List.of(createDatabase(s));
            case Step.RevokePublic s -> List.of("REVOKE ALL ON DATABASE " + id(s.database()) + " FROM PUBLIC");
            case Step.GrantOnDatabase s ->
                List.of("GRANT " + String.join(", ", s.privileges()) + " ON DATABASE " + id(s.database()) + " TO "
                        + id(s.grantee()));
            case Step.RevokeOnDatabase s ->
                List.of("REVOKE " + String.join(", ", s.privileges()) + " ON DATABASE " + id(s.database()) + " FROM "
                        + id(s.grantee()));
            case Step.RevokeAllOnDatabase s ->
                List.of("REVOKE ALL ON DATABASE " + id(s.database()) + " FROM " + id(s.grantee()) + " CASCADE");
            case Step.TakeDatabaseBack s ->
                List.of("ALTER DATABASE " + id(s.database()) + " OWNER TO " + id(s.databaseRole()));
            case Step.TakeSchemaBack s -> List.of("ALTER SCHEMA " + id(s.schema()) + " OWNER TO " + id(s.owner()));
            case Step.SetConnectionLimit s ->
                List.of("ALTER DATABASE " + id(s.database()) + " CONNECTION LIMIT " + s.limit());
            case Step.SetDatabaseParameter s ->
                aboutParameter(s, "SET " + id(s.parameter()) + " TO " + literals(s.values()));
            case Step.ResetDatabaseParameter s -> aboutParameter(s, "RESET " + id(s.parameter()));
            case Step.RefuseConnections s -> List.of("ALTER DATABASE " + id(s.database()) + " ALLOW_CONNECTIONS false");
            case Step.AllowConnections s -> List.of("ALTER DATABASE " + id(s.database()) + " ALLOW_CONNECTIONS true");
            case Step.DropDatabase s -> List.of("DROP DATABASE " + id(s.database()));

            case Step.DropTemplatePublicSchema s -> List.of("DROP SCHEMA public");
            case Step.CreateSchema s -> List.of("CREATE SCHEMA " + id(s.schema()) + " AUTHORIZATION " + id(s.owner()));
            case Step.CreateExtensionsSchema s -> List.of("CREATE SCHEMA " + id(s.schema()));
            case Step.CreateExtension s ->
                List.of("CREATE EXTENSION " + id(s.extension())
                        + (s.schema() == null ? "" : " SCHEMA " + id(s.schema()))
                        + (s.version() == null ? "" : " VERSION " + lit(s.version())));
            case Step.UpdateExtension s ->
                List.of("ALTER EXTENSION " + id(s.extension()) + " UPDATE TO " + lit(s.version()));
            case Step.DropExtensionIfUnused s ->
                List.of(
                        "DO "
                                + lit(
                                        "BEGIN DROP EXTENSION " + id(s.extension())
                                                + "; EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN NULL; END"));
            case Step.GrantSchemaUsage s ->
                List.of("GRANT USAGE ON SCHEMA " + id(s.schema()) + " TO " + id(s.grantee()));
            case Step.SetDefaultPrivileges s ->
                List.of("ALTER DEFAULT PRIVILEGES FOR ROLE " + id(s.owner())
                        + " GRANT " + String.join(", ", s.privileges()) + " ON " + word(s.kind()) + " TO "
                        + id(s.grantee()));
            case Step.GrantOnExisting s -> List.of(BackFill.sql(s));
            case Step.HandOver s -> handOver(s);
            case Step.AdmitToDatabase s -> takeover.admit(s);
            case Step.TakeDatabase s -> takeover.take(s);
            case Step.TakeObject s -> takeover.take(s);
        };
    }

    private String alterLogin(Step.AlterLogin s) {
        var credential = s.credential();
        return "ALTER ROLE " + id(s.role()) + (s.open() ? " LOGIN" : " NOLOGIN") + " CONNECTION LIMIT "
                + s.connectionLimit()
                + (credential == null ? "" : " PASSWORD " + lit(credential.secret()));
    }

    /** Ending another role's sessions needs membership in it, or superuser. */
    private List<String> endSessions(String role) {
        var end = END + "usename = " + lit(role) + " AND pid <> pg_backend_pid()";
        return server.superuser() ? List.of(end) : asMember(role, List.of(end));
    }

    private List<String> handOver(Step.HandOver s) {
        var move = List.of(
                "REASSIGN OWNED BY " + id(s.login()) + " TO " + id(s.owner()), "DROP OWNED BY " + id(s.login()));
        if (server.superuser()) {
            return move;
        }
        if (s.member()) {
            return asMember(s.login(), move);
        }
        var statements = new ArrayList<String>();
        statements.add("GRANT " + id(s.owner()) + " TO " + id(s.login())
                + (server.membershipOptions() ? " WITH INHERIT TRUE, SET TRUE" : ""));
        statements.addAll(asMember(s.login(), move));
        statements.add("REVOKE " + id(s.owner()) + " FROM " + id(s.login()));
        return statements;
    }

    /** Runs statements as a role the admin made, through a membership that lasts just that long. */
    private List<String> asMember(String role, List<String> statements) {
        var all = new ArrayList<String>();
        all.add("GRANT " + id(role) + " TO " + id(server.admin())
                + (server.membershipOptions() ? " WITH INHERIT FALSE, SET TRUE" : ""));
        all.addAll(become(role));
        all.addAll(statements);
        all.addAll(become(null));
        all.add("REVOKE " + id(role) + " FROM " + id(server.admin()));
        return all;
    }

    /**
     * Of a database that is its owner role's, the admin sets what that role may not. From 16 on it has the rights of an
     * owner only while its membership is inherited.
     */
    private List<String> aboutParameter(Step.AboutParameter s, String change) {
        var alter = "ALTER DATABASE " + id(s.database()) + " " + change;
        if (!s.privileged() || server.superuser() || !server.membershipOptions()) {
            return List.of(alter);
        }
        var membership = "GRANT " + id(s.databaseRole()) + " TO " + id(server.admin()) + " WITH INHERIT ";
        return List.of(membership + "TRUE, SET TRUE", alter, membership + "FALSE, SET TRUE");
    }

    private static String literals(List<String> values) {
        return values.isEmpty()
                ? "''"
                : values.stream().map(StepSql::lit).collect(java.util.stream.Collectors.joining(", "));
    }

    /** Answers with those that are left. */
    private static List<String> dropRoles(List<String> roles) {
        var statements = new ArrayList<String>();
        for (var role : roles) {
            statements.add("DO "
                    + lit("BEGIN DROP ROLE " + id(role)
                            + "; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END"));
        }
        statements.add("SELECT json_agg(rolname ORDER BY rolname)::text FROM pg_roles WHERE rolname = ANY ("
                + Quoting.texts(roles) + ")");
        return statements;
    }

    private static String createDatabase(Step.CreateDatabase s) {
        var locale = s.locale();
        var options = switch (locale.provider()) {
            case "builtin" -> " LOCALE_PROVIDER builtin BUILTIN_LOCALE " + lit(locale.name()) + " LOCALE 'C'";
            case "icu" -> " LOCALE_PROVIDER icu ICU_LOCALE " + lit(locale.name()) + " LOCALE 'C'";
            default -> " LOCALE_PROVIDER libc LOCALE " + lit(locale.name());
        };
        // Nobody gets in before PUBLIC is revoked: the limit of 0 holds for all but superusers until it is set.
        return "CREATE DATABASE " + id(s.database()) + " OWNER " + id(s.owner()) + " TEMPLATE template0 ENCODING "
                + lit(locale.encoding()) + options + " CONNECTION LIMIT 0";
    }

    private static String word(Step.ObjectKind kind) {
        return switch (kind) {
            case Tables -> "TABLES";
            case Sequences -> "SEQUENCES";
            case Functions -> "FUNCTIONS";
            case Types -> "TYPES";
            case Schemas -> "SCHEMAS";
        };
    }

    private static String id(String name) {
        return Quoting.identifier(name);
    }

    private static String lit(String text) {
        return Quoting.literal(text);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.Finding.Kind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something a colleague with psql does to a claim, and what comes of it.
 *
 * @param what for people
 * @param inside whether it is done, and found, in the claim's database: by the daily look
 * @param sql as a superuser, with {@code {db}} for the database, {@code {admin}} for the admin
 * @param kind of what is found
 * @param plain whether an admin without superuser puts it right
 */
record DriftCase(String what, boolean inside, String sql, Kind kind, Plain plain) {
    /** What an admin with CREATEDB and CREATEROLE does about it. */
    enum Plain {
        REPAIRS("put right"),
        NEEDS_SUPERUSER("told, with the statement"),
        NEEDS_SUPERUSER_SINCE_16("15: put right; 16 and later: told, with the statement"),
        NOT_SEEN("seen by the daily probe");

        private final String words;

        Plain(String words) {
            this.words = words;
        }
    }

    boolean repairedBy(Ground ground) {
        return ground.kind() == AdminKind.SUPERUSER
                || plain == Plain.REPAIRS
                || (plain == Plain.NEEDS_SUPERUSER_SINCE_16 && ground.postgres().major() < 16);
    }

    boolean seenBy(Ground ground) {
        return ground.kind() == AdminKind.SUPERUSER || plain != Plain.NOT_SEEN;
    }

    static final List<DriftCase> ALL = List.of(
            at("a login is dropped", "DROP ROLE {db}_worker_a", Kind.ROLE, Plain.REPAIRS),
            at("a login is closed (`NOLOGIN`)", "ALTER ROLE {db}_app_a NOLOGIN", Kind.ROLE, Plain.REPAIRS),
            at(
                    "a login gets another connection limit",
                    "ALTER ROLE {db}_app_a CONNECTION LIMIT 1",
                    Kind.ROLE,
                    Plain.REPAIRS),
            at("the idle login is opened", "ALTER ROLE {db}_app_b LOGIN", Kind.ROLE, Plain.REPAIRS),
            at("a group is made a login", "ALTER ROLE {db}_readonly LOGIN", Kind.ROLE, Plain.REPAIRS),
            at(
                    "a login expires (`VALID UNTIL`)",
                    "ALTER ROLE {db}_app_a VALID UNTIL '2020-01-01'",
                    Kind.ATTRIBUTE,
                    Plain.REPAIRS),
            at("a role gets `CREATEDB`", "ALTER ROLE {db}_app_a CREATEDB", Kind.ATTRIBUTE, Plain.REPAIRS),
            at("a role gets `CREATEROLE`", "ALTER ROLE {db}_app_a CREATEROLE", Kind.ATTRIBUTE, Plain.REPAIRS),
            at("a role gets `NOINHERIT`", "ALTER ROLE {db}_report_a NOINHERIT", Kind.ATTRIBUTE, Plain.REPAIRS),
            at("a role gets `SUPERUSER`", "ALTER ROLE {db}_app_a SUPERUSER", Kind.ATTRIBUTE, Plain.NEEDS_SUPERUSER),
            at("a role gets `BYPASSRLS`", "ALTER ROLE {db}_app_a BYPASSRLS", Kind.ATTRIBUTE, Plain.NEEDS_SUPERUSER),
            at("a role gets `REPLICATION`", "ALTER ROLE {db}_app_a REPLICATION", Kind.ATTRIBUTE, Plain.NEEDS_SUPERUSER),
            at(
                    "a login is taken out of its group",
                    "SET ROLE {admin}; REVOKE {db}_readonly FROM {db}_report_a",
                    Kind.MEMBERSHIP,
                    Plain.REPAIRS),
            at(
                    "a login is put into another group of the claim",
                    "GRANT {db}_owner TO {db}_report_a",
                    Kind.MEMBERSHIP,
                    Plain.NEEDS_SUPERUSER_SINCE_16),
            at(
                    "a login is put into `pg_read_all_data`",
                    "GRANT pg_read_all_data TO {db}_app_a",
                    Kind.MEMBERSHIP,
                    Plain.NEEDS_SUPERUSER_SINCE_16),
            at(
                    "a role from outside is put into a group",
                    "GRANT {db}_readonly TO stranger",
                    Kind.MEMBERSHIP,
                    Plain.NEEDS_SUPERUSER_SINCE_16),
            at(
                    "the admin itself put a role from outside into a group",
                    "SET ROLE {admin}; GRANT {db}_readonly TO stranger",
                    Kind.MEMBERSHIP,
                    Plain.REPAIRS),
            at("`CONNECT` is granted to PUBLIC", "GRANT CONNECT ON DATABASE {db} TO PUBLIC", Kind.GRANT, Plain.REPAIRS),
            at(
                    "a role from outside may connect, and let others",
                    "GRANT CONNECT ON DATABASE {db} TO stranger WITH GRANT OPTION; SET ROLE stranger; GRANT CONNECT ON DATABASE {db} TO other_stranger",
                    Kind.GRANT,
                    Plain.REPAIRS),
            at("a login may make schemas", "GRANT CREATE ON DATABASE {db} TO {db}_app_a", Kind.GRANT, Plain.REPAIRS),
            at(
                    "a group loses `CONNECT`",
                    "REVOKE CONNECT ON DATABASE {db} FROM {db}_readonly",
                    Kind.GRANT,
                    Plain.REPAIRS),
            at(
                    "the database's role loses its own rights",
                    "REVOKE ALL ON DATABASE {db} FROM {db}_database",
                    Kind.GRANT,
                    Plain.REPAIRS),
            at(
                    "the database is given to another role",
                    "ALTER DATABASE {db} OWNER TO stranger",
                    Kind.OWNER,
                    Plain.NEEDS_SUPERUSER),
            at("the connection limit is changed", "ALTER DATABASE {db} CONNECTION LIMIT 99", Kind.LIMIT, Plain.REPAIRS),
            at(
                    "the database takes no connections",
                    "ALTER DATABASE {db} ALLOW_CONNECTIONS false",
                    Kind.DATABASE,
                    Plain.REPAIRS),
            at(
                    "a parameter is set on the database",
                    "ALTER DATABASE {db} SET statement_timeout = 5",
                    Kind.SETTING,
                    Plain.REPAIRS),
            at("a parameter of the claim is reset", "ALTER DATABASE {db} RESET work_mem", Kind.SETTING, Plain.REPAIRS),
            at(
                    "a superuser's parameter is set on the database",
                    "ALTER DATABASE {db} SET log_statement = 'none'",
                    Kind.SETTING,
                    Plain.NEEDS_SUPERUSER),
            at(
                    "a parameter is set on a login",
                    "ALTER ROLE {db}_app_a SET statement_timeout = 5",
                    Kind.SETTING,
                    Plain.REPAIRS),
            at(
                    "a parameter is set on a login for its database",
                    "ALTER ROLE {db}_app_a IN DATABASE {db} SET work_mem = '1GB'",
                    Kind.SETTING,
                    Plain.REPAIRS),
            at(
                    "a parameter is set on a login for another database",
                    "ALTER ROLE {db}_app_a IN DATABASE postgres SET work_mem = '1GB'",
                    Kind.SETTING,
                    Plain.REPAIRS),
            at(
                    "a superuser's parameter is set on a login",
                    "ALTER ROLE {db}_app_a SET log_statement = 'none'",
                    Kind.SETTING,
                    Plain.NEEDS_SUPERUSER),
            at(
                    "a login's `search_path` is changed",
                    "ALTER ROLE {db}_app_a IN DATABASE {db} SET search_path = stranger",
                    Kind.SETTING,
                    Plain.REPAIRS),
            at(
                    "a login's `role` is reset",
                    "ALTER ROLE {db}_app_a IN DATABASE {db} RESET role",
                    Kind.SETTING,
                    Plain.REPAIRS),
            at("a password is changed", "ALTER ROLE {db}_app_a PASSWORD 'by hand'", Kind.PASSWORD, Plain.NOT_SEEN),
            in("a schema of the claim is dropped", "DROP SCHEMA audit", Kind.SCHEMA, Plain.REPAIRS),
            in(
                    "a schema is given to another role",
                    "ALTER SCHEMA audit OWNER TO stranger",
                    Kind.SCHEMA,
                    Plain.NEEDS_SUPERUSER),
            in(
                    "a group loses `USAGE` of a schema",
                    "REVOKE USAGE ON SCHEMA audit FROM {db}_readonly",
                    Kind.SCHEMA,
                    Plain.REPAIRS),
            in(
                    "default privileges are taken away",
                    "ALTER DEFAULT PRIVILEGES FOR ROLE {db}_owner REVOKE SELECT ON TABLES FROM {db}_readonly",
                    Kind.SCHEMA,
                    Plain.REPAIRS),
            in("an extension is dropped", "DROP EXTENSION hstore", Kind.EXTENSION, Plain.REPAIRS));

    private static DriftCase at(String what, String sql, Kind kind, Plain plain) {
        return new DriftCase(what, false, sql, kind, plain);
    }

    private static DriftCase in(String what, String sql, Kind kind, Plain plain) {
        return new DriftCase(what, true, sql, kind, plain);
    }

    /** The table of docs/drift.md. */
    static String table() {
        return "| by hand | found by | a superuser admin | a `CREATEDB CREATEROLE` admin |\n|---|---|---|---|\n"
                + ALL.stream()
                        .map(each -> "| %s | %s | put right | %s |"
                                .formatted(each.what, each.inside ? "the daily look" : "the sweep", each.plain.words))
                        .collect(Collectors.joining("\n"));
    }

    @Override
    public String toString() {
        return what;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.ServerLog;
import dev.howdah.attack.Administration.Habit;
import dev.howdah.attack.Administration.Wish;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An attacker, its neighbour, and whoever administers both; remembers what was gained. */
final class Scene {
    static final String SECRET = "the neighbour's secret";

    final World world;
    final Administration administration;
    final Tenant attacker;
    final Tenant victim;
    /** Whether this is the control. */
    final boolean naive;

    private final ServerLog log;
    private final List<String> gains = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();

    Scene(World world, Administration administration, Tenant attacker, Tenant victim, boolean naive) {
        this.world = world;
        this.administration = administration;
        this.attacker = attacker;
        this.victim = victim;
        this.naive = naive;
        this.log = ServerLog.from(world.postgres());
    }

    List<String> gains() {
        return gains;
    }

    List<String> refusals() {
        return refusals;
    }

    /** Howdah, where it is not the control. */
    HowdahAdministration howdah() {
        return (HowdahAdministration) administration;
    }

    /** What the server logged since this began. */
    String log() {
        return log.text();
    }

    void gained(String what) {
        gains.add(what);
    }

    void refused(String what) {
        refusals.add(what);
    }

    /** Tries it as the attacker, and remembers a refusal. */
    boolean attempt(String sql) {
        return attemptIn(attacker.database(), sql);
    }

    boolean attemptIn(String database, String sql) {
        try (var connection = attacker.connect(database)) {
            return attempt(connection, sql);
        } catch (SQLException e) {
            refusals.add(Sql.words(e));
            return false;
        }
    }

    boolean attempt(Connection connection, String sql) {
        try {
            Sql.first(connection, sql);
            return true;
        } catch (SQLException e) {
            refusals.add(Sql.words(e));
            return false;
        }
    }

    /** Asks the administration for it, and remembers a refusal. */
    void request(Wish wish, String words) {
        var refusal = administration.request(attacker, wish, words);
        if (refusal != null) {
            refusals.add(refusal);
        }
    }

    /** What a statement that words have broken out of goes on with: the neighbour's role for the attacker. */
    String take() {
        return "; GRANT %s TO %s; --".formatted(Sql.id(victim.login()), Sql.id(attacker.login()));
    }

    /** What is a gain if it works at all. */
    void forbidden(String sql) {
        if (attempt(sql)) {
            gained("may run: " + sql);
        }
    }

    /**
     * A setting on the attacker's own database. Under Howdah it may not set one; so that the second wall is tried too, a DBA
     * does it in its place there.
     */
    void setOnDatabase(String setting) {
        var alter = "ALTER DATABASE " + Sql.id(attacker.database()) + " SET " + setting;
        if (attempt(alter)) {
            if (!naive) {
                gained("may set on its database: " + setting);
            }
        } else if (!naive) {
            world.dba("postgres", alter);
        }
    }

    /** The administration's work goes on, and had better come off. */
    void visit(Habit habit) {
        visit(attacker, habit);
    }

    void visit(Tenant tenant, Habit habit) {
        var trouble = administration.visit(tenant, habit);
        if (trouble != null) {
            gained("the administration is kept from its work: " + trouble);
        }
    }

    /** Code that takes whatever it can for the attacker, as whoever runs it. */
    String payload() {
        var takes = new StringBuilder();
        Stream.of("RESET SESSION AUTHORIZATION", "RESET ROLE").forEach(sql -> takes.append(tried(sql)));
        var me = Sql.id(attacker.login());
        takes.append(tried("ALTER ROLE " + me + " SUPERUSER"));
        takes.append(tried("ALTER ROLE " + me + " CREATEROLE CREATEDB"));
        victim.roles().forEach(role -> takes.append(tried("GRANT " + Sql.id(role) + " TO " + me)));
        return "CREATE OR REPLACE FUNCTION public.gain() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $gain$ BEGIN "
                + "IF session_user <> " + Sql.lit(attacker.login()) + " OR current_user <> ALL ("
                + Sql.array(attacker.roles())
                + ") THEN RAISE LOG '" + planted()
                + " % in a session of %', current_user, session_user;\n" + takes
                + "END IF; RETURN true; END $gain$;\n";
    }

    private String planted() {
        return "planted in " + attacker.database() + ": runs as";
    }

    private static String tried(String sql) {
        return "BEGIN EXECUTE " + Sql.lit(sql) + "; EXCEPTION WHEN OTHERS THEN NULL; END;\n";
    }

    /** Rights that the attacker has and should not have, and sessions of others that ran its code. */
    void lookForGains() {
        var mine = Sql.array(attacker.roles());
        var rights = world.dba("postgres", """
                WITH RECURSIVE mine AS (SELECT oid, rolname, rolsuper FROM pg_roles WHERE rolname = ANY (%1$s)),
                  reached AS (SELECT oid FROM mine
                    UNION SELECT m.roleid FROM pg_auth_members m JOIN reached r ON m.member = r.oid)
                SELECT string_agg(what, '; ') FROM (
                  SELECT rolname || ' has' || CASE WHEN rolsuper THEN ' SUPERUSER' ELSE '' END
                      || CASE WHEN rolcreaterole THEN ' CREATEROLE' ELSE '' END
                      || CASE WHEN rolcreatedb THEN ' CREATEDB' ELSE '' END
                      || CASE WHEN rolreplication THEN ' REPLICATION' ELSE '' END
                      || CASE WHEN rolbypassrls THEN ' BYPASSRLS' ELSE '' END AS what
                    FROM pg_roles WHERE rolname = ANY (%1$s)
                      AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
                  UNION ALL
                  SELECT 'member of ' || rolname FROM pg_roles WHERE oid IN (SELECT oid FROM reached)
                    AND oid NOT IN (SELECT oid FROM mine)) AS gained""".formatted(mine));
        if (rights != null) {
            gained(rights);
        }
        log().lines()
                .filter(line -> line.contains("LOG:  " + planted()))
                .map(line -> "its code " + line.substring(line.indexOf("runs as")))
                .distinct()
                .forEach(this::gained);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.Brownfield;
import dev.howdah.plan.Contents;
import dev.howdah.plan.ServerFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is read of a database that somebody else made. Catalogs only; names come as PostgreSQL itself quotes them. Whatever
 * belongs to an extension stays the extension's.
 */
final class AdoptionSurvey {
    /** A message is for people. */
    private static final int MOST_STATEMENTS = 20;

    private static final String TENANT_SCHEMA = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

    /** Objects in a schema, in the order in which they may change hands. */
    static final String INSIDE = """
            WITH spaces AS (SELECT n.oid, n.nspname, n.nspowner, n.nspacl FROM pg_namespace n WHERE %1$s),
            found AS (
              SELECT 1 AS turn, 'pg_namespace'::regclass AS class, oid, nspowner AS owner, oid AS space, 'SCHEMA' AS kind
                FROM spaces
              UNION ALL SELECT CASE WHEN c.relkind IN ('v', 'm') THEN 4 WHEN c.relkind = 'S' THEN 3 ELSE 2 END,
                  'pg_class'::regclass, c.oid, c.relowner, c.relnamespace,
                  CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                    WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END
                FROM pg_class c WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
                  AND NOT (c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                    AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
              UNION ALL SELECT 5, 'pg_proc'::regclass, p.oid, p.proowner, p.pronamespace, 'ROUTINE' FROM pg_proc p
                WHERE NOT (p.prosecdef AND EXISTS (SELECT FROM pg_roles r WHERE r.oid = p.proowner AND r.rolsuper))
              UNION ALL SELECT 5, 'pg_type'::regclass, t.oid, t.typowner, t.typnamespace, 'TYPE' FROM pg_type t
                WHERE (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
                  AND t.typtype <> 'm' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
              UNION ALL SELECT 5, 'pg_collation'::regclass, oid, collowner, collnamespace, 'COLLATION' FROM pg_collation
              UNION ALL SELECT 5, 'pg_conversion'::regclass, oid, conowner, connamespace, 'CONVERSION' FROM pg_conversion
              UNION ALL SELECT 5, 'pg_operator'::regclass, oid, oprowner, oprnamespace, 'OPERATOR' FROM pg_operator
              UNION ALL SELECT 5, 'pg_opclass'::regclass, oid, opcowner, opcnamespace, 'OPERATOR CLASS' FROM pg_opclass
              UNION ALL SELECT 5, 'pg_opfamily'::regclass, oid, opfowner, opfnamespace, 'OPERATOR FAMILY' FROM pg_opfamily
              UNION ALL SELECT 5, 'pg_ts_config'::regclass, oid, cfgowner, cfgnamespace, 'TEXT SEARCH CONFIGURATION'
                FROM pg_ts_config
              UNION ALL SELECT 5, 'pg_ts_dict'::regclass, oid, dictowner, dictnamespace, 'TEXT SEARCH DICTIONARY'
                FROM pg_ts_dict
              UNION ALL SELECT 5, 'pg_statistic_ext'::regclass, oid, stxowner, stxnamespace, 'STATISTICS'
                FROM pg_statistic_ext),
            own AS (SELECT f.*, s.nspname FROM found f JOIN spaces s ON s.oid = f.space
              WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = f.class AND d.objid = f.oid
                AND d.deptype = 'e')),
            grantees AS (
              SELECT a.grantee FROM spaces, aclexplode(nspacl) a
              UNION SELECT a.grantee FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace, aclexplode(c.relacl) a
              UNION SELECT a.grantee FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
                JOIN spaces s ON s.oid = c.relnamespace, aclexplode(t.attacl) a
              UNION SELECT a.grantee FROM pg_proc p JOIN spaces s ON s.oid = p.pronamespace, aclexplode(p.proacl) a
              UNION SELECT a.grantee FROM pg_default_acl d, aclexplode(d.defaclacl) a
              UNION SELECT d.defaclrole FROM pg_default_acl d)
            SELECT json_build_object(
              'objects', (SELECT coalesce(json_agg(json_build_object('kind', kind,
                  'identity', (pg_identify_object(class, oid, 0)).identity, 'schema', nspname,
                  'owner', pg_get_userbyid(owner)) ORDER BY turn, oid), '[]') FROM own),
              'schemas', (SELECT coalesce(json_object_agg(nspname, pg_get_userbyid(nspowner)), '{}') FROM spaces),
              'extensions', (SELECT coalesce(json_object_agg(e.extname, json_build_object('version', e.extversion,
                  'schema', n.nspname, 'holdsRows', true)), '{}')
                FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'),
              'users', (SELECT coalesce(json_agg(DISTINCT r.rolname), '[]') FROM grantees g
                JOIN pg_roles r ON r.oid = g.grantee),
              'others', (SELECT coalesce(json_agg(what ORDER BY what), '[]') FROM (
                SELECT format('publication %%s of %%s', pubname, pg_get_userbyid(pubowner)) AS what FROM pg_publication
                UNION ALL SELECT format('event trigger %%s of %%s', evtname, pg_get_userbyid(evtowner))
                  FROM pg_event_trigger
                UNION ALL SELECT format('foreign server %%s of %%s', srvname, pg_get_userbyid(srvowner))
                  FROM pg_foreign_server
                UNION ALL SELECT format('large objects of %%s', pg_get_userbyid(lomowner)) FROM pg_largeobject_metadata
                  GROUP BY lomowner
                UNION ALL SELECT format('default privileges of %%s: they are for what it makes itself',
                  pg_get_userbyid(defaclrole)) FROM pg_default_acl GROUP BY defaclrole
                UNION ALL SELECT format('SECURITY DEFINER function %%s of superuser %%s: have a look at it',
                  (pg_identify_object('pg_proc'::regclass, p.oid, 0)).identity, r.rolname)
                  FROM pg_proc p JOIN spaces s ON s.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
                  WHERE p.prosecdef AND r.rolsuper AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')) AS o))::text
            """.formatted(TENANT_SCHEMA);

    /** Read from the ledger's database, so that the one that asks is no session of it. */
    private static final String OUTSIDE = """
            SELECT json_build_object(
              'owner', pg_get_userbyid(d.datdba), 'template', d.datistemplate,
              'sessions', (SELECT count(*) FROM pg_stat_activity a WHERE a.datid = d.oid AND a.usesysid IS NOT NULL
                AND NOT (a.usename = session_user AND a.application_name ^@ 'howdah')),
              'users', (SELECT coalesce(json_agg(DISTINCT name), '[]') FROM (
                SELECT a.usename AS name FROM pg_stat_activity a WHERE a.datid = d.oid AND a.usename IS NOT NULL
                  AND NOT (a.usename = session_user AND a.application_name ^@ 'howdah')
                UNION SELECT r.rolname FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
                  WHERE s.setdatabase = d.oid
                UNION SELECT r.rolname FROM aclexplode(d.datacl) a JOIN pg_roles r ON r.oid = a.grantee
                  WHERE a.privilege_type = 'CONNECT') AS u),
              'roles', (SELECT json_object_agg(r.rolname, json_build_object('superuser', r.rolsuper,
                  'login', r.rolcanlogin, 'inherited', pg_has_role(session_user, r.oid, 'USAGE'),
                  'reachable', me.rolsuper OR pg_has_role(session_user, r.oid, 'USAGE')
                    OR (NOT r.rolsuper AND pg_has_role(session_user, r.oid, 'MEMBER WITH ADMIN OPTION'))
                    OR (NOT r.rolsuper AND me.rolcreaterole
                      AND current_setting('server_version_num')::int < 160000))) FROM pg_roles r))::text
            FROM pg_database d, pg_roles me WHERE d.datname = %s AND me.rolname = session_user""";

    private AdoptionSurvey() {}

    static String outside(String database) {
        return OUTSIDE.formatted(Quoting.literal(database));
    }

    static Brownfield read(String inside, String outside, String database, ServerFacts facts) {
        var in = Json.read(inside, InsideJson.class);
        var out = Json.read(outside, OutsideJson.class);
        var users = new TreeSet<>(in.users());
        users.addAll(out.users());
        var others = new ArrayList<>(in.others());
        return new Brownfield(
                out.owner(),
                out.template(),
                out.sessions(),
                in.objects(),
                others,
                Set.copyOf(users),
                new TreeMap<>(in.extensions()),
                new TreeMap<>(in.schemas()),
                out.roles(),
                ways(in, out, database, facts));
    }

    /** Of a superuser nobody else takes anything over: what that owns is handed on before. */
    private static Map<String, List<String>> ways(InsideJson in, OutsideJson out, String database, ServerFacts facts) {
        var ways = new HashMap<String, List<String>>();
        out.roles().forEach((name, role) -> {
            if (!role.reachable()) {
                ways.put(
                        name,
                        role.superuser()
                                ? handedOn(in, out, database, name, facts)
                                : List.of("GRANT " + Quoting.identifier(name) + " TO "
                                        + Quoting.identifier(facts.admin())
                                        + (facts.membershipOptions() ? " WITH INHERIT TRUE, SET TRUE" : "")));
            }
        });
        return ways;
    }

    private static List<String> handedOn(
            InsideJson in, OutsideJson out, String database, String superuser, ServerFacts facts) {
        var owner = out.roles().get(out.owner());
        var to = Quoting.identifier(owner == null || owner.superuser() ? facts.admin() : out.owner());
        var statements = new ArrayList<String>();
        if (out.owner().equals(superuser)) {
            statements.add("ALTER DATABASE " + Quoting.identifier(database) + " OWNER TO " + to);
        }
        in.objects().stream()
                .filter(object -> object.owner().equals(superuser))
                .limit(MOST_STATEMENTS)
                .forEach(object ->
                        statements.add("ALTER " + object.kind() + " " + object.identity() + " OWNER TO " + to));
        return statements;
    }

    record InsideJson(
            List<Brownfield.Owned> objects,
            Map<String, String> schemas,
            Map<String, Contents.Extension> extensions,
            List<String> users,
            List<String> others) {}

    record OutsideJson(
            String owner, boolean template, int sessions, List<String> users, Map<String, Brownfield.Role> roles) {}
}

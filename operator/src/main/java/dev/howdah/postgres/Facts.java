// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.Observed;
import dev.howdah.plan.Step;
import dev.howdah.plan.Surroundings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the shared catalogs say about a claim: one JSON document, the same for the look at one claim and for the sweep over
 * all, and always in the same order, so that two of them can be compared by a hash. A login may set what it likes on
 * itself, a gigabyte of it for every database of the server, so only the values that are ours are read, no more of them
 * than they can hold, and nothing at all of a row that is longer as it is stored than any of ours: unpacking it alone
 * would keep the look at all others waiting.
 */
final class Facts {
    /** Needs {@code t (uid, database, names)} and {@code o (oids)}. */
    private static final String DOCUMENT = """
            json_build_object(
              'roles', (SELECT coalesce(json_object_agg(r.rolname, json_build_object('login', r.rolcanlogin,
                  'connectionLimit', r.rolconnlimit) ORDER BY r.rolname), '{}') FROM pg_roles r WHERE r.oid = ANY (o.oids)),
              'attributes', (SELECT coalesce(json_object_agg(r.rolname, array_remove(ARRAY[
                    CASE WHEN r.rolsuper THEN 'Superuser' END, CASE WHEN r.rolcreaterole THEN 'CreateRole' END,
                    CASE WHEN r.rolcreatedb THEN 'CreateDatabase' END, CASE WHEN r.rolreplication THEN 'Replication' END,
                    CASE WHEN r.rolbypassrls THEN 'BypassRls' END, CASE WHEN NOT r.rolinherit THEN 'NoInherit' END,
                    CASE WHEN r.rolvaliduntil <> 'infinity' THEN 'Expiry' END], NULL) ORDER BY r.rolname), '{}')
                FROM pg_roles r WHERE r.oid = ANY (o.oids) AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb
                  OR r.rolreplication OR r.rolbypassrls OR NOT r.rolinherit OR r.rolvaliduntil <> 'infinity')),
              'memberships', (SELECT coalesce(json_agg(json_build_object('group', pg_get_userbyid(m.roleid),
                  'member', pg_get_userbyid(m.member), 'grantor', pg_get_userbyid(m.grantor), 'own', %2$s,
                  'inherit', coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true),
                  'set', coalesce((to_jsonb(m) ->> 'set_option')::boolean, true),
                  'creator', m.admin_option AND m.grantor = 10 AND to_jsonb(m) ->> 'inherit_option' = 'false'
                    AND to_jsonb(m) ->> 'set_option' = 'false'
                    AND EXISTS (SELECT FROM pg_roles u WHERE u.oid = m.member AND u.rolcreaterole))
                  ORDER BY m.roleid, m.member, m.grantor), '[]')
                FROM pg_auth_members m WHERE m.roleid = ANY (o.oids) OR m.member = ANY (o.oids)),
              'settings', (SELECT coalesce(json_agg(json_build_object('role', pg_get_userbyid(s.setrole), 'settings',
                  (SELECT coalesce(json_agg(left(e, 4096)), '[]') FROM unnest(s.setconfig) AS e
                    WHERE split_part(e, '=', 1) IN ('role', 'search_path'))) ORDER BY s.setrole), '[]')
                FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
                WHERE d.datname = t.database AND s.setrole = ANY (o.oids) AND pg_column_size(s.setconfig) <= 16384),
              'names', (SELECT coalesce(json_agg(json_build_object('role', pg_get_userbyid(s.setrole),
                  'database', coalesce((SELECT d.datname::text FROM pg_database d WHERE d.oid = s.setdatabase), ''),
                  'names', CASE WHEN pg_column_size(s.setconfig) > 16384 THEN json_build_array(%5$s)
                    ELSE (SELECT coalesce(json_agg(left(split_part(e, '=', 1), 64)), '[]')
                      FROM (SELECT e FROM unnest(s.setconfig) AS e LIMIT 64) AS few) END)
                  ORDER BY s.setrole, s.setdatabase), '[]')
                FROM pg_db_role_setting s WHERE s.setrole = ANY (o.oids)),
              'changedPasswords', %3$s,
              'lived', EXISTS (SELECT FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid
                WHERE d.datname = t.database AND s.refclassid = 'pg_authid'::regclass AND s.deptype = 'o'
                  AND s.refobjid = ANY (SELECT r.oid FROM pg_roles r WHERE r.oid = ANY (o.oids) AND %4$s)),
              'database', (SELECT json_build_object('owner', pg_get_userbyid(d.datdba), 'connectionLimit', d.datconnlimit,
                  'allowConnections', d.datallowconn,
                  'grants', (SELECT coalesce(json_agg(json_build_object(
                      'grantee', CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END,
                      'privilege', a.privilege_type)), '[]')
                    FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a),
                  'parameters', (SELECT coalesce(json_agg(left(e, 4096)), '[]')
                    FROM pg_db_role_setting s, unnest(s.setconfig) AS e WHERE s.setdatabase = d.oid AND s.setrole = 0))
                FROM pg_database d WHERE d.datname = t.database))
            FROM %1$s AS t CROSS JOIN LATERAL
              (SELECT coalesce(array_agg(r.oid), '{}') AS oids FROM pg_roles r WHERE r.rolname = ANY (t.names)) AS o""";

    private static final String CHANGED_PASSWORDS =
            """
            (SELECT coalesce(json_agg(a.rolname ORDER BY a.rolname), '[]') FROM howdah.login l
              JOIN pg_authid a ON a.oid = ANY (o.oids) AND %s
              WHERE l.claim_uid = t.uid AND l.verifier IS NOT NULL AND l.verifier IS DISTINCT FROM %s)""".formatted(RoleSql.isLogin("a.rolname", "l.access", "l.slot"), digest("a.rolpassword"));

    private Facts() {}

    /** What is kept of a verifier: enough to see that it is another one now. */
    static String digest(String verifier) {
        return "encode(sha256(convert_to(" + verifier + ", 'UTF8')), 'hex')";
    }

    /** Which roles of a list exist. */
    static String existing(List<String> roles) {
        return "(SELECT coalesce(json_agg(r.rolname ORDER BY r.rolname), '[]') FROM pg_roles r WHERE r.rolname = ANY ("
                + Quoting.texts(roles) + "))";
    }

    /** {@code SELECT} of one document for each row of {@code source}, which has uid, database and names. */
    static String select(String source, ServerInspection.ServerJson server) {
        var own = server.majorVersion() < 16
                ? "true"
                : server.superuser() ? "m.grantor = 10" : "pg_get_userbyid(m.grantor) = session_user";
        return "SELECT "
                + DOCUMENT.formatted(
                        source,
                        own,
                        server.readsPasswords() ? CHANGED_PASSWORDS : "'[]'::json",
                        RoleSql.endsWith("r.rolname", "'_owner'"),
                        Quoting.literal(Surroundings.Setting.UNREAD));
    }

    static Observed observed(
            FactsJson facts, @Nullable LedgerClaim row, String admin, Set<String> operators, Set<String> left) {
        var settings = new HashMap<String, Map<String, String>>();
        for (var setting : facts.settings()) {
            settings.put(setting.role(), keyValues(setting.settings()));
        }
        var memberships = new HashSet<Observed.Membership>();
        for (var held : facts.memberships()) {
            if (facts.roles().containsKey(held.group())
                    && (facts.roles().containsKey(held.member())
                            || held.member().equals(admin))) {
                memberships.add(new Observed.Membership(held.group(), held.member(), held.inherit(), held.set()));
            }
        }
        var database = facts.database();
        return new Observed(
                row,
                facts.roles(),
                memberships,
                settings,
                database == null
                        ? null
                        : new Observed.Database(
                                database.owner(),
                                database.connectionLimit(),
                                database.allowConnections(),
                                byGrantee(database.grants()),
                                keyValues(database.parameters())),
                new Surroundings(
                        facts.memberships().stream()
                                .map(held -> new Surroundings.Held(
                                        held.group(), held.member(), held.grantor(), held.own(), held.creator()))
                                .toList(),
                        facts.attributes(),
                        facts.names().stream()
                                .map(name -> new Surroundings.Setting(
                                        name.role(), name.database(), Set.copyOf(name.names())))
                                .toList(),
                        facts.changedPasswords(),
                        operators,
                        left,
                        facts.lived()));
    }

    static Map<String, String> keyValues(List<String> entries) {
        return entries.stream()
                .collect(Collectors.toMap(
                        entry -> entry.substring(0, entry.indexOf('=')),
                        entry -> entry.substring(entry.indexOf('=') + 1)));
    }

    static Map<String, Set<String>> byGrantee(List<Grant> grants) {
        return grants.stream().collect(groupingBy(Grant::grantee, mapping(Grant::privilege, toSet())));
    }

    record Grant(String grantee, String privilege) {}

    record FactsJson(
            Map<String, Observed.Role> roles,
            Map<String, Set<Step.Attribute>> attributes,
            List<HeldJson> memberships,
            List<SettingJson> settings,
            List<NamesJson> names,
            Set<String> changedPasswords,
            boolean lived,
            @Nullable DatabaseJson database) {}

    record HeldJson(
            String group, String member, String grantor, boolean own, boolean inherit, boolean set, boolean creator) {}

    record SettingJson(String role, List<String> settings) {}

    record NamesJson(String role, String database, List<String> names) {}

    record DatabaseJson(
            String owner, int connectionLimit, boolean allowConnections, List<Grant> grants, List<String> parameters) {}
}

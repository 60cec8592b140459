// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.howdah.plan.Contents;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.Observed;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is read from a server: always one JSON document a question, so that one round trip answers it. */
final class Catalogs {
    static final String PROBE = "SELECT 1";

    private static final String CLAIM_JSON = """
            json_build_object('uid', c.claim_uid, 'namespace', c.namespace, 'namespaceUid', c.namespace_uid,
              'name', c.name, 'database', c.database, 'roles', c.roles, 'state', c.state,
              'storage', c.storage, 'connections', c.connections, 'accepted', c.accepted, 'dropAfter', c.drop_after,
              'due', c.drop_after <= now(),
              'logins', (SELECT coalesce(json_object_agg(l.access, json_build_object('slot', l.slot,
                'fingerprint', l.fingerprint, 'rotated', l.rotated_at)), '{}') FROM howdah.login l
                WHERE l.claim_uid = c.claim_uid))""";

    /** Everything the ledger holds. */
    static final String LEDGER = "SELECT coalesce(json_agg(" + CLAIM_JSON + "), '[]')::text FROM howdah.claim c";

    /** The inside of a tenant's database. Catalogs only: nothing a tenant defined is read, cast or called. */
    static final String CONTENTS = """
            SELECT json_build_object(
              'schemas', (SELECT coalesce(json_object_agg(n.nspname, json_build_object(
                  'owner', pg_get_userbyid(n.nspowner),
                  'grants', (SELECT coalesce(json_agg(json_build_object(
                      'grantee', CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END,
                      'privilege', a.privilege_type)), '[]') FROM aclexplode(n.nspacl) a))), '{}')
                FROM pg_namespace n WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'),
              'extensions', (SELECT coalesce(json_object_agg(e.extname, json_build_object(
                  'version', e.extversion, 'schema', n.nspname,
                  'holdsRows', EXISTS (SELECT FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
                    WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
                      AND d.classid = 'pg_class'::regclass AND c.relkind IN ('r', 'p', 'm')
                      AND pg_relation_size(c.oid) > 0))), '{}')
                FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace),
              'defaultPrivileges', (SELECT coalesce(json_agg(d.defaclobjtype::text || ':' || pg_get_userbyid(a.grantee)
                  || ':' || a.privilege_type), '[]')
                FROM pg_default_acl d, aclexplode(d.defaclacl) a
                WHERE d.defaclnamespace = 0 AND d.defaclrole = to_regrole(%s)))::text""";

    private Catalogs() {}

    /** Who is in a database, in a line; workers that serve no role leave it by themselves. */
    static String sessionsIn(String database) {
        return "SELECT string_agg(DISTINCT usename::text || ' (pid ' || pid || ')', ', ') FROM pg_stat_activity WHERE datname = "
                + Quoting.literal(database) + " AND usesysid IS NOT NULL";
    }

    static String contents(String ownerGroup) {
        return CONTENTS.formatted(Quoting.literal(Quoting.identifier(ownerGroup)));
    }

    /**
     * One claim's row and its objects in the shared catalogs. A login may set what it likes on itself, megabytes of it, so
     * only the settings that are ours are read, and no more of them than they can hold.
     */
    static String observe(String uid, String database, List<String> roles, String admin) {
        return """
        WITH row AS (SELECT * FROM howdah.claim c WHERE c.claim_uid = %1$s OR c.database = %2$s
            ORDER BY (c.claim_uid = %1$s) DESC LIMIT 1),
          ours AS (SELECT r.oid, r.rolname, r.rolcanlogin, r.rolconnlimit FROM pg_roles r
            WHERE r.rolname = ANY (%3$s) OR r.rolname IN (SELECT unnest(roles) FROM row))
        SELECT json_build_object(
          'inRecovery', pg_is_in_recovery(),
          'epoch', (SELECT epoch FROM howdah.fence),
          'claim', (SELECT %5$s FROM row c),
          'roles', (SELECT coalesce(json_object_agg(rolname,
              json_build_object('login', rolcanlogin, 'connectionLimit', rolconnlimit)), '{}') FROM ours),
          'memberships', (SELECT coalesce(json_agg(json_build_object('group', g.rolname, 'member', u.rolname,
              'inherit', coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true),
              'set', coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))), '[]')
            FROM pg_auth_members m JOIN ours g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
            WHERE u.oid IN (SELECT oid FROM ours) OR u.rolname = %4$s),
          'settings', (SELECT coalesce(json_agg(json_build_object('role', o.rolname, 'settings',
              (SELECT coalesce(json_agg(left(e, 4096)), '[]') FROM unnest(s.setconfig) AS e
                WHERE split_part(e, '=', 1) IN ('role', 'search_path')))), '[]')
            FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase JOIN ours o ON o.oid = s.setrole
            WHERE d.datname = %2$s),
          'database', (SELECT json_build_object('owner', pg_get_userbyid(d.datdba), 'connectionLimit', d.datconnlimit,
              'allowConnections', d.datallowconn,
              'grants', (SELECT coalesce(json_agg(json_build_object(
                  'grantee', CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END,
                  'privilege', a.privilege_type)), '[]')
                FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a),
              'parameters', (SELECT coalesce(json_agg(left(e, 4096)), '[]')
                FROM pg_db_role_setting s, unnest(s.setconfig) AS e WHERE s.setdatabase = d.oid AND s.setrole = 0))
            FROM pg_database d WHERE d.datname = %2$s))::text""".formatted(
                        Quoting.literal(uid),
                        Quoting.literal(database),
                        Quoting.texts(roles),
                        Quoting.literal(admin),
                        CLAIM_JSON);
    }

    /** A session that was found in its epoch stays in it: the next leader waits for the lock it holds. */
    static Observed observed(String json, long epoch) {
        var read = Json.read(json, ObservedJson.class);
        if (read.epoch() != epoch) {
            throw SqlFailure.fencedOut(read.epoch());
        }
        if (read.inRecovery()) {
            throw new ServerRefused(dev.howdah.api.v1alpha1.Reason.NotPrimary, "the server has become a standby", null);
        }
        var settings = new HashMap<String, Map<String, String>>();
        for (var setting : read.settings()) {
            settings.put(setting.role(), keyValues(setting.settings()));
        }
        var database = read.database();
        return new Observed(
                read.claim() == null ? null : read.claim().toRow(),
                read.roles(),
                Set.copyOf(read.memberships()),
                settings,
                database == null
                        ? null
                        : new Observed.Database(
                                database.owner(),
                                database.connectionLimit(),
                                database.allowConnections(),
                                byGrantee(database.grants()),
                                keyValues(database.parameters())));
    }

    static Contents contentsOf(String json) {
        var read = Json.read(json, ContentsJson.class);
        var schemas = new HashMap<String, Contents.Schema>();
        read.schemas()
                .forEach((name, schema) ->
                        schemas.put(name, new Contents.Schema(schema.owner(), byGrantee(schema.grants()))));
        return new Contents(schemas, read.extensions(), new HashSet<>(read.defaultPrivileges()));
    }

    static List<ClaimJson> ledger(String json) {
        return List.of(Json.read(json, ClaimJson[].class));
    }

    private static Map<String, String> keyValues(List<String> entries) {
        return entries.stream()
                .collect(Collectors.toMap(
                        entry -> entry.substring(0, entry.indexOf('=')),
                        entry -> entry.substring(entry.indexOf('=') + 1)));
    }

    private static Map<String, Set<String>> byGrantee(List<Grant> grants) {
        return grants.stream().collect(groupingBy(Grant::grantee, mapping(Grant::privilege, toSet())));
    }

    record Grant(String grantee, String privilege) {}

    record ObservedJson(
            boolean inRecovery,
            long epoch,
            @Nullable ClaimJson claim,
            Map<String, Observed.Role> roles,
            List<Observed.Membership> memberships,
            List<SettingJson> settings,
            @Nullable DatabaseJson database) {}

    record SettingJson(String role, List<String> settings) {}

    record DatabaseJson(
            String owner, int connectionLimit, boolean allowConnections, List<Grant> grants, List<String> parameters) {}

    record SchemaJson(String owner, List<Grant> grants) {}

    record ContentsJson(
            Map<String, SchemaJson> schemas,
            Map<String, Contents.Extension> extensions,
            List<String> defaultPrivileges) {}

    /** A ledger row; {@code due} is the server's own word on whether its time to be dropped has come. */
    record ClaimJson(
            String uid,
            String namespace,
            String namespaceUid,
            String name,
            String database,
            List<String> roles,
            LedgerClaim.State state,
            long storage,
            int connections,
            @Nullable JsonNode accepted,
            @Nullable OffsetDateTime dropAfter,
            @Nullable Boolean due,
            Map<String, LoginJson> logins) {
        LedgerClaim toRow() {
            var published = new HashMap<String, LedgerClaim.Login>();
            logins.forEach((access, login) -> published.put(
                    access,
                    new LedgerClaim.Login(
                            login.slot(), login.fingerprint(), login.rotated().toInstant())));
            return new LedgerClaim(
                    new ClaimIdentity(uid, namespace, namespaceUid, name),
                    database,
                    roles,
                    state,
                    storage,
                    connections,
                    AcceptedJson.read(accepted),
                    dropAfter == null ? null : dropAfter.toInstant(),
                    published);
        }
    }

    record LoginJson(String slot, String fingerprint, OffsetDateTime rotated) {}
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedBecause;
import dev.howdah.plan.Adopted;
import dev.howdah.plan.Contents;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.plan.LedgerClaim;
import dev.howdah.plan.Login;
import dev.howdah.plan.Observed;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is read from a server: always one JSON document a question, so that one round trip answers it. */
final class Catalogs {
    static final String PROBE = "SELECT 1";

    private static final String CLAIM_JSON = """
            json_build_object('uid', c.claim_uid, 'namespace', c.namespace, 'namespaceUid', c.namespace_uid,
              'name', c.name, 'database', c.database, 'roles', c.roles, 'state', c.state,
              'storage', c.storage, 'connections', c.connections, 'accepted', c.accepted, 'dropAfter', c.drop_after,
              'due', c.drop_after <= now(),
              'retainedAt', c.retained_at, 'because', c.retained_because, 'formerInstallation', c.former_installation,
              'consentUsed', c.consent_used, 'adopted', c.adopted,
              'logins', (SELECT coalesce(json_object_agg(l.access, %s), '{}') FROM howdah.login l
                WHERE l.claim_uid = c.claim_uid))""".formatted(LoginSql.JSON);

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
                WHERE d.defaclnamespace = 0 AND d.defaclrole = to_regrole(%s)),
              'findings', %s)::text""";

    private Catalogs() {}

    /** Of everybody but superusers, whose sessions take one to end. */
    static String endSessionsIn(String database) {
        return "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = "
                + Quoting.literal(database) + " AND usesysid IN (SELECT oid FROM pg_roles WHERE NOT rolsuper)";
    }

    /** Who is in a database, in a line; workers that serve no role leave it by themselves. */
    static String sessionsIn(String database) {
        return "SELECT string_agg(DISTINCT usename::text || ' (pid ' || pid || ')', ', ') FROM pg_stat_activity WHERE datname = "
                + Quoting.literal(database) + " AND usesysid IS NOT NULL";
    }

    /** Prepared transactions in a database, the oldest ones in a line. */
    static String preparedIn(String database) {
        return "SELECT string_agg(format('%L (%I, since %s)', p.gid, p.owner, p.prepared::timestamptz(0)), ', ' ORDER BY p.prepared)"
                + " FROM (SELECT gid, owner, prepared FROM pg_prepared_xacts WHERE database = "
                + Quoting.literal(database) + " ORDER BY prepared LIMIT 5) p";
    }

    /** Logical replication slots of a database, in a line: DROP DATABASE takes those that nobody reads along, unasked. */
    static String slotsOf(String database) {
        return "SELECT string_agg(slot_name::text, ', ' ORDER BY slot_name) FROM pg_replication_slots WHERE database = "
                + Quoting.literal(database);
    }

    static String contents(String ownerGroup) {
        return CONTENTS.formatted(Quoting.literal(Quoting.identifier(ownerGroup)), InsideFindings.SQL);
    }

    /** One claim's row, and the facts of its objects in the shared catalogs. */
    static String observe(
            ClaimIdentity identity,
            String database,
            List<String> roles,
            List<String> operators,
            ServerInspection.ServerJson server) {
        return """
        WITH row AS (SELECT * FROM howdah.claim c WHERE c.claim_uid = %1$s OR c.database = %2$s
            ORDER BY (c.claim_uid = %1$s) DESC LIMIT 1),
          target AS (SELECT (SELECT claim_uid FROM row) AS uid, %2$s::name AS database,
            (%3$s || coalesce((SELECT roles FROM row), '{}'))::name[] AS names)
        SELECT json_build_object(
          'inRecovery', pg_is_in_recovery(),
          'epoch', (SELECT epoch FROM howdah.fence),
          'operators', %4$s,
          'left', (SELECT coalesce(json_agg(r.rolname), '[]')
            FROM howdah.role_left l JOIN pg_roles r ON r.oid = l.role JOIN target ON r.rolname = ANY (target.names)
            WHERE l.namespace_uid = %7$s),
          'claim', (SELECT %5$s FROM row c),
          'facts', (%6$s))::text""".formatted(
                        Quoting.literal(identity.uid()),
                        Quoting.literal(database),
                        Quoting.texts(roles),
                        Facts.existing(operators),
                        CLAIM_JSON,
                        Facts.select("target", server),
                        Quoting.literal(identity.namespaceUid()));
    }

    /** A session that was found in its epoch stays in it: the next leader waits for the lock it holds. */
    static Observed observed(String json, long epoch, String admin) {
        var read = Json.read(json, ObservedJson.class);
        checkPrimary(read.inRecovery(), read.epoch(), epoch);
        return Facts.observed(
                read.facts(), read.claim() == null ? null : read.claim().toRow(), admin, read.operators(), read.left());
    }

    static void checkPrimary(boolean inRecovery, long read, long epoch) {
        if (read != epoch) {
            throw SqlFailure.fencedOut(read);
        }
        if (inRecovery) {
            throw new ServerRefused(dev.howdah.api.v1alpha1.Reason.NotPrimary, "the server has become a standby", null);
        }
    }

    static Contents contentsOf(String json) {
        var read = Json.read(json, ContentsJson.class);
        var schemas = new HashMap<String, Contents.Schema>();
        read.schemas()
                .forEach((name, schema) ->
                        schemas.put(name, new Contents.Schema(schema.owner(), Facts.byGrantee(schema.grants()))));
        return new Contents(
                schemas, read.extensions(), new HashSet<>(read.defaultPrivileges()), List.copyOf(read.findings()));
    }

    static List<ClaimJson> ledger(String json) {
        return List.of(Json.read(json, ClaimJson[].class));
    }

    record ObservedJson(
            boolean inRecovery,
            long epoch,
            Set<String> operators,
            Set<String> left,
            @Nullable ClaimJson claim,
            Facts.FactsJson facts) {}

    record SchemaJson(String owner, List<Facts.Grant> grants) {}

    record ContentsJson(
            Map<String, SchemaJson> schemas,
            Map<String, Contents.Extension> extensions,
            List<String> defaultPrivileges,
            List<Contents.Finding> findings) {}

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
            @Nullable OffsetDateTime retainedAt,
            @Nullable RetainedBecause because,
            @Nullable String formerInstallation,
            boolean consentUsed,
            @Nullable Adopted adopted,
            Map<String, LoginSql.LoginJson> logins) {
        LedgerClaim toRow() {
            var published = new HashMap<String, Login>();
            logins.forEach((access, login) -> published.put(access, login.toLogin()));
            return new LedgerClaim(
                    new ClaimIdentity(uid, namespace, namespaceUid, name),
                    database,
                    roles,
                    state,
                    storage,
                    connections,
                    AcceptedJson.read(accepted),
                    dropAfter == null ? null : dropAfter.toInstant(),
                    published,
                    new LedgerClaim.History(
                            retainedAt == null ? null : retainedAt.toInstant(),
                            because,
                            formerInstallation,
                            consentUsed,
                            adopted));
        }
    }
}

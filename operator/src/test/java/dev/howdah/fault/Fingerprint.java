// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import dev.howdah.api.v1alpha1.Howdah;
import io.fabric8.kubernetes.api.model.Secret;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * All that PostgreSQL, the ledger and Kubernetes hold of one claim, its name left out and what differs by nature: times,
 * passwords, UIDs. Two runs that came to the same end have the same.
 */
record Fingerprint(List<String> lines) {
    private static final String FORMER_SINCE = Howdah.GROUP + "/former-since";

    /** What is not a claim's own and must not be reached from it is looked at by {@link Invariants}. */
    static Fingerprint of(Rig rig, String name) {
        var database = rig.cluster.namespace + "_" + name;
        var lines = new ArrayList<String>();
        // One round trip, for there are thousands of these.
        lines.addAll(rig.catalog.rows("""
                SELECT 'database ' || datconnlimit || ' ' || pg_get_userbyid(datdba) || ' ' || datallowconn || ' ' || datcollate
                  || ' ' || coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(datacl) a), '')
                  FROM pg_database WHERE datname = '%1$s'
                UNION ALL SELECT 'role ' || rolname || ' ' || rolcanlogin || ' ' || rolconnlimit || ' ' || rolinherit || ' ' || rolsuper
                  || ' ' || rolcreatedb || ' ' || rolcreaterole || ' ' || rolreplication || ' ' || rolbypassrls
                  FROM pg_roles WHERE starts_with(rolname, '%1$s_')
                UNION ALL SELECT 'member ' || roleid::regrole || ' < ' || member::regrole || ' ' || admin_option
                  || coalesce(' ' || (to_jsonb(m) ->> 'inherit_option'), '') || coalesce(' ' || (to_jsonb(m) ->> 'set_option'), '')
                  FROM pg_auth_members m
                  WHERE starts_with(pg_get_userbyid(roleid), '%1$s_') OR starts_with(pg_get_userbyid(member), '%1$s_')
                UNION ALL SELECT 'setting ' || setrole::regrole || ' ' || array_to_string(setconfig, ';') FROM pg_db_role_setting
                  WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = '%1$s')
                  OR setrole IN (SELECT oid FROM pg_roles WHERE starts_with(rolname, '%1$s_'))
                ORDER BY 1""".formatted(database)));
        if (lines.stream().anyMatch(line -> line.startsWith("database "))) {
            lines.addAll(rig.catalog.rows(database, """
                    SELECT 'schema ' || nspname || ' ' || pg_get_userbyid(nspowner) || ' '
                      || coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(nspacl) a), '')
                      FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
                    UNION ALL SELECT 'relation ' || c.oid::regclass || ' ' || pg_get_userbyid(c.relowner) || ' '
                      || coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(c.relacl) a), '')
                      FROM pg_class c WHERE c.relkind IN ('r', 'S') AND c.relnamespace::regnamespace::text NOT LIKE 'pg\\_%'
                      AND c.relnamespace::regnamespace::text <> 'information_schema'
                    UNION ALL SELECT 'default ' || defaclobjtype::text || ' '
                      || (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(defaclacl) a) FROM pg_default_acl
                    UNION ALL SELECT 'extension ' || extname || ' ' || extversion || ' ' || extnamespace::regnamespace FROM pg_extension
                    ORDER BY 1"""));
        }
        lines.addAll(rig.catalog.rows("howdah", """
                SELECT 'ledger ' || state || ' ' || array_to_string(ARRAY(SELECT unnest(roles) ORDER BY 1), ',') || ' ' || connections
                  || ' ' || storage || ' drop:' || (drop_after IS NOT NULL) || ' ' || coalesce((accepted -> 'claim')::text, '')
                  FROM howdah.claim WHERE database = '%1$s'
                UNION ALL SELECT 'login ' || access || ' ' || slot FROM howdah.login
                  WHERE claim_uid IN (SELECT claim_uid FROM howdah.claim WHERE database = '%1$s')
                ORDER BY 1""".formatted(database)));
        lines.addAll(kubernetes(rig, name));
        return new Fingerprint(
                lines.stream().map(line -> line.replace(name, "…")).toList());
    }

    private static List<String> kubernetes(Rig rig, String name) {
        var lines = new ArrayList<String>();
        var claim = rig.cluster.claim(name).get();
        if (claim != null) {
            lines.add("finalizers " + claim.getMetadata().getFinalizers());
            var status = claim.getStatus();
            var conditions = new TreeMap<String, String>();
            if (status != null && status.conditions() != null) {
                status.conditions()
                        .forEach(c -> conditions.put(c.type(), c.status() + " " + c.reason() + " " + c.message()));
                lines.add("status " + status.database() + " " + status.server() + " " + status.binding() + " "
                        + status.effective() + " " + status.violations());
            }
            conditions.forEach((type, text) -> lines.add("condition " + type + " " + text));
        }
        for (var secret : rig.cluster
                .client
                .secrets()
                .inNamespace(rig.cluster.namespace)
                .list()
                .getItems()) {
            // One under a former name stays for those who still read it, and goes by itself.
            if (secret.getMetadata().getName().startsWith(name + "-") && !isFormer(secret)) {
                lines.add("secret " + secret.getMetadata().getName() + " " + secret.getType() + " "
                        + new TreeMap<>(
                                secret.getMetadata().getLabels() == null
                                        ? java.util.Map.of()
                                        : secret.getMetadata().getLabels())
                        + " " + secret.getData().keySet() + " " + logsIn(rig, secret));
            }
        }
        return lines;
    }

    private static boolean isFormer(Secret secret) {
        var annotations = secret.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(FORMER_SINCE);
    }

    static String logsIn(Rig rig, Secret secret) {
        if (secret.getData() == null
                || !secret.getData().containsKey("password")
                || !secret.getData().containsKey("database")) {
            return "foreign";
        }
        try (var connection = rig.catalog.login(secret)) {
            return "logs in as "
                    + Catalog.rows(connection, "SELECT current_user").getFirst();
        } catch (SQLException e) {
            return "does not log in: " + e.getMessage();
        }
    }

    /** What is only in one of the two. */
    String difference(Fingerprint other) {
        var mine = new ArrayList<>(lines);
        other.lines().forEach(mine::remove);
        var theirs = new ArrayList<>(other.lines());
        lines.forEach(theirs::remove);
        return "missing " + theirs + "; too much " + mine;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.ExtensionOffer;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/** What the operator wants to know of a server and of itself there, before it does anything. */
final class ServerInspection {
    static final int OLDEST_MAJOR = 15;
    static final int NEWEST_MAJOR = 18;

    static final String SERVER = """
            SELECT json_build_object(
              'versionNumber', current_setting('server_version_num')::int,
              'version', current_setting('server_version'),
              'inRecovery', pg_is_in_recovery(),
              'systemIdentifier', (SELECT system_identifier::text FROM pg_control_system()),
              'sessionUser', session_user, 'currentUser', current_user,
              'superuser', r.rolsuper, 'createDatabase', r.rolcreatedb, 'createRole', r.rolcreaterole,
              'signalBackend', pg_has_role(session_user, 'pg_signal_backend', 'USAGE'),
              'readsPasswords', has_table_privilege('pg_catalog.pg_authid', 'SELECT'),
              'untrustedExtensions', r.rolsuper OR EXISTS (SELECT FROM pg_roles p WHERE p.rolname IN ('rds_superuser',
                'cloudsqlsuperuser', 'alloydbsuperuser', 'azure_pg_admin') AND pg_has_role(session_user, p.oid, 'MEMBER')),
              'settableParameters', (SELECT coalesce(json_agg(name), '[]') FROM (
                SELECT a.parname AS name FROM pg_parameter_acl a JOIN pg_settings s ON lower(s.name) = a.parname
                WHERE NOT r.rolsuper AND s.context = 'superuser' AND has_parameter_privilege(a.parname, 'SET')
                ORDER BY 1 LIMIT 256) AS granted),
              'libcUtf8', EXISTS (SELECT FROM pg_collation WHERE collprovider = 'c' AND collcollate IN ('C.UTF-8', 'C.utf8')))::text
            FROM pg_roles r WHERE r.rolname = session_user""";

    static final String EXTENSIONS = """
            SELECT coalesce(json_agg(json_build_object('name', e.name, 'defaultVersion', e.default_version,
              'versions', (SELECT coalesce(json_agg(v.version ORDER BY v.version), '[]')
                FROM pg_available_extension_versions v WHERE v.name = e.name),
              'trusted', coalesce(d.trusted OR NOT d.superuser, false), 'requires', coalesce(to_json(d.requires), '[]'),
              'schema', CASE WHEN d.relocatable THEN NULL ELSE d.schema END,
              'paths', (SELECT coalesce(json_object_agg(p.source, p.targets), '{}') FROM (
                SELECT u.source, json_agg(u.target) AS targets FROM pg_extension_update_paths(e.name) u
                WHERE u.path IS NOT NULL GROUP BY u.source) p))), '[]')::text
            FROM pg_available_extensions e LEFT JOIN pg_available_extension_versions d
              ON d.name = e.name AND d.version = e.default_version""";

    /** Databases anybody may connect to. One that has just been made has a limit of 0 until it is closed to PUBLIC. */
    static final String OPEN_DATABASES = """
            SELECT coalesce(json_agg(d.datname ORDER BY d.datname), '[]')::text FROM pg_database d
            WHERE d.datallowconn AND d.datconnlimit NOT IN (0, -2) AND EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
              WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT')""";

    /** Lines of pg_hba.conf that ask for no password; the view is a superuser's unless it was granted. */
    static final String TRUST_LINES = """
            SELECT CASE WHEN has_function_privilege('pg_hba_file_rules()', 'EXECUTE') THEN
              (SELECT coalesce(json_agg(line_number ORDER BY line_number), '[]') FROM pg_hba_file_rules
               WHERE auth_method = 'trust') ELSE '[]' END::text""";

    private ServerInspection() {}

    /** The answer to {@link #SERVER}. */
    record ServerJson(
            int versionNumber,
            String version,
            boolean inRecovery,
            String systemIdentifier,
            String sessionUser,
            String currentUser,
            boolean superuser,
            boolean createDatabase,
            boolean createRole,
            boolean signalBackend,
            boolean readsPasswords,
            boolean untrustedExtensions,
            Set<String> settableParameters,
            boolean libcUtf8) {
        int majorVersion() {
            return versionNumber / 10_000;
        }

        /** The bare number: some packagers append their own words. */
        String shortVersion() {
            return version.split(" ", 2)[0];
        }

        Connections.Admin admin() {
            return new Connections.Admin(superuser, majorVersion());
        }
    }

    static ExtensionOffer offer(String json, boolean untrustedToo) {
        var byName = new HashMap<String, ExtensionOffer.Extension>();
        for (var extension : Json.read(json, ExtensionOffer.Extension[].class)) {
            byName.put(extension.name(), extension);
        }
        return new ExtensionOffer(byName, untrustedToo);
    }

    /** Refuses a server that cannot be worked on, with the reason. */
    static void require(ServerJson server, ConnectionTarget target) {
        if (server.inRecovery()) {
            throw refused(
                    Reason.NotPrimary,
                    "%s:%d is a standby (in recovery); point `spec.external.host` at the primary"
                            .formatted(target.host(), target.port()));
        }
        var major = server.majorVersion();
        if (major < OLDEST_MAJOR || major > NEWEST_MAJOR) {
            var message = "PostgreSQL %s is not supported, %d to %d are; upgrade the server"
                    .formatted(server.version(), OLDEST_MAJOR, NEWEST_MAJOR);
            // An older one never held a claim; a newer one may have been upgraded with what it held.
            throw major < OLDEST_MAJOR
                    ? ServerRefused.foreign(Reason.UnsupportedVersion, message)
                    : refused(Reason.UnsupportedVersion, message);
        }
        if (List.of(150_009, 160_005, 170_001).contains(server.versionNumber())) {
            throw refused(
                    Reason.UnsupportedVersion,
                    "PostgreSQL %s ignores ALTER ROLE … SET role; install the next minor release"
                            .formatted(server.version()));
        }
        if (!server.sessionUser().equals(server.currentUser())
                || !server.sessionUser().equals(target.user())) {
            throw refused(
                    Reason.InsufficientPrivilege,
                    "the session runs as \"%s\" (session user \"%s\") instead of \"%s\"; reset the role setting of the admin"
                            .formatted(server.currentUser(), server.sessionUser(), target.user()));
        }
        if (!server.superuser() && !(server.createDatabase() && server.createRole())) {
            throw refused(
                    Reason.InsufficientPrivilege,
                    "the admin \"%s\" needs CREATEDB and CREATEROLE (or superuser): ALTER ROLE %s CREATEDB CREATEROLE"
                            .formatted(target.user(), Quoting.identifier(target.user())));
        }
    }

    private static ServerRefused refused(Reason reason, String message) {
        return new ServerRefused(reason, message, null);
    }
}

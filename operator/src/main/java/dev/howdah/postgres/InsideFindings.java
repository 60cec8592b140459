// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

/**
 * Looks for what decides about rights in a tenant's database beside the grants. By the catalogs alone, and never more of
 * it than can be told; what extensions bring is theirs to answer for.
 */
final class InsideFindings {
    static final String SQL = """
            (SELECT coalesce(json_agg(json_build_object('kind', kind, 'name', name) ORDER BY kind, name), '[]') FROM (
              (SELECT 'RowSecurity' AS kind, left(quote_ident(n.nspname) || '.' || quote_ident(c.relname), 1024) AS name
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relrowsecurity AND c.relpersistence <> 't' ORDER BY n.nspname, c.relname LIMIT 16)
              UNION ALL
              (SELECT 'SecurityDefiner', left(p.oid::regprocedure::text, 1024)
                FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE p.prosecdef AND NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%')
                  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                    AND d.deptype = 'e')
                ORDER BY n.nspname, p.proname, p.oid LIMIT 16)) AS found)""";

    private InsideFindings() {}
}

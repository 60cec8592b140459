// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.Step;

/**
 * Grants on what is in a schema already. Object by object, because {@code ON ALL … IN SCHEMA} fails on the first one that
 * somebody else made, leaves out types, and takes procedures for something else than functions.
 */
final class BackFill {
    private BackFill() {}

    static String sql(Step.GrantOnExisting step) {
        var schema = Quoting.literal(step.schema());
        var owner = Quoting.literal(Quoting.identifier(step.owner())) + "::regrole";
        var found = switch (step.kind()) {
            case Tables -> relations("TABLE", "'r', 'p', 'v', 'm', 'f'", schema, owner);
            case Sequences -> relations("SEQUENCE", "'S'", schema, owner);
            case Functions ->
                "SELECT 'ROUTINE ' || p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                        + " WHERE n.nspname = " + schema + " AND p.proowner = " + owner;
            case Types ->
                "SELECT 'TYPE ' || format('%I.%I', n.nspname, t.typname) FROM pg_type t"
                        + " JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid"
                        + " WHERE n.nspname = " + schema + " AND t.typowner = " + owner
                        + " AND (t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c')";
            case Schemas ->
                "SELECT 'SCHEMA ' || quote_ident(n.nspname) FROM pg_namespace n WHERE n.nspname = " + schema
                        + " AND n.nspowner = " + owner;
        };
        var grant = "GRANT " + String.join(", ", step.privileges()) + " ON ";
        return "DO "
                + Quoting.literal("DECLARE o text; BEGIN FOR o IN " + found + " LOOP EXECUTE " + Quoting.literal(grant)
                        + " || o || " + Quoting.literal(" TO " + Quoting.identifier(step.grantee()))
                        + "; END LOOP; END");
    }

    private static String relations(String word, String kinds, String schema, String owner) {
        return "SELECT " + Quoting.literal(word + " ")
                + " || format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = " + schema + " AND c.relowner = " + owner + " AND c.relkind IN (" + kinds + ")";
    }
}

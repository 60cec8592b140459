// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;

/** What an Owner login made is its group's, and a ReadOnly login reads it. */
final class OwnerSplit {
    private OwnerSplit() {}

    /** Asked as the logins {@code app} and {@code report} of the claim. */
    static void assertHolds(TestClaim claim, String what) throws SQLException {
        var group = "'" + Quoting.identifier(claim.names().ownerGroup()) + "'::regrole";
        var ours = " NOT IN ('pg_catalog', 'information_schema', 'extensions') AND nspname NOT LIKE 'pg\\_%'";
        assertThat(claim.sql("app", """
                SELECT string_agg(what, ', ') FROM (
                  SELECT 'schema ' || nspname AS what, nspowner AS owner FROM pg_namespace WHERE nspname %1$s
                  UNION ALL SELECT 'relation ' || relname, relowner FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname %1$s
                  UNION ALL SELECT 'type ' || typname, typowner FROM pg_type JOIN pg_namespace n ON n.oid = typnamespace WHERE nspname %1$s
                  UNION ALL SELECT 'routine ' || proname, proowner FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
                    WHERE nspname %1$s AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
                ) x WHERE owner <> %2$s AND what NOT LIKE '%%citext%%'""".formatted(ours, group)))
                .as("%s: what is not the owner group's", what)
                .isNull();
        var tables = claim.sql("app", """
                SELECT string_agg(format('SELECT count(*) FROM %%I.%%I', nspname, relname), '; ') FROM pg_class
                JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname %s""".formatted(ours));
        if (tables != null) {
            claim.sql("report", tables);
        }
    }
}

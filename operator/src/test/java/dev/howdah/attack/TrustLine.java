// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

/** A careless line in pg_hba.conf: a superuser who needs no password on the server's own machine. */
final class TrustLine implements AutoCloseable {
    static final String USER = "trusted_superuser";

    private final World world;
    private final String before;

    TrustLine(World world) {
        this.world = world;
        this.before = world.dba("postgres", "SELECT pg_read_file(current_setting('hba_file'))");
        world.dba("postgres", "CREATE ROLE " + USER + " LOGIN SUPERUSER");
        write("host all " + USER + " 127.0.0.1/32 trust\n" + before);
    }

    private void write(String text) {
        world.dba("postgres", """
                DO $write$ DECLARE file oid := lo_from_bytea(0, convert_to(%s, 'UTF8')); BEGIN
                  PERFORM lo_export(file, current_setting('hba_file'));
                  PERFORM lo_unlink(file);
                END $write$;
                SELECT pg_reload_conf()
                """.formatted(Sql.lit(text)));
    }

    @Override
    public void close() {
        write(before);
        world.dba("postgres", "DROP ROLE " + USER);
    }
}

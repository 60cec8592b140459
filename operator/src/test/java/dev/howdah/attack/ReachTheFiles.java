// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Wish;
import org.jspecify.annotations.Nullable;

/** Files and programs of the server's machine. */
final class ReachTheFiles implements Attack {
    @Override
    public int number() {
        return 16;
    }

    @Override
    public String title() {
        return "read, write and run on the server's machine";
    }

    @Override
    public String wall() {
        return "no predefined role can be asked for; PostgreSQL refuses the rest";
    }

    @Override
    public @Nullable String refusedByPostgres(World world) {
        // From 16 on, CREATEROLE gives only roles that it administers.
        return !world.superuser && world.major >= 16 ? "permission denied to grant role" : null;
    }

    @Override
    public String control() {
        return "succeeds; from 16 on PostgreSQL itself refuses it to a plain admin";
    }

    @Override
    public void mount(Scene scene) {
        for (var role : new String[] {"pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"}) {
            scene.request(Wish.ROLE, role);
        }
        scene.forbidden("SET ROLE NONE; CREATE TEMP TABLE out (line text); COPY out FROM PROGRAM 'id'");
        scene.forbidden("SET ROLE NONE; CREATE TEMP TABLE out (line text); COPY out FROM '/etc/passwd'");
        scene.forbidden("SET ROLE NONE; COPY (SELECT 1) TO '/tmp/howdah-attack'");
        scene.forbidden("SET ROLE NONE; SELECT pg_read_file('PG_VERSION')");
        scene.forbidden("SET ROLE NONE; SELECT pg_ls_dir('.')");
        scene.forbidden("SET ROLE NONE; SELECT lo_import('/etc/passwd')");
        scene.forbidden("SET ROLE NONE; LOAD '/tmp/howdah-attack.so'");
        scene.forbidden("CREATE FUNCTION c() RETURNS int LANGUAGE c AS '/tmp/howdah-attack.so', 'c'");
    }
}

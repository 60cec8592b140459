// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

/** An owner may change what its database is limited by. */
final class LiftLimits implements Attack {
    @Override
    public int number() {
        return 11;
    }

    @Override
    public String title() {
        return "lift the limits of its database and login";
    }

    @Override
    public String wall() {
        return "the team owns no database; limits of a login are the admin's";
    }

    @Override
    public void mount(Scene scene) {
        var database = Sql.id(scene.attacker.database());
        scene.forbidden("ALTER DATABASE " + database + " CONNECTION LIMIT 1000");
        scene.forbidden("ALTER DATABASE " + database + " SET work_mem = '1GB'");
        scene.forbidden("SET ROLE NONE; ALTER ROLE CURRENT_USER CONNECTION LIMIT 1000");
        scene.forbidden("SET ROLE NONE; ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'");
        scene.forbidden("SET temp_file_limit = -1");
        scene.attempt("GRANT CONNECT, TEMPORARY ON DATABASE " + database + " TO PUBLIC");
        var open = scene.world.dba(
                "postgres",
                "SELECT has_database_privilege(%s, %s, 'CONNECT')"
                        .formatted(Sql.lit(scene.victim.login()), Sql.lit(scene.attacker.database())));
        if ("t".equals(open)) {
            scene.gained("let everybody in");
        }
    }
}

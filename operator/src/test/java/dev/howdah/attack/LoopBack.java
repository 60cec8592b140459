// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

/** A session from the server to itself comes from a trusted address. */
final class LoopBack implements Attack {
    @Override
    public int number() {
        return 15;
    }

    @Override
    public String title() {
        return "reach the server from inside by dblink and a trust line";
    }

    @Override
    public String wall() {
        return "untrusted extensions take a policy; PostgreSQL asks a password of everyone but a superuser";
    }

    @Override
    public void mount(Scene scene) {
        var world = scene.world;
        try (var _ = new TrustLine(world)) {
            mountWithTrust(scene, world);
        }
    }

    private static void mountWithTrust(Scene scene, World world) {
        scene.forbidden("CREATE EXTENSION dblink");
        scene.forbidden("CREATE EXTENSION postgres_fdw");
        // The second wall: a DBA gave the extension all the same; careless ones also what PostgreSQL keeps to
        // superusers.
        world.dba(
                scene.attacker.database(),
                "CREATE SCHEMA dba; CREATE EXTENSION dblink SCHEMA dba; GRANT USAGE ON SCHEMA dba TO PUBLIC");
        if (scene.naive) {
            world.dba(scene.attacker.database(), "GRANT EXECUTE ON FUNCTION dba.dblink_connect_u(text) TO PUBLIC");
        }
        var target = "host=%s port=%d user=%s dbname=postgres sslmode=disable"
                .formatted(world.postgres().host(), world.postgres().port(), TrustLine.USER);
        for (var connect : new String[] {"dblink_connect", "dblink_connect_u"}) {
            if (scene.attempt("SELECT dba.%s(%s)".formatted(connect, Sql.lit(target)))) {
                scene.gained("is %s by %s".formatted(TrustLine.USER, connect));
            }
        }
        if (!scene.naive) {
            var told = scene.howdah().hosting().server().weaknesses().others().toString();
            if (world.superuser && !told.contains("trust")) {
                scene.gained("a trust line that nobody is told of: " + told);
            }
            world.dba(scene.attacker.database(), "DROP SCHEMA dba CASCADE");
        }
    }
}

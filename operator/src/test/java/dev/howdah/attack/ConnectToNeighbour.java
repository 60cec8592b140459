// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import java.util.ArrayList;
import java.util.List;

/** Every role may connect to every database, by PostgreSQL's default. */
final class ConnectToNeighbour implements Attack {
    @Override
    public int number() {
        return 1;
    }

    @Override
    public String title() {
        return "connect to the neighbour's database and to the operator's";
    }

    @Override
    public String wall() {
        return "PUBLIC has no CONNECT; only the claim's groups have it";
    }

    @Override
    public void mount(Scene scene) {
        var databases = scene.naive ? List.of(scene.victim.database()) : List.of(scene.victim.database(), "howdah");
        for (var database : databases) {
            if (scene.attemptIn(database, "SELECT 1")) {
                scene.gained("is in " + database);
            }
            scene.attempt("GRANT CONNECT ON DATABASE " + Sql.id(database) + " TO " + Sql.id(scene.attacker.login()));
            if (!scene.naive && scene.attemptIn(database, "SELECT 1")) {
                scene.gained("let itself into " + database);
            }
        }
        if (!scene.naive) {
            lookForUntoldDoors(scene);
        }
    }

    /** Where it gets in all the same, as PUBLIC may, the server's condition Hardened says so. */
    private static void lookForUntoldDoors(Scene scene) {
        var told =
                new ArrayList<>(scene.howdah().hosting().server().weaknesses().openDatabases());
        told.add(scene.attacker.database());
        var untold = scene.world.dba(
                "postgres",
                "SELECT string_agg(datname, ', ') FROM pg_database WHERE datallowconn AND datname <> ALL (%s) AND has_database_privilege(%s, oid, 'CONNECT')"
                        .formatted(Sql.array(told), Sql.lit(scene.attacker.login())));
        if (untold != null) {
            scene.gained("gets into " + untold + ", and nobody is told");
        }
    }
}

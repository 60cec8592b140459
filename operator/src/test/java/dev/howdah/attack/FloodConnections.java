// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Habit;
import java.sql.SQLException;
import java.util.List;

/** The server has so many places for all. */
final class FloodConnections implements Attack {
    @Override
    public int number() {
        return 25;
    }

    @Override
    public String title() {
        return "take all connections of the server";
    }

    @Override
    public String wall() {
        return "CONNECTION LIMIT on the database; nobody may connect to postgres and template1";
    }

    @Override
    public void mount(Scene scene) throws SQLException {
        if (scene.naive) {
            flood(scene);
            return;
        }
        try {
            harden(scene);
            flood(scene);
        } finally {
            scene.world.dba("postgres", "GRANT CONNECT ON DATABASE postgres, template1 TO PUBLIC");
        }
    }

    /** As `hardening: Apply` does, or a DBA where the admin may not; Hardened=False says so until then. */
    private static void harden(Scene scene) {
        var server = scene.howdah().hosting().server();
        var told = server.weaknesses().openDatabases();
        if (!told.containsAll(List.of("postgres", "template1"))) {
            scene.gained("open databases that nobody is told of: " + told);
        }
        if (scene.world.superuser) {
            server.harden();
        } else {
            scene.world.dba("postgres", "REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");
        }
    }

    private static void flood(Scene scene) throws SQLException {
        try {
            takeAll(scene);
        } finally {
            scene.world.awaitNoSessionsOf(scene.attacker.login());
        }
    }

    private static void takeAll(Scene scene) throws SQLException {
        try (var flood = new Flood(scene.attacker, scene.world.postgres())) {
            flood.into(scene.attacker.database());
            flood.into("postgres");
            flood.into("template1");
            try (var session = scene.victim.connect()) {
                Sql.first(session, "SELECT 1");
            } catch (SQLException e) {
                scene.gained("its neighbour is kept out by %d sessions: %s".formatted(flood.size(), Sql.words(e)));
            }
            if (!scene.naive) {
                // The operator goes on, for its neighbours and in the full database too.
                scene.visit(scene.victim, Habit.CONNECTS);
                scene.howdah().look(scene.attacker);
            }
        }
    }
}

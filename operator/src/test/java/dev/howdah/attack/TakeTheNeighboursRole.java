// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Habit;
import java.sql.SQLException;

/** CREATEROLE hands out every role it administers. */
final class TakeTheNeighboursRole implements Attack {
    @Override
    public int number() {
        return 10;
    }

    @Override
    public String title() {
        return "have the admin hand out the neighbour's role";
    }

    @Override
    public String wall() {
        return "no tenant code runs in an admin session; memberships WITH INHERIT FALSE";
    }

    @Override
    public void mount(Scene scene) throws SQLException {
        scene.attacker.sql(scene.payload());
        scene.attacker.sql("CREATE TABLE public.heartbeat (beat text DEFAULT 'x', CHECK (public.gain()))");
        scene.visit(Habit.WRITES);
        if (scene.attempt("SET ROLE NONE; SET ROLE " + Sql.id(scene.victim.login()))) {
            scene.gained("is " + scene.victim.login());
        }
    }
}

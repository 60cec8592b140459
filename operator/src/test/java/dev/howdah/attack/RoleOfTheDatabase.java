// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Habit;

/** A setting of a database binds the superuser's next session there too. */
final class RoleOfTheDatabase implements Attack {
    @Override
    public int number() {
        return 4;
    }

    @Override
    public String title() {
        return "ALTER DATABASE … SET role, so that the admin works as the team";
    }

    @Override
    public String wall() {
        return "role=none in the startup packet; the executor asserts current_user";
    }

    @Override
    public void mount(Scene scene) {
        scene.setOnDatabase("role = " + Sql.id(scene.attacker.owner()));
        scene.visit(Habit.MAKES_SCHEMA);
        var schema = scene.naive ? "monitoring" : "extensions";
        var owner = scene.world.dba(
                scene.attacker.database(),
                "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = " + Sql.lit(schema));
        if (!scene.administration.admin().equals(owner)) {
            scene.gained("the admin's schema %s belongs to %s".formatted(schema, owner));
        }
    }
}

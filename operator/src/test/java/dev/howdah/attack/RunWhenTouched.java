// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Habit;
import java.sql.SQLException;

/** Views, triggers, domains and indexes run code of their owner's making as whoever touches them. */
final class RunWhenTouched implements Attack {
    @Override
    public int number() {
        return 8;
    }

    @Override
    public String title() {
        return "plant a view, trigger, domain, rule and index function that run as the admin";
    }

    @Override
    public String wall() {
        return "over an admin connection nothing of a tenant is read, written, cast or called";
    }

    @Override
    public void mount(Scene scene) throws SQLException {
        Planted.everywhere(scene);
        scene.visit(Habit.READS);
        scene.visit(Habit.WRITES);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Habit;
import java.sql.SQLException;

/** CVE-2026-44477 of CloudNativePG: what runs after SET ROLE can undo it. */
final class EscapeDemotion implements Attack {
    @Override
    public int number() {
        return 9;
    }

    @Override
    public String title() {
        return "undo the admin's SET ROLE from inside of a function";
    }

    @Override
    public String wall() {
        return "no tenant code runs in an admin session, whatever role it has taken on";
    }

    @Override
    public void mount(Scene scene) throws SQLException {
        Planted.everywhere(scene);
        scene.visit(Habit.READS_AS_TENANT);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Habit;
import java.util.ArrayList;
import java.util.List;

/** Settings of a database that end a session as it begins. */
final class LockTheAdminOut implements Attack {
    private static final int TRANSACTION_TIMEOUT_SINCE = 17;

    @Override
    public int number() {
        return 5;
    }

    @Override
    public String title() {
        return "ALTER DATABASE … SET what ends or cripples the admin's sessions";
    }

    @Override
    public String wall() {
        return "the startup packet overrides each of them";
    }

    @Override
    public void mount(Scene scene) {
        var settings = new ArrayList<>(List.of(
                "local_preload_libraries = 'nowhere'",
                "idle_session_timeout = 1",
                "idle_in_transaction_session_timeout = 1",
                "statement_timeout = 1",
                "lock_timeout = 1",
                "default_transaction_read_only = on",
                "default_transaction_isolation = serializable",
                "client_min_messages = debug5",
                "row_security = on",
                "exit_on_error = on"));
        if (scene.world.major >= TRANSACTION_TIMEOUT_SINCE) {
            settings.add("transaction_timeout = 1");
        }
        settings.forEach(scene::setOnDatabase);
        scene.visit(Habit.MAKES_SCHEMA);
    }
}

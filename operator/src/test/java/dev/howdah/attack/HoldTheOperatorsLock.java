// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Habit;
import java.sql.SQLException;

/** Advisory locks are anybody's in the database they are taken in. */
final class HoldTheOperatorsLock implements Attack {
    @Override
    public int number() {
        return 22;
    }

    @Override
    public String title() {
        return "hold the advisory lock that the operator waits for";
    }

    @Override
    public String wall() {
        return "the operator's locks are in the ledger's database, which no team may enter";
    }

    @Override
    public void mount(Scene scene) throws SQLException {
        try (var session = scene.attacker.connect()) {
            // All that the operator holds or could want, by number.
            Sql.first(session, "SELECT pg_advisory_lock(42)");
            Sql.first(session, "SELECT count(pg_advisory_lock(485199031, epoch)) FROM generate_series(0, 60) AS epoch");
            scene.visit(Habit.LOCKS);
        }
    }
}

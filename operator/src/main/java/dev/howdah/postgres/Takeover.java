// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.plan.Step;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Objects that change hands while they are in use. Each takes a lock that nobody else may hold, and whoever comes
 * meanwhile queues up behind: so it waits for the moment only, one table at a time, and tries again.
 */
final class Takeover {
    private static final String MOMENT = "SET LOCAL lock_timeout = '100ms'";
    private static final Duration PAUSE = Duration.ofMillis(150);
    private static final int TRIES = 60;
    private static final Set<String> LOCKED = Set.of(SqlFailure.LOCKED, "40P01");
    /** What holds rows, and what others look their names up in. */
    private static final Set<String> ALONE = Set.of("SCHEMA", "TABLE", "FOREIGN TABLE", "SEQUENCE");

    private Takeover() {}

    /** Views and functions read with their owner's rights, and through each other: they go all at once. */
    static List<List<Step>> turns(List<Step.TakeObject> steps) {
        var turns = new ArrayList<List<Step>>();
        var together = new ArrayList<Step>();
        for (var step : steps) {
            if (ALONE.contains(step.kind())) {
                turns.add(List.of(step));
            } else {
                together.add(step);
            }
        }
        if (!together.isEmpty()) {
            turns.add(together);
        }
        return turns;
    }

    static void run(Session inside, StepSql sql, List<Step> turn) throws SQLException {
        var statements = new ArrayList<String>();
        statements.add(MOMENT);
        turn.forEach(step -> statements.addAll(sql.statements(step)));
        var message = String.join(";\n", statements);
        for (int tries = 1; ; tries++) {
            try {
                Batches.run(inside, message);
                return;
            } catch (SQLException e) {
                if (tries == TRIES || !LOCKED.contains(SqlFailure.state(e))) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }
}

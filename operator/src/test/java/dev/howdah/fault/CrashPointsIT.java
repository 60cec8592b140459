// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator is halted before and after every exchange of every scenario: each of them by {@code make crashpoints}
 * ({@code -Dhowdah.crashpoints=all}), every {@value #STRIDE}th by {@code make test}. One of them again:
 * {@code -Dhowdah.crashpoint="18 superuser: create 4711beef"}, as a failure prints it, or all of a scenario:
 * {@code "18 superuser: create"}.
 */
class CrashPointsIT {
    private static final int STRIDE = 17;
    private static final int PROCESSES = 36;
    private static final String PROCESS = "process";
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

    private final boolean all = "all".equals(System.getProperty("howdah.crashpoints"));
    private final @Nullable String only = System.getProperty("howdah.crashpoint");
    private final String arms = System.getProperty("howdah.arms", Arm.ALL.toString());
    private final Tally tally = new Tally("crashpoints");
    private final List<String> missed = new ArrayList<>();
    private int learned;

    @Test
    void every_halt_comes_to_the_same_end(@TempDir Path folder) throws Exception {
        for (var arm : Arm.ALL) {
            if (only == null ? arms.contains(arm.toString()) : only.startsWith(arm + ": ")) {
                inThisProcess(arm);
            }
        }
        var processes = only == null ? all || arms.equals(PROCESS) : only.startsWith(PROCESS + ": ");
        if (processes && Files.exists(JAR)) {
            inProcessesOfTheirOwn(folder);
        } else if (processes) {
            System.out.println("crashpoints: " + JAR + " is not there, so no process of its own was killed");
        }
        if (all) {
            Section.write("crashpoints", summary());
        }
        tally.conclude();
    }

    private void inThisProcess(Arm arm) {
        try (var rig = arm.open()) {
            var points = new CrashPoints(rig);
            // Its scenario starts an operator too; that was halted at every exchange already.
            var ofAStart = new HashSet<String>();
            int turn = arm.superuser() ? 0 : STRIDE / 2;
            for (var scenario : Scenario.values()) {
                var skipped = only != null
                        ? !(only + " ").startsWith(arm + ": " + scenario + " ")
                        // A share takes turns between the arms, for learning costs too.
                        : !all && Math.floorMod(scenario.name().hashCode(), 2) == (arm.superuser() ? 1 : 0);
                if (skipped) {
                    continue;
                }
                var reference = points.learn(scenario);
                var own = reference.points().stream()
                        .filter(point -> scenario != Scenario.orphan || !ofAStart.contains(point.call()))
                        .toList();
                if (scenario == Scenario.found) {
                    own.forEach(point -> ofAStart.add(point.call()));
                }
                learned += own.size();
                for (var point : own) {
                    var replay = arm + ": " + point.id();
                    if (only == null
                            ? all || turn++ % STRIDE == 0
                            : only.equals(replay) || only.equals(arm + ": " + scenario)) {
                        tally.count(scenario + ", " + arm, points.halt(point, reference), replay(replay, point));
                    }
                }
            }
            if (only == null) {
                tally.count("passwords, " + arm, points.invariants.leaked(), "all of " + arm);
            }
            points.missed().forEach((point, times) -> missed.add(arm + ": " + point));
        }
    }

    /** The imitation against the real thing: the packaged operator, killed with SIGKILL. */
    private void inProcessesOfTheirOwn(Path folder) {
        try (var rig = Rig.open(18, false)) {
            rig.packaged(JAR, folder);
            var points = new CrashPoints(rig);
            var references = new ArrayList<CrashPoints.Reference>();
            for (var scenario : List.of(Scenario.create, Scenario.change, Scenario.drop)) {
                references.add(points.learn(scenario));
            }
            for (var reference : references) {
                var of = reference.points();
                int count = PROCESSES / references.size();
                for (int i = 0; i < count; i++) {
                    // Odd steps, so that before and after take turns.
                    var point = of.get((i * of.size() / count + i) % of.size());
                    var replay = PROCESS + ": " + point.id();
                    if (only == null || only.equals(replay)) {
                        tally.count(
                                reference.scenario() + ", killed processes",
                                points.halt(point, reference),
                                replay(replay, point));
                    }
                }
            }
        }
    }

    private static String replay(String id, CrashPoints.Point point) {
        return "make crashpoints ONLY='" + id + "' (" + point + ")";
    }

    private String summary() {
        return """
                %d exchanges × {before, after} were learned; %d halts, in %d minutes. %s

                %s
                """.formatted(
                        learned / 2,
                        tally.passed() + tally.failed(),
                        tally.minutes(),
                        missed.isEmpty()
                                ? "Every run met its point."
                                : "%d runs came to their end without meeting the exchange, because threads took turns in another order; they were halted at rest instead."
                                        .formatted(missed.size()),
                        tally.table("scenario, PostgreSQL and admin"));
    }
}

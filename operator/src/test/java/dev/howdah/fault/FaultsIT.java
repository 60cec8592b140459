// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every fault of the catalogue, against scenarios and at moments that a seed chooses: by {@code make faults} with
 * {@code -Dhowdah.faults=20} seeds each, by {@code make test} with one. A run again:
 * {@code -Dhowdah.fault="18 superuser: F24_anAnswerIsLost 7"}, as a failure prints it.
 */
class FaultsIT {
    private final int seeds = Integer.getInteger("howdah.faults", 1);
    private final long first = Long.getLong("howdah.seed", 1);
    private final @Nullable String only = System.getProperty("howdah.fault");
    private final Tally tally = new Tally("faults");
    private int unmet;

    @Test
    void every_fault_is_survived() {
        System.out.println("faults: seeds from " + first + ", " + seeds + " each");
        for (var arm : Arm.ALL) {
            if (only == null || only.startsWith(arm + ": ")) {
                on(arm);
            }
        }
        if (seeds >= 20 && only == null) {
            Section.write("faults", """
                    %d seeds each from %d, every second one on PostgreSQL 18 with a superuser and on 15 with a plain admin, in %d minutes.
                    In %d of them the scenario was through before the fault met an exchange.

                    %s
                    """.formatted(seeds, first, tally.minutes(), unmet, tally.table("fault")));
        }
        System.out.println("faults: " + unmet + " runs were through before the fault met an exchange");
        tally.conclude();
    }

    private void on(Arm arm) {
        try (var rig = arm.open()) {
            var disk = rig.moveToASmallDisk();
            if (!disk) {
                System.out.println("faults: no disk can be mounted here, so none was filled (F34)");
            }
            var faults = new Faults(rig);
            for (var fault : Fault.values()) {
                if ((fault.needsASmallDisk() && !disk) || (fault.needsAPlainAdmin() && arm.superuser())) {
                    continue;
                }
                for (long seed = first; seed < first + seeds; seed++) {
                    var replay = arm + ": " + fault + " " + seed;
                    if (only == null ? isOn(arm, fault, seed) : only.equals(replay)) {
                        var wrong = faults.run(fault, seed);
                        tally.count(fault.name(), wrong, "make faults ONLY='" + replay + "'");
                        if (!wrong.isEmpty()) {
                            faults.afresh();
                        }
                    }
                }
            }
            unmet += faults.unmet();
            if (only == null) {
                tally.count("passwords in logs and ledgers", faults.leaked(), "all of " + arm);
            }
        }
    }

    /** Every run on one of the two, in turns. */
    private static boolean isOn(Arm arm, Fault fault, long seed) {
        return fault.needsAPlainAdmin()
                || Math.floorMod(seed + fault.name().hashCode(), 2L) == (arm.superuser() ? 0 : 1);
    }
}

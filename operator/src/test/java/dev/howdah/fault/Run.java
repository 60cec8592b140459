// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One run of a fault. */
final class Run {
    final Rig rig;
    final Random random;
    final String name = Rig.freshName();
    final Scenario scenario;
    private final List<String> wrong = new ArrayList<>();

    Run(Rig rig, Random random, Scenario scenario) {
        this.rig = rig;
        this.random = random;
        this.scenario = scenario;
    }

    synchronized void wrong(String what) {
        wrong.add(what);
    }

    synchronized List<String> all() {
        return List.copyOf(wrong);
    }

    void expect(String what, String wanted, String found) {
        if (!wanted.equals(found)) {
            wrong(what + ": " + found + " instead of " + wanted);
        }
    }
}

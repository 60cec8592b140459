// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.util.List;

/** What the suites run on. */
record Arm(int major, boolean superuser) {
    static final List<Arm> ALL = List.of(new Arm(18, true), new Arm(15, false));

    Rig open() {
        return Rig.open(major, superuser);
    }

    @Override
    public String toString() {
        return major + (superuser ? " superuser" : " plain");
    }
}

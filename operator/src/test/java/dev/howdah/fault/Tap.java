// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.time.Duration;

/** Listens at the operator's wires and may interfere. Called by many threads. */
interface Tap {
    default Fate before(Call call) {
        return Fate.PASS;
    }

    /** The other side has done it and has answered; the answer is not delivered yet. */
    default Fate after(Call call) {
        return Fate.PASS;
    }

    /** How long what a watch brings is held back. */
    default Duration watchDelay() {
        return Duration.ZERO;
    }

    /** Lets everything pass. */
    Tap NONE = new Tap() {};
}

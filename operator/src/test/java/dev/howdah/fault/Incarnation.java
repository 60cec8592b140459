// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.time.Duration;

/** One process of the operator from its start to its end, in whatever way it runs. */
interface Incarnation {
    /** So long that no sweep comes by itself. */
    Duration SWEEP = Duration.ofHours(2);

    Duration ORPHAN_GRACE = Duration.ofSeconds(2);

    /** Returns when it works. */
    void start();

    /** Gives back what it holds of this machine. With its wire cut, nothing of that is seen outside. */
    void end();
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import java.time.Duration;

/** Hears of each claim that becomes ready for the first time. */
@FunctionalInterface
public interface FirstReady {
    /** {@code took}: since the claim was created, what it waited for people included. */
    void became(String className, Duration took);
}

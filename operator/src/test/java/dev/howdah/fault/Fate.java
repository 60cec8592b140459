// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.time.Duration;

/** What becomes of an exchange. */
sealed interface Fate {
    /** It goes its way. */
    record Pass() implements Fate {}

    /** Its connection breaks. */
    record Cut() implements Fate {}

    /** The operator is dead from here on: nothing of it gets out or in any more. */
    record Halt() implements Fate {}

    /** Late. */
    record Late(Duration by) implements Fate {}

    /** The API server itself says no. Only before a request. */
    record Answer(int status) implements Fate {}

    Fate PASS = new Pass();
    Fate CUT = new Cut();
    Fate HALT = new Halt();
}

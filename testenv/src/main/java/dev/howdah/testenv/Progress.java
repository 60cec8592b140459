// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.time.Duration;
import java.util.Locale;

/** Where the test environment says what it uses and how far long work has come; one line a call. */
@FunctionalInterface
public interface Progress {
    /** Takes one line, without a line end. */
    void line(String text);

    /** Standard error, so that what a command prints for other programs stays clean. */
    static Progress onStandardError() {
        return text -> System.err.println("[testenv] " + text);
    }

    /** A span as a person reads it: {@code 3.9 s} or {@code 6 min 25 s}. */
    static String span(Duration duration) {
        if (duration.toMinutes() > 0) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}

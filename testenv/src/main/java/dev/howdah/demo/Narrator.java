// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import dev.howdah.testenv.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Tells a person what is going on, with the seconds since the start. */
final class Narrator implements Progress {
    private final Instant begin = Instant.now();
    private final PrintStream out;

    Narrator(PrintStream out) {
        this.out = out;
    }

    /** A stage that is reached. */
    @Override
    public void line(String text) {
        text("%5.1f s  %s".formatted(elapsed().toMillis() / 1000.0, text));
    }

    /** A heading. */
    void heading(String text) {
        text("");
        text(text);
    }

    /** As it is. */
    void text(String text) {
        synchronized (out) {
            out.println(text);
            out.flush();
        }
    }

    Duration elapsed() {
        return Duration.between(begin, Instant.now());
    }

    /** Seconds with one decimal. */
    String seconds() {
        return String.format(Locale.ROOT, "%.1f s", elapsed().toMillis() / 1000.0);
    }
}

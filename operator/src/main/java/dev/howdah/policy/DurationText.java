// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as Kubernetes APIs write them: {@code 168h}, {@code 1h30m}, {@code 90s}, {@code 0}. */
public final class DurationText {
    private static final Pattern WHOLE = Pattern.compile("(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?");

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException when the text is not one, naming it and the form expected
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        var match = WHOLE.matcher(text);
        if (text.isEmpty() || !match.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a duration such as 168h, 1h30m or 90s");
        }
        return Duration.ofHours(number(match.group(1)))
                .plusMinutes(number(match.group(2)))
                .plusSeconds(number(match.group(3)));
    }

    /** Writes a duration, in whole seconds. */
    public static String format(Duration duration) {
        var text = new StringBuilder();
        append(text, duration.toHours(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long number, String unit) {
        if (number > 0) {
            text.append(number).append(unit);
        }
    }

    private static long number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}

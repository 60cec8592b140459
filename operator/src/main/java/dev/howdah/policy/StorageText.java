// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;

/** Sizes as Kubernetes writes them: {@code 10Gi}, {@code 500Mi}, {@code 1.5T}. */
public final class StorageText {
    private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi"};
    private static final int STEP = 1024;
    private static final int FEW = 10 * STEP;
    /** Longer texts are no sizes, and slow to read. */
    private static final int LONGEST = 64;

    private static final int QUOTED = 32;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private StorageText() {}

    /**
     * Reads a size, in bytes; what is beyond the largest number there is comes to that.
     *
     * @throws IllegalArgumentException when the text is not one, naming it and the form expected
     */
    public static long parse(String text) {
        try {
            if (text.length() > LONGEST) {
                throw new IllegalArgumentException("too long");
            }
            var amount = new Quantity(text).getNumericalAmount();
            if (amount.signum() < 0) {
                throw new IllegalArgumentException("below zero");
            }
            return amount.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
        } catch (IllegalArgumentException | ArithmeticException e) {
            var shown = text.length() <= QUOTED ? text : text.substring(0, QUOTED) + "…";
            throw new IllegalArgumentException(
                    "\"" + CONTROL.matcher(shown).replaceAll(" ") + "\" is not a size such as 10Gi, 500Mi or 1.5T", e);
        }
    }

    /** Writes a size, in the largest unit that leaves a whole number. */
    public static String format(long bytes) {
        return inUnits(bytes, StorageText::isWhole);
    }

    /** Writes a size in few digits, rounded down. */
    public static String floor(long bytes) {
        return inUnits(bytes, value -> value >= FEW || isWhole(value));
    }

    private static boolean isWhole(long value) {
        return value != 0 && value % STEP == 0;
    }

    private static String inUnits(long bytes, LongPredicate goesFurther) {
        var value = bytes;
        var unit = 0;
        while (unit < UNITS.length - 1 && goesFurther.test(value)) {
            value /= STEP;
            unit++;
        }
        return value + UNITS[unit];
    }
}

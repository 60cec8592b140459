// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as C reads and prints them, which is how PostgreSQL does. */
final class NumberText {
    private static final String SPACE = "[ \\t\\n\\x0B\\f\\r]*";
    /** {@code strtol} with base 0: hexadecimal, octal or decimal. */
    private static final Pattern WHOLE =
            Pattern.compile(SPACE + "([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))");
    /** {@code strtod}, without infinities and NaN, which no parameter takes. */
    private static final Pattern ANY = Pattern.compile(SPACE
            + "([+-]?)(?:(0[xX](?:[0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+))([pP][+-]?[0-9]+)?"
            + "|((?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?))");

    private static final Pattern UNIT = Pattern.compile(SPACE + "([^ \\t\\n\\x0B\\f\\r]*)" + SPACE);
    private static final Pattern NOTHING_BUT_ZEROS = Pattern.compile("[0.]*(?:[eE].*)?");
    private static final int SHOWN_DIGITS = 6;
    private static final int SMALLEST_PLAIN_EXPONENT = -4;

    private NumberText() {}

    /** A number and the name of the unit behind it, which may be empty. */
    record Measured(double number, String unit) {}

    /** Reads a number for an integer parameter, which takes fractions all the same. */
    static Optional<Measured> integer(String text) {
        var match = WHOLE.matcher(text);
        if (!match.lookingAt()) {
            return text.startsWith(".") ? real(text) : Optional.empty();
        }
        int end = match.end();
        boolean fraction = end < text.length() && ".eE".indexOf(text.charAt(end)) >= 0;
        if (fraction) {
            return real(text);
        }
        double number = whole(match.group(2), match.group(3), match.group(4));
        double signed = match.group(1).equals("-") ? 0 - number : number;
        return unit(text.substring(end)).map(unit -> new Measured(signed, unit));
    }

    private static double whole(@Nullable String hexadecimal, @Nullable String octal, @Nullable String decimal) {
        if (hexadecimal != null) {
            return new BigInteger(hexadecimal, 16).doubleValue();
        }
        return octal != null
                ? new BigInteger(octal, 8).doubleValue()
                : new BigInteger(Objects.requireNonNull(decimal)).doubleValue();
    }

    /** Reads a number for a parameter that takes fractions. */
    static Optional<Measured> real(String text) {
        var match = ANY.matcher(text);
        if (!match.lookingAt()) {
            return Optional.empty();
        }
        boolean hexadecimal = match.group(2) != null;
        var digits = hexadecimal ? match.group(2) : match.group(4);
        var exponent = match.group(3);
        double number = Double.parseDouble(hexadecimal ? digits + (exponent == null ? "p0" : exponent) : digits);
        var mantissa = hexadecimal ? digits.substring(2) : digits;
        boolean tooSmall = number < Double.MIN_NORMAL
                && !NOTHING_BUT_ZEROS.matcher(mantissa).matches();
        if (tooSmall || Double.isInfinite(number)) {
            return Optional.empty();
        }
        double signed = match.group(1).equals("-") ? 0 - number : number;
        return unit(text.substring(match.end())).map(unit -> new Measured(signed, unit));
    }

    private static Optional<String> unit(String rest) {
        var match = UNIT.matcher(rest);
        return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
    }

    /** C's {@code %g}: six digits, no zeros behind the point, an exponent for the very large and the very small. */
    static String general(double number) {
        if (number == 0) {
            return "0";
        }
        var rounded = new BigDecimal(number).round(new MathContext(SHOWN_DIGITS, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        var significant = rounded.stripTrailingZeros();
        if (exponent >= SMALLEST_PLAIN_EXPONENT && exponent < SHOWN_DIGITS) {
            return significant.toPlainString();
        }
        return "%se%s%02d"
                .formatted(
                        significant.movePointLeft(exponent).toPlainString(),
                        exponent < 0 ? "-" : "+",
                        Math.abs(exponent));
    }

    /** A text that reads back as exactly this number. */
    static String exact(double number) {
        var shown = general(number);
        return Double.parseDouble(shown) == number ? shown : Double.toString(number);
    }
}

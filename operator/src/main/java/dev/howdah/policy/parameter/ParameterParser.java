// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import dev.howdah.policy.parameter.ParameterValue.Fault;
import dev.howdah.policy.parameter.ParameterValue.Parsed;
import dev.howdah.policy.parameter.ParameterValue.Value;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads values the way guc.c does ({@code parse_bool}, {@code parse_int}, {@code parse_real}). */
record ParameterParser(Parameter parameter) {
    static final int LONGEST = 1024;
    private static final int QUOTED = 64;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** Where only 0 and numbers from this one on are taken: what the parameter's own check says, not its bounds. */
    private static final Map<String, Double> ZERO_OR_FROM = Map.of("vacuum_buffer_usage_limit", 128.0);

    Parsed parse(String text) {
        if (text.length() > LONGEST) {
            return new Fault("%d characters are too many; at most %d are taken".formatted(text.length(), LONGEST));
        }
        return switch (parameter.type()) {
            case BOOL -> bool(text);
            case INTEGER -> number(text, true);
            case REAL -> number(text, false);
            case ENUM -> choice(text);
            case STRING -> string(text);
        };
    }

    private Parsed bool(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        boolean on = begins(lower, "true", 1) || begins(lower, "yes", 1) || begins(lower, "on", 2) || lower.equals("1");
        boolean off =
                begins(lower, "false", 1) || begins(lower, "no", 1) || begins(lower, "off", 2) || lower.equals("0");
        return on || off ? word(on ? "on" : "off") : new Fault(quoted(text) + " is neither on nor off");
    }

    private static boolean begins(String text, String word, int atLeast) {
        return text.length() >= atLeast && word.startsWith(text);
    }

    private Parsed choice(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        var alias = parameter.aliases().get(lower);
        if (alias != null) {
            return word(alias);
        }
        return parameter.enumValues().stream()
                .filter(value -> value.toLowerCase(Locale.ROOT).equals(lower))
                .findFirst()
                .map(this::word)
                .orElseGet(() -> new Fault(
                        quoted(text) + " is none of its values: " + String.join(", ", parameter.enumValues())));
    }

    private Parsed string(String text) {
        return text.chars().anyMatch(c -> c == 0 || c == '\n' || c == '\r')
                ? new Fault("a line break or a NUL is in the value; it must be one line")
                : word(text);
    }

    private Parsed word(String text) {
        return new Value(new ParameterValue(parameter.name(), text, text, null, false));
    }

    private Parsed number(String text, boolean whole) {
        var unit = Unit.of(parameter.unit());
        var measured = whole ? NumberText.integer(text) : NumberText.real(text);
        if (measured.isEmpty()) {
            return notANumber(text, unit, whole);
        }
        double number = measured.get().number();
        var name = measured.get().unit();
        if (!name.isEmpty()) {
            var converted = unit.flatMap(known -> known.toBase(number, name));
            return converted.isEmpty() ? notANumber(text, unit, whole) : bounded(text, converted.get(), unit, whole);
        }
        return bounded(text, number, unit, whole);
    }

    private static Parsed notANumber(String text, Optional<Unit> unit, boolean whole) {
        return new Fault(unit.map(known -> "%s is not a %s; use a number with one of %s, such as %s"
                        .formatted(quoted(text), known.kind().noun(), known.kind().names, known.kind().example))
                .orElseGet(() -> quoted(text)
                        + (whole ? " is not a whole number; it takes no unit" : " is not a number; it takes no unit")));
    }

    private Parsed bounded(String text, double exact, Optional<Unit> unit, boolean whole) {
        // 0 + makes one zero of the two.
        double number = 0 + (whole ? Math.rint(exact) : exact);
        var smallest = bound(parameter.min());
        var largest = bound(parameter.max());
        if (smallest != null && number < smallest) {
            return new Fault("%s is below the smallest value PostgreSQL takes for it, %s"
                    .formatted(shortened(text), shown(smallest, unit, whole)));
        }
        if (largest != null && number > largest) {
            return new Fault("%s is above the largest value PostgreSQL takes for it, %s"
                    .formatted(shortened(text), shown(largest, unit, whole)));
        }
        var from = ZERO_OR_FROM.get(parameter.name());
        if (from != null && number != 0 && number < from) {
            return new Fault("%s is below the smallest value PostgreSQL takes for it besides 0, %s"
                    .formatted(shortened(text), shown(from, unit, whole)));
        }
        var shown = shown(number, unit, whole);
        var setting = whole ? shown : NumberText.exact(number);
        return new Value(new ParameterValue(
                parameter.name(), shown, setting, number, UnlimitedValues.has(parameter.name(), number)));
    }

    private static @Nullable Double bound(@Nullable String text) {
        return text == null ? null : Double.valueOf(text);
    }

    /** Only what is above zero is shown with a unit. */
    private static String shown(double number, Optional<Unit> unit, boolean whole) {
        if (number <= 0 || unit.isEmpty()) {
            return whole ? Long.toString((long) number) : NumberText.general(number);
        }
        return whole ? unit.get().show((long) number) : unit.get().show(number);
    }

    private static String quoted(String text) {
        return "\"" + shortened(text) + "\"";
    }

    private static String shortened(String text) {
        var line = CONTROL.matcher(text.strip()).replaceAll(" ");
        return line.length() <= QUOTED ? line : line.substring(0, QUOTED) + "…";
    }
}

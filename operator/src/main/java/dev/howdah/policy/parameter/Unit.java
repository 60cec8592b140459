// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a parameter's base unit converts, with PostgreSQL's own rounding (guc.c: {@code convert_to_base_unit},
 * {@code convert_int_from_base_unit}, {@code convert_real_from_base_unit}).
 *
 * @param kind what it measures
 * @param steps the units of that kind, largest first, and how many base units each is
 */
record Unit(Kind kind, List<Step> steps) {
    enum Kind {
        SIZE("B, kB, MB, GB, TB", "64MB"),
        TIME("us, ms, s, min, h, d", "30s");

        final String names;
        final String example;

        Kind(String names, String example) {
            this.names = names;
            this.example = example;
        }

        String noun() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record Step(String name, double multiplier) {}

    private static final double AS_GOOD_AS_WHOLE = 1e-8;

    private static final double KILO = 1024;
    private static final double SECOND = 1000;

    /** The unit by the name it has in {@code pg_settings}; empty for parameters without one. */
    static Optional<Unit> of(@Nullable String base) {
        if (base == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (base) {
                    case "B" -> size(1);
                    case "kB" -> size(KILO);
                    case "8kB" -> size(8 * KILO);
                    case "MB" -> size(KILO * KILO);
                    case "ms" -> time(1);
                    case "s" -> time(SECOND);
                    case "min" -> time(60 * SECOND);
                    default -> throw new IllegalArgumentException("unknown unit " + base);
                });
    }

    private static Unit size(double bytes) {
        return new Unit(
                Kind.SIZE,
                List.of(
                        new Step("TB", KILO * KILO * KILO * KILO / bytes),
                        new Step("GB", KILO * KILO * KILO / bytes),
                        new Step("MB", KILO * KILO / bytes),
                        new Step("kB", KILO / bytes),
                        new Step("B", 1 / bytes)));
    }

    private static Unit time(double milliseconds) {
        return new Unit(
                Kind.TIME,
                List.of(
                        new Step("d", 24 * 3600 * SECOND / milliseconds),
                        new Step("h", 3600 * SECOND / milliseconds),
                        new Step("min", 60 * SECOND / milliseconds),
                        new Step("s", SECOND / milliseconds),
                        new Step("ms", 1 / milliseconds),
                        new Step("us", 1 / (SECOND * milliseconds))));
    }

    /** In base units; a fraction of a unit is rounded to a whole number of the next smaller one. Empty: no such unit. */
    Optional<Double> toBase(double number, String name) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).name().equals(name)) {
                double base = number * steps.get(i).multiplier();
                if (i + 1 < steps.size()) {
                    double next = steps.get(i + 1).multiplier();
                    base = Math.rint(base / next) * next;
                }
                return Optional.of(base);
            }
        }
        return Optional.empty();
    }

    /** In the largest unit that leaves a whole number. */
    String show(long base) {
        for (var step : steps) {
            if (step.multiplier() <= 1 || base % (long) step.multiplier() == 0) {
                return (long) Math.rint(base / step.multiplier()) + step.name();
            }
        }
        throw new IllegalStateException("no unit is small enough for " + base);
    }

    /** In the largest unit that leaves, to all that is printed, a whole number; else in the smallest. */
    String show(double base) {
        for (var step : steps) {
            double number = base / step.multiplier();
            if (Math.abs(Math.rint(number) / number - 1) <= AS_GOOD_AS_WHOLE) {
                return NumberText.general(number) + step.name();
            }
        }
        var smallest = steps.getLast();
        return NumberText.general(base / smallest.multiplier()) + smallest.name();
    }
}

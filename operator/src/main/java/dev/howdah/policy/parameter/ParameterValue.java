// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import org.jspecify.annotations.Nullable;

/**
 * A value of a parameter, the same however it was written: {@code 1GB} equals {@code 1048576kB}. Of string parameters
 * PostgreSQL may know more spellings of a value ({@code DateStyle}); they are taken as they stand.
 *
 * @param name the parameter
 * @param text as SHOW prints it
 * @param setting a text that sets exactly this value; differs from {@code text} where SHOW rounds a fraction
 * @param number in the parameter's base unit, of numeric parameters
 * @param unlimited whether it means "no limit" or "never" and so is more than any number
 */
public record ParameterValue(
        String name, String text, String setting, @Nullable Double number, boolean unlimited)
        implements Comparable<ParameterValue> {

    /** What a text turned out to be. */
    public sealed interface Parsed {}

    public record Value(ParameterValue value) implements Parsed {}

    /** Says what is wrong and what is allowed; names neither the parameter nor where it stands. */
    public record Fault(String message) implements Parsed {}

    /** Reads a text as the server would. */
    public static Parsed parse(Parameter parameter, String text) {
        return new ParameterParser(parameter).parse(text);
    }

    /** By size; values that are without limit are the largest; texts by their letters. */
    @Override
    public int compareTo(ParameterValue other) {
        if (!name.equals(other.name)) {
            throw new IllegalArgumentException(name + " and " + other.name + " have no order");
        }
        if (number == null || other.number == null) {
            return text.compareTo(other.text);
        }
        if (unlimited || other.unlimited) {
            return Boolean.compare(unlimited, other.unlimited);
        }
        return Double.compare(number, other.number);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What limits allow of one parameter: an interval, or single values, or (after {@link #widenedBy}) both. Closed under
 * union and intersection.
 *
 * @param name the parameter
 * @param interval {@code null} when only single values are allowed
 * @param values allowed besides the interval
 */
public record ParameterRange(String name, @Nullable Interval interval, List<ParameterValue> values) {

    /** Between two values, both included; {@code null} is no bound at that side. */
    public record Interval(
            @Nullable ParameterValue min, @Nullable ParameterValue max) {
        boolean has(ParameterValue value) {
            return !below(value) && !above(value);
        }

        private boolean below(ParameterValue value) {
            return min != null && value.compareTo(min) < 0;
        }

        private boolean above(ParameterValue value) {
            return max != null && value.compareTo(max) > 0;
        }

        /** Only the bounds that a waiver gives are moved, and only outwards. */
        private Interval movedBy(Interval waiver) {
            return new Interval(
                    min == null || waiver.min == null ? min : smaller(min, waiver.min),
                    max == null || waiver.max == null ? max : larger(max, waiver.max));
        }

        /** Every bound either gives, the wider where both do. */
        private Interval joined(Interval other) {
            return new Interval(
                    min == null ? other.min : other.min == null ? min : smaller(min, other.min),
                    max == null ? other.max : other.max == null ? max : larger(max, other.max));
        }

        private Optional<Interval> overlap(Interval other) {
            var from = other.min == null ? min : min == null ? other.min : larger(min, other.min);
            var to = other.max == null ? max : max == null ? other.max : smaller(max, other.max);
            return from != null && to != null && from.compareTo(to) > 0
                    ? Optional.empty()
                    : Optional.of(new Interval(from, to));
        }

        private static ParameterValue smaller(ParameterValue one, ParameterValue other) {
            return one.compareTo(other) <= 0 ? one : other;
        }

        private static ParameterValue larger(ParameterValue one, ParameterValue other) {
            return one.compareTo(other) >= 0 ? one : other;
        }

        private String describe() {
            if (min == null) {
                return max == null || max.unlimited() ? "any value" : "at most " + max.text();
            }
            if (max == null || max.unlimited()) {
                return "at least " + min.text();
            }
            return min.equals(max) ? "exactly " + min.text() : "from " + min.text() + " to " + max.text();
        }
    }

    /** What a policy's texts come to. */
    public sealed interface Compiled {}

    public record Range(ParameterRange range) implements Compiled {}

    /** All that is wrong, each beginning with the field it is about where there is one. */
    public record Faults(List<String> messages) implements Compiled {
        public Faults {
            messages = List.copyOf(messages);
        }
    }

    public ParameterRange {
        values = values.stream()
                .filter(value -> interval == null || !interval.has(value))
                .distinct()
                .toList();
        if (interval == null && values.isEmpty()) {
            throw new IllegalArgumentException("nothing is allowed of " + name);
        }
    }

    /**
     * Reads a limit as a policy has it. A {@code max} that means "no limit", such as 0 of {@code statement_timeout}, is
     * above everything, so that a waiver can lift one.
     */
    public static Compiled compile(
            Parameter parameter, @Nullable String min, @Nullable String max, @Nullable List<String> oneOf) {
        return new RangeCompiler(parameter).compile(min, max, oneOf);
    }

    public boolean allows(ParameterValue value) {
        return (interval != null && interval.has(value)) || values.contains(value);
    }

    /** This limit where a waiver lifts it: a bound the waiver does not give stays as it is. */
    public ParameterRange widenedBy(ParameterRange waiver) {
        var moved = interval == null || waiver.interval == null
                ? (interval == null ? waiver.interval : interval)
                : interval.movedBy(waiver.interval);
        return new ParameterRange(name, moved, both(values, waiver.values));
    }

    /** What two waivers lift together. */
    public ParameterRange alongWith(ParameterRange other) {
        var joined = interval == null || other.interval == null
                ? (interval == null ? other.interval : interval)
                : interval.joined(other.interval);
        return new ParameterRange(name, joined, both(values, other.values));
    }

    private static List<ParameterValue> both(List<ParameterValue> one, List<ParameterValue> other) {
        var all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    /** What both allow; empty when there is nothing. */
    public Optional<ParameterRange> intersect(ParameterRange other) {
        var overlap = interval == null || other.interval == null
                ? null
                : interval.overlap(other.interval).orElse(null);
        var both = new LinkedHashSet<ParameterValue>();
        values.stream().filter(other::allows).forEach(both::add);
        other.values.stream().filter(this::allows).forEach(both::add);
        return overlap == null && both.isEmpty()
                ? Optional.empty()
                : Optional.of(new ParameterRange(name, overlap, List.copyOf(both)));
    }

    /** The value itself or the bound it is beyond; empty where only single values are allowed, which have no order. */
    public Optional<ParameterValue> nearest(ParameterValue value) {
        if (allows(value)) {
            return Optional.of(value);
        }
        return interval == null
                ? Optional.empty()
                : Optional.ofNullable(interval.below(value) ? interval.min() : interval.max());
    }

    /** For messages: {@code at most 64MB}, {@code from 1s to 5min}, {@code one of: read committed, serializable}. */
    public String describe() {
        var single = values.stream()
                .map(value -> value.text() + (value.unlimited() ? " (no limit)" : ""))
                .collect(Collectors.joining(", "));
        if (interval == null) {
            return "one of: " + single;
        }
        return values.isEmpty() ? interval.describe() : interval.describe() + ", or one of: " + single;
    }
}

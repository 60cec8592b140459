// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import dev.howdah.policy.parameter.ParameterRange.Compiled;
import dev.howdah.policy.parameter.ParameterRange.Faults;
import dev.howdah.policy.parameter.ParameterRange.Interval;
import dev.howdah.policy.parameter.ParameterRange.Range;
import dev.howdah.policy.parameter.ParameterValue.Fault;
import dev.howdah.policy.parameter.ParameterValue.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns the texts of a policy's limit into a range, or into everything that is wrong with them. */
final class RangeCompiler {
    private final Parameter parameter;
    private final List<String> faults = new ArrayList<>();

    RangeCompiler(Parameter parameter) {
        this.parameter = parameter;
    }

    Compiled compile(@Nullable String min, @Nullable String max, @Nullable List<String> oneOf) {
        var refusal = parameter.refusal();
        if (refusal.isPresent()) {
            return new Faults(List.of(refusal.get()));
        }
        boolean bounded = min != null || max != null;
        if (bounded == (oneOf != null)) {
            faults.add(
                    bounded
                            ? "oneOf and a range exclude each other; give oneOf, or min and max"
                            : "nothing is given; give min, max or both, or give oneOf");
        }
        var from = min == null ? null : bound("min", min);
        var to = max == null ? null : bound("max", max);
        var values = oneOf == null ? List.<ParameterValue>of() : values(oneOf);
        if (from != null && from.unlimited()) {
            faults.add("min: %s means no limit, which is above every max; leave min out, or use oneOf: [\"%s\"]"
                    .formatted(from.text(), from.text()));
        } else if (from != null && to != null && from.compareTo(to) > 0) {
            faults.add("min: %s is above max: %s".formatted(from.text(), to.text()));
        }
        if (!faults.isEmpty()) {
            return new Faults(faults);
        }
        var interval = bounded ? new Interval(from, to) : null;
        return new Range(new ParameterRange(parameter.name(), interval, values));
    }

    private @Nullable ParameterValue bound(String field, String text) {
        if (!parameter.type().ordered()) {
            faults.add("%s: \"%s\" has no smaller and larger values; use oneOf".formatted(field, parameter.name()));
            return null;
        }
        return value(field, text);
    }

    private List<ParameterValue> values(List<String> texts) {
        if (texts.isEmpty()) {
            faults.add("oneOf: must not be empty; list the values that are allowed");
        }
        var values = new ArrayList<@Nullable ParameterValue>();
        for (int i = 0; i < texts.size(); i++) {
            values.add(value("oneOf[" + i + "]", texts.get(i)));
        }
        return values.stream()
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    private @Nullable ParameterValue value(String field, String text) {
        return switch (ParameterValue.parse(parameter, text)) {
            case Value(var value) -> value;
            case Fault(var message) -> {
                faults.add(field + ": " + message);
                yield null;
            }
        };
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rulebook;

import dev.howdah.api.v1alpha1.ParameterLimit;
import dev.howdah.policy.UnknownParameter;
import dev.howdah.policy.parameter.Parameter;
import dev.howdah.policy.parameter.ParameterCatalog;
import dev.howdah.policy.parameter.ParameterRange;
import dev.howdah.policy.parameter.ParameterValue;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what policies say about parameters, against the catalogue of every supported major version. */
final class ParameterReading {
    private static final int MOST = 256;
    private static final int LONGEST_NAME = 63;

    private ParameterReading() {}

    static boolean tooMany(String path, int size, int most, List<String> faults) {
        if (size > most) {
            faults.add("`%s`: has %d entries, at most %d are taken; make several policies of it"
                    .formatted(path, size, most));
        }
        return size > most;
    }

    /** Values by PostgreSQL's own spelling. */
    static SortedMap<String, String> settings(String path, Map<String, String> given, List<String> faults) {
        var settings = new TreeMap<String, String>();
        if (tooMany(path, given.size(), MOST, faults)) {
            return settings;
        }
        new TreeMap<>(given).forEach((name, text) -> {
            var field = path + "." + name;
            var known = known(path, name, faults);
            if (known.isEmpty()) {
                return;
            }
            // JSON has nulls where the schema, and so the type, has none.
            if (text == null) {
                faults.add("`%s`: has no value; give one, or leave it out".formatted(field));
                return;
            }
            var wrong = new LinkedHashSet<String>();
            for (var parameter : known.values()) {
                if (ParameterValue.parse(parameter, text) instanceof ParameterValue.Fault fault) {
                    wrong.add(fault.message());
                }
            }
            wrong.forEach(message -> faults.add("`%s`: %s".formatted(field, message)));
            if (settings.put(known.values().iterator().next().name(), text) != null) {
                faults.add("`%s`: is set twice, in different spellings; leave one".formatted(field));
            }
        });
        return settings;
    }

    /** Ranges by major version and PostgreSQL's own spelling. */
    static Map<Integer, Map<String, Limits.Worded>> ranges(
            String path, Map<String, ParameterLimit> given, List<String> faults) {
        var ranges = new HashMap<Integer, Map<String, Limits.Worded>>();
        if (tooMany(path, given.size(), MOST, faults)) {
            return ranges;
        }
        new TreeMap<>(given).forEach((name, limit) -> {
            var field = path + "." + name;
            var wrong = new LinkedHashSet<String>();
            var known = known(path, name, faults);
            if (!known.isEmpty() && (limit == null || hasNull(limit.oneOf()))) {
                faults.add("`%s`: %s is null; give min, max or both, or give oneOf"
                        .formatted(field, limit == null ? "the limit" : "an entry of oneOf"));
                return;
            }
            known.forEach((major, parameter) -> {
                switch (ParameterRange.compile(parameter, limit.min(), limit.max(), limit.oneOf())) {
                    case ParameterRange.Faults(var messages) -> wrong.addAll(messages);
                    case ParameterRange.Range(var range) -> {
                        if (ranges.computeIfAbsent(major, m -> new HashMap<>())
                                        .put(parameter.name(), new Limits.Worded(range))
                                != null) {
                            wrong.add("is limited twice, in different spellings; leave one");
                        }
                    }
                }
            });
            wrong.forEach(message -> faults.add("`%s`: %s".formatted(field, message)));
        });
        return ranges;
    }

    /** A policy whose own values break its own limits can never be meant. */
    static void insideOwnLimits(String path, Map<String, String> settings, Limits limits, List<String> faults) {
        settings.forEach((name, text) -> {
            for (var major : ParameterCatalog.majors()) {
                var range = limits.parameter(major, name);
                var parameter = ParameterCatalog.of(major).find(name);
                if (range != null
                        && parameter.isPresent()
                        && ParameterValue.parse(parameter.get(), text) instanceof ParameterValue.Value(var value)
                        && !range.allows(value)) {
                    faults.add("`%s.%s`: %s breaks the policy's own limit (%s); correct one of them"
                            .formatted(path, name, text, range.describe()));
                    return;
                }
            }
        });
    }

    /** The parameter in each version that has it; none, with a fault, where no policy may say anything about it. */
    private static SortedMap<Integer, Parameter> known(String path, String name, List<String> faults) {
        var known = new TreeMap<Integer, Parameter>();
        if (name.length() > LONGEST_NAME) {
            faults.add("`%s`: \"%s…\" is too long for the name of a parameter"
                    .formatted(path, name.substring(0, LONGEST_NAME)));
            return known;
        }
        var field = path + "." + name;
        for (var major : ParameterCatalog.majors()) {
            ParameterCatalog.of(major).find(name).ifPresent(parameter -> known.put(major, parameter));
        }
        if (known.isEmpty()) {
            faults.add("`%s`: %s"
                    .formatted(
                            field,
                            UnknownParameter.message(ParameterCatalog.majors().getLast(), name)));
            return known;
        }
        var refusal = known.values().stream()
                .map(Parameter::refusal)
                .flatMap(Optional::stream)
                .findFirst();
        refusal.ifPresent(why -> {
            faults.add("`%s`: %s".formatted(field, why));
            known.clear();
        });
        return known;
    }

    private static boolean hasNull(@Nullable List<String> list) {
        return list != null && list.stream().anyMatch(Objects::isNull);
    }
}

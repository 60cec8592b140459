// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The parameters of one major version, from a file that a test makes from a real server. */
public final class ParameterCatalog {
    private static final List<Integer> MAJORS = List.of(15, 16, 17, 18);
    private static final Map<Integer, ParameterCatalog> BY_MAJOR = MAJORS.stream()
            .collect(Collectors.toUnmodifiableMap(
                    Function.identity(), major -> new ParameterCatalog(ParameterFile.read(major))));

    private static final int SUGGESTIONS = 3;
    /** Of so many letters one may be wrong, and two in any name. */
    private static final int LETTERS_PER_ERROR = 4;

    private static final int ERRORS_IN_ANY_NAME = 2;

    private final SortedMap<String, Parameter> byLowerName = new TreeMap<>();

    private ParameterCatalog(List<Parameter> parameters) {
        parameters.forEach(parameter -> byLowerName.put(lower(parameter.name()), parameter));
    }

    /** The majors there is a catalog of, oldest first. */
    public static List<Integer> majors() {
        return MAJORS;
    }

    public static ParameterCatalog of(int major) {
        var catalog = BY_MAJOR.get(major);
        if (catalog == null) {
            throw new IllegalArgumentException(
                    "no parameters are known of PostgreSQL %d, only of %s".formatted(major, MAJORS));
        }
        return catalog;
    }

    /** The parameter by its name in whatever case, as the newest of these majors that has it describes it. */
    public static Optional<Parameter> findInAny(Collection<Integer> majors, String name) {
        return majors.stream()
                .sorted(Comparator.reverseOrder())
                .flatMap(major -> of(major).find(name).stream())
                .findFirst();
    }

    /** Whether it belongs to an extension or an application: such names have a dot and are in no catalog. */
    public static boolean isCustom(String name) {
        return name.indexOf('.') >= 0;
    }

    /** The parameter by its name in whatever case; its own spelling is in the answer. */
    public Optional<Parameter> find(String name) {
        return Optional.ofNullable(byLowerName.get(lower(name)));
    }

    /** All, by name. */
    public Collection<Parameter> all() {
        return byLowerName.values().stream().toList();
    }

    /** At most three names that could have been meant, the nearest first; of equally near ones those that can be set. */
    public List<String> closest(String name) {
        var wanted = lower(name);
        int most = Math.max(ERRORS_IN_ANY_NAME, wanted.length() / LETTERS_PER_ERROR);
        record Near(Parameter parameter, int errors) {}
        return byLowerName.entrySet().stream()
                .filter(entry -> Math.abs(entry.getKey().length() - wanted.length()) <= most)
                .map(entry -> new Near(entry.getValue(), EditDistance.between(wanted, entry.getKey())))
                .filter(near -> near.errors() <= most)
                .sorted(Comparator.comparingInt(Near::errors)
                        .thenComparing(near -> near.parameter().scope())
                        .thenComparing(near -> near.parameter().name()))
                .limit(SUGGESTIONS)
                .map(near -> near.parameter().name())
                .toList();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names in a PromQL expression, as far as they can be wrong without anybody noticing: Prometheus takes a metric or a
 * label that nobody serves for one without samples.
 *
 * @param metrics with the labels that are selected by
 * @param grouped the labels that are grouped or joined by
 */
record PromQl(Map<String, Set<String>> metrics, Set<String> grouped) {
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*\\]");
    private static final Pattern SELECTOR =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\b(?!\\s*\\()\\s*(?:\\{([^}]*)\\})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
    private static final Set<String> OPERATORS =
            Set.of("or", "and", "unless", "bool", "offset", "on", "group_left", "group_right");

    static PromQl of(String expression) {
        var grouped = new TreeSet<String>();
        GROUPING.matcher(expression)
                .results()
                .flatMap(group -> Arrays.stream(group.group(1).split(",")))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .forEach(grouped::add);
        var rest = RANGE.matcher(GROUPING.matcher(expression).replaceAll(" ")).replaceAll(" ");
        var metrics = new LinkedHashMap<String, Set<String>>();
        SELECTOR.matcher(rest)
                .results()
                .filter(selector -> !OPERATORS.contains(selector.group(1)))
                .forEach(selector -> metrics.computeIfAbsent(selector.group(1), m -> new TreeSet<>())
                        .addAll(
                                selector.group(2) == null
                                        ? Set.of()
                                        : MATCHER.matcher(selector.group(2))
                                                .results()
                                                .map(matcher -> matcher.group(1))
                                                .collect(Collectors.toSet())));
        return new PromQl(metrics, grouped);
    }
}

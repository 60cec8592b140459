// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import dev.howdah.policy.Source;
import dev.howdah.policy.Source.Layer;
import dev.howdah.policy.rulebook.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the policies say, by parameter and the one that ranks highest first: each is walked once, however many names there are. */
final class ByParameter {
    /** A policy's range. */
    record Limit(Applied applied, Limits.Worded range) {}

    /** A policy's value. */
    record Setting(Applied applied, Source source, String text) {}

    private final Map<String, List<Limit>> limits = new HashMap<>();
    private final Map<String, List<Setting>> overrides = new HashMap<>();
    private final Map<String, List<Setting>> defaults = new HashMap<>();

    ByParameter(List<Applied> policies, int major) {
        for (var applied : policies) {
            applied.limits()
                    .parameters()
                    .getOrDefault(major, Map.of())
                    .forEach((name, range) -> add(limits, name, new Limit(applied, range)));
            var policy = applied.policy();
            add(overrides, applied, Layer.PolicyOverride, policy.overrides());
            add(defaults, applied, Layer.PolicyDefault, policy.defaults());
        }
    }

    private static void add(
            Map<String, List<Setting>> all, Applied applied, Layer layer, Map<String, String> settings) {
        if (!settings.isEmpty()) {
            var source = new Source(layer, applied.policy().name());
            settings.forEach((name, text) -> add(all, name, new Setting(applied, source, text)));
        }
    }

    private static <T> void add(Map<String, List<T>> all, String name, T one) {
        all.computeIfAbsent(name, n -> new ArrayList<>()).add(one);
    }

    List<Limit> limits(String name) {
        return limits.getOrDefault(name, List.of());
    }

    List<Setting> overrides(String name) {
        return overrides.getOrDefault(name, List.of());
    }

    List<Setting> defaults(String name) {
        return defaults.getOrDefault(name, List.of());
    }

    /** Every parameter that is set. */
    List<String> set() {
        var names = new ArrayList<>(overrides.keySet());
        names.addAll(defaults.keySet());
        return names;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Label selectors, matched as the API server does. */
public final class Labels {
    private Labels() {}

    /** An empty selector matches everything; no selector at all is the caller's to interpret. */
    public static boolean match(LabelSelector selector, @Nullable Map<String, String> labels) {
        var held = labels == null ? Map.<String, String>of() : labels;
        var equal = selector.getMatchLabels() == null
                || selector.getMatchLabels().entrySet().stream()
                        .allMatch(wanted -> wanted.getValue().equals(held.get(wanted.getKey())));
        return equal
                && (selector.getMatchExpressions() == null
                        || selector.getMatchExpressions().stream().allMatch(wanted -> matches(wanted, held)));
    }

    private static boolean matches(LabelSelectorRequirement wanted, Map<String, String> held) {
        var value = held.get(wanted.getKey());
        var values = wanted.getValues() == null ? List.<String>of() : wanted.getValues();
        return switch (wanted.getOperator()) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}

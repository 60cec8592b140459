// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Label selectors, matched as the API server does. */
public final class Labels {
    private Labels() {}

    /** An empty selector matches everything; no selector at all is the caller's to interpret. */
    public static boolean match(LabelSelector selector, @Nullable Map<String, String> labels) {
        var held = labels == null ? Map.<String, String>of() : labels;
        if (selector.getMatchLabels() != null) {
            for (var wanted : selector.getMatchLabels().entrySet()) {
                if (wanted.getValue() == null || !wanted.getValue().equals(held.get(wanted.getKey()))) {
                    return false;
                }
            }
        }
        if (selector.getMatchExpressions() != null) {
            for (var wanted : selector.getMatchExpressions()) {
                if (wanted == null || !matches(wanted, held)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What the API server does not look at: a selector with such a fault matches nothing, or not what was meant. */
    public static List<String> faults(LabelSelector selector) {
        var faults = new ArrayList<String>();
        if (selector.getMatchLabels() != null) {
            selector.getMatchLabels().forEach((key, value) -> {
                if (value == null) {
                    faults.add("label \"%s\" has no value; give one, or use the operator Exists".formatted(key));
                }
            });
        }
        if (selector.getMatchExpressions() != null) {
            selector.getMatchExpressions().forEach(wanted -> faults(wanted, faults));
        }
        return faults;
    }

    private static void faults(@Nullable LabelSelectorRequirement wanted, List<String> faults) {
        if (wanted == null || wanted.getKey() == null || wanted.getKey().isEmpty()) {
            faults.add("an expression has no key; name the label");
            return;
        }
        var valued = wanted.getValues() != null && !wanted.getValues().isEmpty();
        var listed = "In".equals(wanted.getOperator()) || "NotIn".equals(wanted.getOperator());
        if (!listed && !"Exists".equals(wanted.getOperator()) && !"DoesNotExist".equals(wanted.getOperator())) {
            faults.add("operator \"%s\" of label \"%s\" is none of In, NotIn, Exists, DoesNotExist"
                    .formatted(wanted.getOperator(), wanted.getKey()));
        } else if (listed != valued) {
            faults.add("operator %s of label \"%s\" %s values"
                    .formatted(wanted.getOperator(), wanted.getKey(), listed ? "needs" : "takes no"));
        }
    }

    private static boolean matches(LabelSelectorRequirement wanted, Map<String, String> held) {
        var value = held.get(wanted.getKey());
        var values = wanted.getValues() == null ? List.<String>of() : wanted.getValues();
        return switch (String.valueOf(wanted.getOperator())) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}

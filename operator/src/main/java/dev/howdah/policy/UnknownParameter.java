// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.policy.parameter.ParameterCatalog;
import java.util.List;

/** What to say about a parameter that no catalogue has. */
public final class UnknownParameter {
    private UnknownParameter() {}

    public static String message(int major, String name) {
        if (ParameterCatalog.isCustom(name)) {
            return "\"%s\" belongs to an extension or an application, and such parameters cannot be set here yet; set it in the session"
                    .formatted(name);
        }
        var elsewhere = ParameterCatalog.majors().stream()
                .filter(other -> ParameterCatalog.of(other).find(name).isPresent())
                .toList();
        if (!elsewhere.isEmpty()) {
            return "PostgreSQL %d has no parameter \"%s\" (%s has); leave it out"
                    .formatted(major, name, majors(elsewhere));
        }
        var closest = ParameterCatalog.of(major).closest(name);
        return "PostgreSQL %d has no parameter \"%s\"%s; correct the name or leave it out"
                .formatted(major, name, closest.isEmpty() ? "" : " (did you mean " + String.join(", ", closest) + "?)");
    }

    private static String majors(List<Integer> majors) {
        return String.join(", ", majors.stream().map(String::valueOf).toList());
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.state;

import dev.howdah.api.v1alpha1.Condition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads conditions. */
public final class Conditions {
    private Conditions() {}

    public static List<Condition> orNone(@Nullable List<Condition> conditions) {
        return conditions == null ? List.of() : conditions;
    }

    public static Optional<Condition> find(@Nullable List<Condition> conditions, String type) {
        return orNone(conditions).stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    public static boolean isTrue(@Nullable List<Condition> conditions, String type) {
        return find(conditions, type)
                .filter(condition -> condition.status().equals("True"))
                .isPresent();
    }

    /** Whether it is as it should be: some types are good news when they are true, others bad. */
    public static boolean good(Condition condition) {
        return switch (condition.type()) {
            case "Reconciling", "Stalled" -> !condition.status().equals("True");
            default -> condition.status().equals("True");
        };
    }

    /** Those that are not as they should be. */
    public static List<Condition> amiss(@Nullable List<Condition> conditions) {
        return orNone(conditions).stream().filter(condition -> !good(condition)).toList();
    }

    /** Such as {@code Ready=True, Provisioned}. */
    public static String text(Condition condition) {
        return "%s=%s, %s".formatted(condition.type(), condition.status(), condition.reason());
    }

    /** The same of a type, or that nothing is said of it. */
    public static String text(@Nullable List<Condition> conditions, String type) {
        return find(conditions, type).map(Conditions::text).orElse("says nothing of " + type);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which class a claim belongs to. */
public sealed interface ClassChoice {
    record Chosen(DatabaseClass databaseClass) implements ClassChoice {}

    /** No class can be told: it does not exist, there is no default, or there are several. */
    record None(Reason reason, String message) implements ClassChoice {}

    /** The named class, or without a name the one default class. */
    static ClassChoice choose(@Nullable String className, Collection<DatabaseClass> classes) {
        return sound(className == null ? theDefault(classes) : named(className, classes));
    }

    private static ClassChoice sound(ClassChoice choice) {
        if (choice instanceof Chosen(var databaseClass)) {
            var faults = ClassTerms.faults(databaseClass);
            if (!faults.isEmpty()) {
                return new None(
                        Reason.ClassNotFound,
                        "`className`: class \"%s\" cannot be used (%s); ask a DBA to correct it"
                                .formatted(databaseClass.getMetadata().getName(), String.join("; ", faults)));
            }
        }
        return choice;
    }

    private static ClassChoice named(String className, Collection<DatabaseClass> classes) {
        return classes.stream()
                .filter(c -> className.equals(c.getMetadata().getName()))
                .<ClassChoice>map(Chosen::new)
                .findFirst()
                .orElseGet(() -> new None(
                        Reason.ClassNotFound,
                        "`className`: there is no class \"%s\"; %s".formatted(className, offered(classes))));
    }

    private static ClassChoice theDefault(Collection<DatabaseClass> classes) {
        var defaults = classes.stream().filter(ClassChoice::isDefault).toList();
        return switch (defaults.size()) {
            case 1 -> new Chosen(defaults.getFirst());
            case 0 ->
                new None(
                        Reason.ClassNotFound,
                        "`className` is not set and no class is the default; %s, or ask a DBA to annotate one with %s=\"true\""
                                .formatted(offered(classes), Howdah.DEFAULT_CLASS));
            default ->
                new None(
                        Reason.DefaultConflict,
                        "`className` is not set and %d classes are marked as the default (%s); set it, or ask a DBA to leave the annotation %s on one of them"
                                .formatted(defaults.size(), names(defaults), Howdah.DEFAULT_CLASS));
        };
    }

    /** Whether the class carries the default-class annotation. */
    static boolean isDefault(DatabaseClass databaseClass) {
        var annotations = databaseClass.getMetadata().getAnnotations();
        return annotations != null && "true".equals(annotations.get(Howdah.DEFAULT_CLASS));
    }

    private static String offered(Collection<DatabaseClass> classes) {
        return classes.isEmpty() ? "no class is published yet: ask a DBA for one" : "use one of: " + names(classes);
    }

    private static String names(Collection<DatabaseClass> classes) {
        return classes.stream()
                .map(c -> c.getMetadata().getName())
                .sorted()
                .limit(20)
                .collect(Collectors.joining(", "));
    }
}

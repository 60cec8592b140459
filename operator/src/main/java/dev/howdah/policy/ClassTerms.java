// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.DatabaseClassSpec.Defaults;
import dev.howdah.api.v1alpha1.DatabaseLocale;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import java.time.Duration;
import java.util.List;

/**
 * What a class grants, with the built-in values where it is silent. Kept in the ledger when a claim is bound, so that a
 * later edit of the class changes future claims only.
 *
 * @param majorVersion the version of a claim that names none: the class's default, else the newest it offers
 * @param retainFor how long a deleted database is kept when its policy is Delete
 */
public record ClassTerms(
        String className,
        List<Integer> majorVersions,
        int majorVersion,
        int connections,
        List<String> extensions,
        List<String> schemas,
        DeletionPolicy deletionPolicy,
        DatabaseLocale locale,
        Duration retainFor,
        boolean ownerMayCreateSchemas) {

    public static final int DEFAULT_CONNECTIONS = 20;
    public static final List<String> DEFAULT_SCHEMAS = List.of("public");
    public static final Duration DEFAULT_RETAIN_FOR = Duration.ofHours(168);

    /** The terms of a class as it stands. */
    public static ClassTerms of(DatabaseClass databaseClass) {
        var spec = databaseClass.getSpec();
        var defaults = spec.defaults() == null ? Defaults.NONE : spec.defaults();
        var newest =
                spec.majorVersions().stream().mapToInt(Integer::intValue).max().orElse(0);
        return new ClassTerms(
                databaseClass.getMetadata().getName(),
                List.copyOf(spec.majorVersions()),
                defaults.majorVersion() == null ? newest : defaults.majorVersion(),
                defaults.connections() == null ? DEFAULT_CONNECTIONS : defaults.connections(),
                defaults.extensions() == null
                        ? List.of()
                        : defaults.extensions().stream()
                                .map(ExtensionRequest::name)
                                .toList(),
                defaults.schemas() == null ? DEFAULT_SCHEMAS : List.copyOf(defaults.schemas()),
                defaults.deletionPolicy() == null ? DeletionPolicy.Retain : defaults.deletionPolicy(),
                spec.locale() == null ? new DatabaseLocale(null, null, null) : spec.locale(),
                retainFor(databaseClass),
                Boolean.TRUE.equals(spec.ownerMayCreateSchemas()));
    }

    /** How long the class keeps a deleted database, as it stands now. */
    public static Duration retainFor(DatabaseClass databaseClass) {
        var text = databaseClass.getSpec().retainFor();
        return text == null ? DEFAULT_RETAIN_FOR : DurationText.parse(text);
    }
}

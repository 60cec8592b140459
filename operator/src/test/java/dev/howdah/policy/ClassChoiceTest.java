// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassChoiceTest {
    private static DatabaseClass named(String name, boolean isDefault) {
        var databaseClass = Guards.databaseClass(name, "majorVersions: [18]");
        databaseClass.getMetadata().setAnnotations(isDefault ? Map.of(Howdah.DEFAULT_CLASS, "true") : null);
        return databaseClass;
    }

    private static void none(ClassChoice choice, Reason reason, String... words) {
        assertThat(choice).isInstanceOfSatisfying(ClassChoice.None.class, none -> {
            assertThat(none.reason()).isEqualTo(reason);
            assertThat(none.message()).contains(words);
        });
    }

    @Test
    void the_named_class() {
        var standard = named("standard", false);
        assertThat(ClassChoice.choose("standard", List.of(named("other", true), standard)))
                .isEqualTo(new ClassChoice.Chosen(standard));
        none(
                ClassChoice.choose("missing", List.of(standard)),
                Reason.ClassNotFound,
                "`className`",
                "\"missing\"",
                "standard");
        none(ClassChoice.choose("missing", List.of()), Reason.ClassNotFound, "no class is published yet");
    }

    @Test
    void the_one_default() {
        var standard = named("standard", true);
        assertThat(ClassChoice.choose(null, List.of(named("other", false), standard)))
                .isEqualTo(new ClassChoice.Chosen(standard));
        none(
                ClassChoice.choose(null, List.of(named("other", false))),
                Reason.ClassNotFound,
                "other",
                Howdah.DEFAULT_CLASS);
        none(
                ClassChoice.choose(null, List.of(standard, named("second", true))),
                Reason.DefaultConflict,
                "second, standard");
    }

    @Test
    void two_defaults_are_no_matter_to_a_claim_that_names_its_class() {
        var standard = named("standard", true);
        assertThat(ClassChoice.choose("standard", List.of(named("second", true), standard)))
                .isEqualTo(new ClassChoice.Chosen(standard));
    }

    @Test
    void a_class_with_a_fault_is_not_to_be_had() {
        for (var spec : List.of(
                "majorVersions: []",
                "majorVersions: [null]",
                "{majorVersions: [18], retainFor: soon}",
                "{majorVersions: [18], defaults: {storage: lots}}",
                "{majorVersions: [18], defaults: {connections: 0}}",
                "{majorVersions: [18], defaults: {majorVersion: 17}}",
                "{majorVersions: [18], defaults: {parameters: {work_mem: null}, extensions: [null], schemas: [null]}}")) {
            none(
                    ClassChoice.choose("broken", List.of(Guards.databaseClass("broken", spec))),
                    Reason.ClassNotFound,
                    "class \"broken\" cannot be used",
                    "ask a DBA to correct it");
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClass;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassChoiceTest {
    private static DatabaseClass named(String name, boolean isDefault) {
        var databaseClass = new DatabaseClass();
        databaseClass.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withAnnotations(isDefault ? Map.of(Howdah.DEFAULT_CLASS, "true") : null)
                .build());
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
                "`spec.className`",
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
}

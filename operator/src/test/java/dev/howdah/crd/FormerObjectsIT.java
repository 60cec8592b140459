// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.howdah.testenv.Crds;
import dev.howdah.testenv.TestEnvironment;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the last release published as examples is taken by a real API server with these CRDs, to the letter. */
class FormerObjectsIT {
    private static final Path REPOSITORY = Path.of("..");

    private final History history = History.of(REPOSITORY);

    @Test
    void examples_of_the_last_release_are_accepted() throws IOException {
        var commit = history.lastRelease().commit().orElse(CrdCompatibilityTest.EARLIER);
        assumeThat(history.knows(commit)).as("the history is there").isTrue();
        var meant = AcceptedBreaks.read(Files.readString(REPOSITORY.resolve(AcceptedBreaks.NAME))).breaks().stream()
                .map(AcceptedBreaks.Entry::kind)
                .toList();
        var objects = Stream.of("examples/claims", "examples/platform", "examples/extensions")
                .flatMap(folder -> history.texts(commit, folder).stream())
                .flatMap(text -> Stream.of(text.split("(?m)^---\\s*$")))
                .filter(text -> text.contains("apiVersion: howdah.dev/"))
                .map(text -> Serialization.unmarshal(text, GenericKubernetesResource.class))
                .toList();
        assertThat(objects)
                .extracting(GenericKubernetesResource::getKind)
                .contains("DatabaseClaim", "DatabaseClass", "DatabasePolicy", "DatabaseWaiver", "PostgresServer");
        try (var client = TestEnvironment.controlPlane().client()) {
            Crds.install(client, REPOSITORY.resolve("crds"));
            for (var object : objects.stream()
                    .filter(object -> !meant.contains(object.getKind()))
                    .toList()) {
                assertThatCode(() -> apply(client, object))
                        .as("%s of %s: %s", object.getKind(), commit, Serialization.asYaml(object))
                        .doesNotThrowAnyException();
            }
            var claim = objects.stream()
                    .filter(object -> object.getKind().equals("DatabaseClaim"))
                    .findFirst()
                    .orElseThrow();
            claim.setAdditionalProperty("spec", Map.of("access", List.of(Map.of("nam", "app"))));
            assertThatThrownBy(() -> apply(client, claim)).as("control").hasMessageContaining("nam");
        }
    }

    private static void apply(KubernetesClient client, GenericKubernetesResource object) {
        if (object.getMetadata().getNamespace() != null) {
            object.getMetadata().setNamespace("default");
        }
        client.resource(object)
                .dryRun()
                .fieldValidation(Validation.STRICT)
                .forceConflicts()
                .serverSideApply();
    }
}

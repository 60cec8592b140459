// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.cli.Terminal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The verbs against a real API server: what they read there comes to the same as the files it was made from. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineIT {
    private static final String OBJECTS = "examples/policy-tests/objects";

    private final InstalledCluster cluster = InstalledCluster.start();

    @BeforeAll
    void apply() {
        SourceTree.files(SourceTree.REPOSITORY.resolve(OBJECTS), ".yaml").stream()
                .sorted((one, other) ->
                        Boolean.compare(other.endsWith("namespaces.yaml"), one.endsWith("namespaces.yaml")))
                .forEach(file -> {
                    for (var document : SourceTree.read(file).split("(?m)^---$")) {
                        cluster.client()
                                .resource(Serialization.unmarshal(document, GenericKubernetesResource.class))
                                .serverSideApply();
                    }
                });
    }

    @Test
    void why_is_the_same() {
        // No operator runs, so the status is as the claim was born.
        assertThat(run("why", "shop/catalog"))
                .startsWith(run("why", "shop/catalog", "-f", OBJECTS))
                .contains("Ready=Unknown, Pending");
        assertThat(run("why", "shop/orders", "work_mem"))
                .isEqualTo(run("why", "shop/orders", "work_mem", "-f", OBJECTS));
        assertThat(run("why", "shop/nobody")).startsWith("1\nhowdah: no claim");
    }

    @Test
    void offer_is_the_same() {
        assertThat(run("offer", "-n", "shop")).isEqualTo(run("offer", "-n", "shop", "-f", OBJECTS));
    }

    @Test
    void impact_is_the_same() {
        var stricter = "examples/policy-tests/stricter.yaml";
        assertThat(run("impact", "-f", stricter))
                .isEqualTo(run("impact", "-f", stricter, "--against", OBJECTS))
                .startsWith("1\n")
                .contains("lab/scratch would be denied");
    }

    private String run(String... arguments) {
        var outcome = new Terminal(this::client).run(arguments);
        return outcome.exit() + "\n" + outcome.out() + outcome.err();
    }

    private KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(cluster.client().getConfiguration())
                .build();
    }

    @AfterAll
    void end() {
        cluster.close();
    }
}

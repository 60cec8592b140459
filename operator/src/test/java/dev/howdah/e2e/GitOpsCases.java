// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** No war over fields: whoever applies the same twice changes nothing, and the operator writes status and finalizers alone. */
interface GitOpsCases {
    String FLUX = "apply --server-side --field-manager=kustomize-controller -f -";

    Stand stand();

    @Test
    @Order(21)
    default void the_same_applied_again_changes_nothing() {
        var claim = stand().claim("synced", "connections: 5");
        stand().kubectl.does(FLUX, claim);
        stand().awaitReady("synced");
        assertClean("diff --server-side --field-manager=kustomize-controller -f -", claim);
        var before = version("synced");
        stand().kubectl.does(FLUX, claim);
        stays("synced", before);
        assertThat(writtenByTheOperator("synced")).containsExactlyInAnyOrder("metadata.finalizers", "status");
    }

    /** With {@code kubectl edit} itself. */
    @Test
    @Order(22)
    default void two_managers_keep_what_is_theirs() {
        var claim = stand().claim("synced", "connections: 5");
        var edited = stand().kubectl
                .tried(
                        Map.of("KUBE_EDITOR", "sed -i -e 's/^spec:/spec:\\n  storage: 2Gi/'"),
                        "",
                        List.of("-n", stand().name, "edit", "dbclaim/synced"));
        assertThat(edited.said()).contains("edited");
        stand().kubectl.does("-n %s label dbclaim/synced team=shop".formatted(stand().name));
        stand().awaitReady("synced");
        stand().kubectl.does(FLUX, claim);
        awaitObserved("synced");
        var now = stand().get("dbclaim/synced");
        assertThat(now.path("spec").path("storage").asText()).isEqualTo("2Gi");
        assertThat(now.path("spec").path("connections").asInt()).isEqualTo(5);
        assertThat(now.path("metadata").path("labels").path("team").asText()).isEqualTo("shop");

        // The one that applies goes on to own its fields: what it no longer says goes, and nothing else.
        stand().kubectl.does(FLUX, stand().claim("synced", ""));
        awaitObserved("synced");
        var then = stand().get("dbclaim/synced");
        assertThat(then.path("spec").has("connections")).isFalse();
        assertThat(then.path("spec").path("storage").asText()).isEqualTo("2Gi");
        stays("synced", version("synced"));
        assertThat(writtenByTheOperator("synced")).containsExactlyInAnyOrder("metadata.finalizers", "status");
    }

    /** As Argo CD and people do by default: without server-side apply. */
    @Test
    @Order(23)
    default void the_examples_have_no_difference_once_they_are_applied() {
        var examples = "-R -f examples/gitops/platform -f examples/gitops/teams";
        var present = stand().kubectl
                .does("get --ignore-not-found -o name " + examples)
                .strip();
        Assumptions.assumeTrue(
                present.isEmpty(), "what the examples make is here already, and not of this run: " + present);
        try {
            stand().kubectl.does("apply " + examples);
            await().atMost(Stand.PATIENCE)
                    .untilAsserted(() -> assertThat(stand().kubectl
                                    .does("get " + examples + " -o jsonpath={.items[*].status.observedGeneration}")
                                    .split(" "))
                            .as("server, class, policy and claim were looked at")
                            .containsExactly("1", "1", "1", "1"));
            assertClean("diff " + examples, "");
            var asArgo = "--server-side --force-conflicts --field-manager=argocd-controller " + examples;
            stand().kubectl.does("apply " + asArgo);
            assertClean("diff " + asArgo, "");
        } finally {
            stand().release("-n checkout dbclaim/orders");
            stand().release("pgserver/gitops-eu");
            stand().kubectl.tried("delete --ignore-not-found --wait=false " + examples, "");
        }
    }

    private void assertClean(String diff, String yaml) {
        var outcome = stand().kubectl.tried(diff, yaml);
        assertThat(outcome.said()).isEmpty();
        assertThat(outcome.exit()).isZero();
    }

    private String version(String claim) {
        return stand().get("dbclaim/" + claim)
                .path("metadata")
                .path("resourceVersion")
                .asText();
    }

    private void stays(String claim, String version) {
        await().pollDelay(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(version(claim)).isEqualTo(version));
    }

    private void awaitObserved(String claim) {
        await().atMost(Stand.PATIENCE).until(() -> {
            var seen = stand().get("dbclaim/" + claim);
            return seen.path("status").path("observedGeneration").asLong()
                    == seen.path("metadata").path("generation").asLong();
        });
    }

    /** By the API server's own books. */
    private List<String> writtenByTheOperator(String claim) {
        var fields = new ArrayList<String>();
        for (var entry : stand().get("dbclaim/" + claim).path("metadata").path("managedFields")) {
            if (entry.path("manager").asText().equals("howdah")) {
                entry.path("fieldsV1").properties().forEach(top -> {
                    if (top.getKey().equals("f:metadata")) {
                        top.getValue()
                                .properties()
                                .forEach(field ->
                                        fields.add("metadata." + field.getKey().substring(2)));
                    } else {
                        fields.add(top.getKey().substring(2));
                    }
                });
            }
        }
        return fields;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.cli.Terminal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The verbs against a real API server: what they read there comes to the same as the files it was made from. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineIT implements DoctorCases, ReportCases {
    private static final String OBJECTS = "examples/policy-tests/objects";

    private final InstalledCluster cluster = InstalledCluster.start();

    @Override
    public InstalledCluster cluster() {
        return cluster;
    }

    @Override
    public Terminal terminal() {
        return cluster.terminal();
    }

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
    void status_plan_and_trace_are_the_same_but_for_what_only_a_cluster_knows() {
        assertThat(run("status", "-n", "shop")).startsWith("1\n").contains("Pending", "0 of 5 claims");
        assertThat(run("status", "shop/basket")).contains("Pending  -").doesNotContain("1970");
        assertThat(run("status", "-n", "nope")).isEqualTo("1\nhowdah: there is no namespace \"nope\"\n");
        assertThat(run("status", "basket")).as("of the context").contains("no claim \"default/basket\"");
        assertThat(run("plan", "shop/basket")).isEqualTo(run("plan", "shop/basket", "-f", OBJECTS));
        assertThat(run("trace", "shop/orders"))
                .contains("DatabaseWaiver orders-quarter-end", "(none): the claim has no database yet");
        var outcome = terminal().run("__complete", "why", "shop/or");
        assertThat(outcome.out()).isEqualTo("shop/orders\n:4\n");
    }

    @Test
    void impact_is_the_same() {
        var stricter = "examples/policy-tests/stricter.yaml";
        assertThat(run("impact", "-f", stricter))
                .isEqualTo(run("impact", "-f", stricter, "--against", OBJECTS))
                .startsWith("1\n")
                .contains("lab/scratch would be denied");
    }

    @Test
    void a_developer_with_edit_alone_sees_a_claim_and_how_to_see_more() {
        cluster.client()
                .resource(Serialization.unmarshal("""
                        apiVersion: v1
                        kind: ServiceAccount
                        metadata: {name: developer, namespace: shop}
                        """, GenericKubernetesResource.class))
                .serverSideApply();
        cluster.client()
                .resource(Serialization.unmarshal("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata: {name: developer, namespace: shop}
                        rules: [{apiGroups: [howdah.dev], resources: [databaseclaims], verbs: [get, list]}]
                        """, GenericKubernetesResource.class))
                .serverSideApply();
        cluster.client()
                .resource(Serialization.unmarshal("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata: {name: developer, namespace: shop}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: developer}
                        subjects: [{kind: ServiceAccount, name: developer, namespace: shop}]
                        """, GenericKubernetesResource.class))
                .serverSideApply();
        var terminal = cluster.terminalOf("shop", "developer");
        assertThat(terminal.run("status", "shop/orders").out()).startsWith("shop/orders: not known to be ready");
        var refused = terminal.run("offer", "-n", "shop");
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err())
                .hasLineCount(1)
                .contains(
                        "list databaseclasses (HTTP 403)",
                        "--clusterrole=howdah-view --user='system:serviceaccount:shop:developer'");
    }

    private String run(String... arguments) {
        var outcome = terminal().run(arguments);
        return outcome.exit() + "\n" + outcome.out() + outcome.err();
    }

    @AfterAll
    void end() {
        cluster.close();
    }
}

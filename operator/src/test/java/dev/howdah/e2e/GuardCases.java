// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What is not given, and who may not. */
interface GuardCases {
    String TOO_MUCH = "parameters: {work_mem: 1GB}";

    Stand stand();

    @Test
    @Order(11)
    default void a_dry_run_is_told_what_the_policy_says() {
        // The webhook registers itself a moment after the start, and only the leader's answer is an answer.
        await().atMost(Stand.PATIENCE).untilAsserted(() -> {
            var tried = stand().kubectl.tried("apply --dry-run=server -f -", stand().claim("greedy", TOO_MUCH));
            assertThat(tried.said())
                    .contains("denied the request", "ParameterOutOfRange", "64MB", "policy \"" + stand().name + "\"");
            assertThat(tried.exit()).isEqualTo(1);
        });
        assertThat(stand().kubectl.does("apply --dry-run=server -f -", stand().claim("modest", "")))
                .contains("created (server dry run)");
    }

    @Test
    @Order(12)
    default void without_its_webhook_a_claim_is_judged_all_the_same() {
        var made = new AtomicInteger();
        // The operator puts it right within a minute: whoever comes in between is refused, and tries again.
        await().atMost(Stand.PATIENCE).until(() -> {
            unreachable();
            var claim = stand().claim("greedy-" + made.incrementAndGet(), TOO_MUCH);
            return stand().kubectl.tried("apply -f -", claim).exit() == 0;
        });
        var greedy = "dbclaim/greedy-" + made.get();
        assertThat(stand().says(greedy, "Accepted", "False", "ParameterOutOfRange"))
                .contains("`parameters.work_mem`", "64MB");
        assertThat(stand().condition(greedy, "Ready").path("status").asText()).isEqualTo("False");
        assertThat(stand().get(greedy).path("status").path("database").asText()).isEmpty();
    }

    private void unreachable() {
        var config = stand().place
                .admin()
                .admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName("howdah");
        config.edit(registered -> {
            var client = registered.getWebhooks().getFirst().getClientConfig();
            if (client.getService() != null) {
                client.getService().setPort(1);
            } else {
                client.setUrl("https://127.0.0.1:1/");
            }
            return registered;
        });
    }

    @Test
    @Order(13)
    default void teams_dbas_and_viewers_may_what_their_roles_say() {
        stand().kubectl.applies("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: team, namespace: %1$s}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %1$s-team}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: viewer, namespace: %1$s}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %1$s-viewer}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: %1$s}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: howdah-dba}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %1$s-dba}]
                """.formatted(stand().name));
        try {
            // Aggregated roles come in their own time.
            await().atMost(Stand.PATIENCE).until(() -> may("team", "apply --dry-run=server -f -"));
            Map.of(
                            "team", "annotate --dry-run=server dbclaim/orders a=b",
                            "viewer", "get dbclaim/orders",
                            "dba", "annotate --dry-run=server dbpolicy/" + stand().name + " a=b")
                    .forEach((who, what) ->
                            assertThat(may(who, what)).as("%s: %s", who, what).isTrue());
            Map.of(
                            "team", "annotate --dry-run=server dbpolicy/" + stand().name + " a=b",
                            "viewer", "annotate --dry-run=server dbclaim/orders a=b",
                            "dba", "annotate --dry-run=server dbclaim/orders a=b",
                            "nobody", "get dbclaim/orders")
                    .forEach((who, what) ->
                            assertThat(may(who, what)).as("%s: %s", who, what).isFalse());
            assertThat(may("team", "patch --dry-run=server --subresource=status --type=merge -p {} dbclaim/orders"))
                    .as("a team writes its status")
                    .isFalse();
        } finally {
            stand().kubectl.does("delete clusterrolebinding/" + stand().name);
        }
    }

    private boolean may(String who, String what) {
        var tried = stand().kubectl
                .tried("-n %1$s --as=%1$s-%2$s %3$s".formatted(stand().name, who, what), stand().claim("theirs", ""));
        assertThat(tried.exit() == 0 || tried.said().contains("orbidden"))
                .as(tried.said())
                .isTrue();
        return tried.exit() == 0;
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.chart;

import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.awaitility.Awaitility;

/** The chart's roles for people, and accounts that have them as docs/install.md says one gets them. */
public final class PersonaRoles {
    private static final String RBAC = "rbac.authorization.k8s.io";

    private PersonaRoles() {}

    /** Returns once {@code edit} has what is part of it. */
    public static void install(KubernetesClient admin) {
        Chart.objects(Chart.render("{crds: {enabled: false}, rbac: {create: false}}")).stream()
                .filter(object -> object.getKind().equals("ClusterRole"))
                .forEach(role -> admin.resource(role).forceConflicts().serverSideApply());
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> admin.rbac().clusterRoles().withName("edit").get().getRules().stream()
                        .anyMatch(rule -> rule.getApiGroups().contains("howdah.dev")
                                && rule.getVerbs().contains("create")));
    }

    /** An account with {@code edit} in its namespace, and {@code howdah-view} to ask what is offered. */
    public static void team(KubernetesClient admin, String namespace, String account) {
        admin.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
        admin.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewRoleRef(RBAC, "ClusterRole", "edit")
                        .addNewSubject("", "ServiceAccount", account, namespace)
                        .build())
                .create();
        admin.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(namespace + "-" + account)
                        .endMetadata()
                        .withNewRoleRef(RBAC, "ClusterRole", "howdah-view")
                        .addNewSubject("", "ServiceAccount", account, namespace)
                        .build())
                .create();
    }
}

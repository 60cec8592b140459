// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.chart;

import dev.howdah.testenv.ControlPlane;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;

/**
 * The ServiceAccount and the roles of the chart. The operator of every integration test runs as this account, so that a right
 * that the chart forgets is a test that fails.
 */
public final class OperatorAccount {
    private static final int REQUEST_TIMEOUT_MILLIS = 30_000;
    private static final Set<String> KINDS =
            Set.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");

    /** By cluster and namespace: an operator that is started again is the same account. */
    private static final Map<List<String>, Path> MADE = new ConcurrentHashMap<>();

    private OperatorAccount() {}

    /** Its kubeconfig; the account is made in the namespace, which exists, and goes with it. */
    public static Path kubeconfig(ControlPlane controlPlane, String namespace) {
        return MADE.computeIfAbsent(
                List.of(controlPlane.kubeconfig().toString(), namespace), _ -> make(controlPlane, namespace));
    }

    private static Path make(ControlPlane controlPlane, String namespace) {
        try (var admin = controlPlane.client()) {
            install(admin, namespace, objects(namespace));
            var kubeconfig = controlPlane.kubeconfigFor(namespace, Chart.RELEASE);
            try (var operator =
                    new KubernetesClientBuilder().withConfig(config(kubeconfig)).build()) {
                awaitRights(operator, namespace);
            }
            return kubeconfig;
        }
    }

    /** What its client is made of. */
    public static Config config(Path kubeconfig) {
        var config = Config.fromKubeconfig(kubeconfig.toFile());
        config.setRequestTimeout(REQUEST_TIMEOUT_MILLIS);
        return config;
    }

    static List<GenericKubernetesResource> objects(String namespace) {
        return Chart.objects(Chart.render(
                        Chart.FOLDER,
                        Chart.RELEASE,
                        namespace,
                        "{crds: {enabled: false}, rbac: {personas: false}, openReports: {skipIfMissing: false}}"))
                .stream()
                .filter(object -> KINDS.contains(object.getKind()))
                .toList();
    }

    static void install(KubernetesClient admin, String namespace, List<GenericKubernetesResource> objects) {
        var uid = admin.namespaces().withName(namespace).get().getMetadata().getUid();
        for (var object : objects) {
            if (object.getKind().startsWith("ClusterRole")) {
                // Several tests share a cluster, each with an operator in a namespace of its own.
                object.getMetadata().setName(clusterRole(namespace));
                object.getMetadata()
                        .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                                .withApiVersion("v1")
                                .withKind("Namespace")
                                .withName(namespace)
                                .withUid(uid)
                                .build()));
            }
            if (object.getKind().equals("ClusterRoleBinding")) {
                object.<Map<String, Object>>get("roleRef").put("name", clusterRole(namespace));
            }
            admin.resource(object).forceConflicts().serverSideApply();
        }
    }

    /** The operator's, where it is that of a test in this namespace. */
    public static String clusterRole(String namespace) {
        return "howdah-operator-" + namespace;
    }

    /** The API server takes a moment to know of a role. */
    private static void awaitRights(KubernetesClient operator, String namespace) {
        var last = List.of(
                Map.of("group", "coordination.k8s.io", "resource", "leases", "verb", "create", "namespace", namespace),
                Map.of("group", "howdah.dev", "resource", "databaseclaims", "verb", "patch", "namespace", ""));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> last.stream().allMatch(right -> may(operator, right)));
    }

    private static boolean may(KubernetesClient operator, Map<String, String> right) {
        return operator.authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(new SelfSubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withNewResourceAttributes()
                        .withGroup(right.get("group"))
                        .withResource(right.get("resource"))
                        .withVerb(right.get("verb"))
                        .withNamespace(right.get("namespace"))
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .getStatus()
                .getAllowed();
    }
}

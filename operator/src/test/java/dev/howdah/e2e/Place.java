// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import com.marcnuri.helm.Helm;
import dev.howdah.chart.Chart;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.Optional;

/** Where the suite runs: a cluster with Howdah in it, and a PostgreSQL that the operator reaches. */
interface Place extends AutoCloseable {
    /** A client of somebody who may do everything. */
    KubernetesClient admin();

    Kubectl kubectl();

    Database database();

    /** Ends the process that leads, at once and without a word; empty where nobody would take over. */
    Optional<Runnable> endOfTheLeader();

    /** Takes away what Helm installed; empty where somebody else installed it. */
    Optional<Runnable> uninstallation();

    @Override
    void close();

    static void uninstall(Path kubeconfig) {
        Helm.uninstall(Chart.RELEASE)
                .withNamespace(Chart.NAMESPACE)
                .withKubeConfig(kubeconfig)
                .call();
    }

    /** By {@code -Dhowdah.e2e}: the built-in control plane, or the cluster of KUBECONFIG. */
    static Place chosen() {
        var where = System.getProperty("howdah.e2e", "builtin");
        return switch (where) {
            case "builtin" -> BuiltInPlace.start();
            case "cluster" -> GivenPlace.ofEnvironment();
            default -> throw new IllegalArgumentException("-Dhowdah.e2e must be builtin or cluster, and is " + where);
        };
    }
}

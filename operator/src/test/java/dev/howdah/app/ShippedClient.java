// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** The client of the Kubernetes API that the operator ships with, for tests that run the operator without a framework. */
public final class ShippedClient {
    private ShippedClient() {}

    public static KubernetesClientBuilder builder() {
        return ClusterClient.builder();
    }
}

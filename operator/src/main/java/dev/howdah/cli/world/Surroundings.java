// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.InputStream;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What a verb gets from outside.
 *
 * @param cluster makes a client for the cluster of KUBECONFIG; asked only when a question is about a cluster
 * @param in what {@code -f -} reads
 * @param logins tries logins from here
 * @param version of this build
 */
public record Surroundings(
        Clock clock, Supplier<KubernetesClient> cluster, InputStream in, Logins logins, String version) {}

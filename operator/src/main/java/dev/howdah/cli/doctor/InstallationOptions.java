// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.doctor;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import picocli.CommandLine.Option;

/** The options that say where the operator is. */
public final class InstallationOptions {
    @Option(
            names = "--operator-namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "${env:HOWDAH_NAMESPACE:-howdah-system}",
            description = "The operator's own namespace. Default: HOWDAH_NAMESPACE, or howdah-system.")
    private String namespace = "howdah-system";

    @Option(
            names = "--lease",
            paramLabel = "NAME",
            defaultValue = "howdah",
            description = "Its Lease. Default: howdah.")
    private String lease = "howdah";

    @Option(
            names = "--webhook",
            paramLabel = "NAME",
            defaultValue = "howdah",
            description = "Its ValidatingWebhookConfiguration. Default: howdah.")
    private String webhook = "howdah";

    @Option(
            names = "--service-account",
            paramLabel = "NAME",
            defaultValue = "howdah",
            description = "Its ServiceAccount. Default: howdah.")
    private String serviceAccount = "howdah";

    public String namespace() {
        return namespace;
    }

    public String lease() {
        return lease;
    }

    public String webhook() {
        return webhook;
    }

    public DoctorAnswer examine(KubernetesClient client, Instant now) {
        return Round.cluster(client, now, new Installation(namespace, lease, webhook, serviceAccount));
    }
}

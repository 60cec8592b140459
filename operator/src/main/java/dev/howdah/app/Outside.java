// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.cli.world.CannotRun;
import dev.howdah.cli.world.Surroundings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.File;
import java.io.InputStream;
import java.time.Clock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The clock, the cluster and the standard input, for the command line. */
final class Outside {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 30_000;

    private Outside() {}

    static Surroundings surroundings() {
        return new Surroundings(
                Clock.systemUTC(),
                () -> {
                    mustBeThere(System.getenv("KUBECONFIG"));
                    return client(Config.autoConfigure(null));
                },
                System.in,
                new LoginAttempts(),
                new Version().getVersion()[0]);
    }

    /** Without its file the client would look for the cluster it runs in, and blame that. */
    static void mustBeThere(@Nullable String kubeconfig) {
        if (kubeconfig != null
                && !kubeconfig.isBlank()
                && Arrays.stream(kubeconfig.split(File.pathSeparator)).noneMatch(file -> new File(file).canRead())) {
            throw new CannotRun(
                    "KUBECONFIG is %s, which cannot be read: set it to the kubeconfig of a cluster, or name files with -f"
                            .formatted(kubeconfig));
        }
    }

    /** Where no cluster answers and nothing can be read. */
    static Surroundings nowhere() {
        return new Surroundings(
                Clock.systemUTC(),
                () -> client(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:1")
                        .build()),
                InputStream.nullInputStream(),
                new LoginAttempts(),
                new Version().getVersion()[0]);
    }

    private static KubernetesClient client(Config config) {
        return ClusterClient.builder()
                .withConfig(new ConfigBuilder(config)
                        .withConnectionTimeout(CONNECT_MILLIS)
                        .withRequestTimeout(ANSWER_MILLIS)
                        .withRequestRetryBackoffLimit(1)
                        .build())
                .build();
    }
}

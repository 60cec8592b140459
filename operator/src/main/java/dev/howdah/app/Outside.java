// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.cli.world.Surroundings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.InputStream;
import java.time.Clock;

/** The clock, the cluster and the standard input, for the command line. */
final class Outside {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 30_000;

    private Outside() {}

    static Surroundings surroundings() {
        return new Surroundings(
                Clock.systemUTC(),
                () -> client(Config.autoConfigure(null)),
                System.in,
                new LoginAttempts(),
                new Version().getVersion()[0]);
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

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;

/**
 * Every client of the Kubernetes API speaks through Java's own HTTP client. Fabric8 tries a request again after an
 * {@code IOException}; the Vert.x client that Quarkus would pick throws something else when the API server closed an idle
 * connection, and that ended a starting process (fabric8io/kubernetes-client#7450).
 */
@Singleton
class ClusterClient {

    static KubernetesClientBuilder builder() {
        return new KubernetesClientBuilder().withHttpClientFactory(new Http());
    }

    /** HTTP/1.1, so that one connection that hangs does not hold up every request. */
    private static final class Http extends JdkHttpClientFactory {
        @Override
        protected void additionalConfig(HttpClient.Builder builder) {
            builder.version(HttpClient.Version.HTTP_1_1);
        }
    }

    @Produces
    @Singleton
    KubernetesClient client(Config config, KubernetesSerialization serialization, MeterRegistry meters) {
        return builder()
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("howdah-metrics", new ApiMetrics(meters)))
                .withConfig(config)
                .withKubernetesSerialization(serialization)
                .build();
    }

    void close(@Disposes KubernetesClient client) {
        client.close();
    }
}

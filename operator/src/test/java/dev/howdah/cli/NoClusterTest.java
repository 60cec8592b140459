// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A cluster that does not answer, or not to this user, is one line. */
class NoClusterTest {
    @Test
    void unreachable() {
        var outcome = terminal("http://127.0.0.1:1").run("why", "shop/orders");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .hasLineCount(1)
                .startsWith("howdah: no cluster answers at http://127.0.0.1:1")
                .contains("name files with -f");
    }

    @Test
    void forbidden() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":403,"
                            + "\"message\":\"databaseclaims.howdah.dev is forbidden: User \\\"ann@shop\\\" cannot list it\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            var outcome = terminal("http://127.0.0.1:" + server.getAddress().getPort())
                    .run("offer", "-n", "shop");
            assertThat(outcome.exit()).isEqualTo(2);
            assertThat(outcome.err())
                    .hasLineCount(1)
                    .contains("does not let this user list databaseclaims (HTTP 403)")
                    .contains("`kubectl create clusterrolebinding howdah-view-ann-shop --clusterrole=howdah-view "
                            + "--user='ann@shop'`");
        } finally {
            server.stop(0);
        }
    }

    private static Terminal terminal(String url) {
        return new Terminal(() -> new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(url)
                        .withConnectionTimeout(1_000)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build());
    }
}

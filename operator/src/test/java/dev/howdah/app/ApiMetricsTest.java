// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiMetricsTest {
    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/namespaces/shop/secrets/orders, get, secrets",
        "GET, /api/v1/namespaces/shop, get, namespaces",
        "GET, /api/v1/namespaces, list, namespaces",
        "GET, /api/v1/secrets?labelSelector=a&watch=true&timeoutSeconds=5, watch, secrets",
        "GET, /apis/howdah.dev/v1alpha1/databaseclaims?limit=5, list, databaseclaims",
        "PATCH, /apis/howdah.dev/v1alpha1/namespaces/shop/databaseclaims/orders/status?force=true, patch, databaseclaims/status",
        "PATCH, /apis/howdah.dev/v1alpha1/postgresservers/main/status, patch, postgresservers/status",
        "POST, /apis/events.k8s.io/v1/namespaces/shop/events, create, events",
        "PUT, /apis/coordination.k8s.io/v1/namespaces/howdah-system/leases/howdah, update, leases",
        "DELETE, /api/v1/namespaces/shop/secrets/old, delete, secrets",
        "GET, /version, get, ''",
        "GET, /, get, ''",
        "GET, /apis, get, ''",
    })
    void a_request_is_named_as_rbac_names_it(String method, String uri, String verb, String resource) {
        assertThat(ApiMetrics.Asked.of(method, URI.create("https://10.0.0.1:6443" + uri)))
                .isEqualTo(new ApiMetrics.Asked(verb, resource));
    }
}

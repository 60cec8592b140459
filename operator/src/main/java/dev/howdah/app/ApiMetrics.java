// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/** Counts what is asked of the Kubernetes API, by verb, resource and answer; never by object or namespace. */
final class ApiMetrics implements Interceptor {
    private static final String NO_ANSWER = "none";
    private static final String NAMESPACES = "namespaces";

    private final MeterRegistry registry;

    ApiMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        count(request, Integer.toString(response.code()));
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        count(request, NO_ANSWER);
    }

    private void count(HttpRequest request, String status) {
        var asked = Asked.of(request.method(), request.uri());
        registry.counter("howdah.api.requests", "verb", asked.verb(), "resource", asked.resource(), "status", status)
                .increment();
    }

    /**
     * A request as RBAC names it.
     *
     * @param resource the plural, with the subresource as in {@code databaseclaims/status}; empty for what is none
     */
    record Asked(String verb, String resource) {
        static Asked of(String method, URI uri) {
            var path = List.of(uri.getPath().replaceFirst("^/+", "").split("/"));
            var from = switch (path.getFirst()) {
                case "api" -> 2;
                case "apis" -> 3;
                default -> path.size();
            };
            var rest = path.subList(Math.min(from, path.size()), path.size());
            if (rest.size() > 2 && rest.getFirst().equals(NAMESPACES)) {
                rest = rest.subList(2, rest.size());
            }
            var resource = rest.isEmpty() ? "" : rest.size() > 2 ? rest.get(0) + "/" + rest.get(2) : rest.get(0);
            return new Asked(verb(method, rest.size() != 1, String.valueOf(uri.getQuery())), resource);
        }

        private static String verb(String method, boolean named, String query) {
            return switch (method) {
                case "GET" -> query.contains("watch=true") ? "watch" : named ? "get" : "list";
                case "POST" -> "create";
                case "PUT" -> "update";
                default -> method.toLowerCase(Locale.ROOT);
            };
        }
    }
}

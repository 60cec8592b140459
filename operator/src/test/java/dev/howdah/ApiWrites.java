// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Writes as the API server itself counts them, by resource; {@code databaseclaims/status} is one of its own. */
record ApiWrites(Map<String, Long> byResource) {
    private static final Pattern SAMPLE = Pattern.compile("(?m)^apiserver_request_total\\{([^}]*)\\} (\\S+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION");

    static ApiWrites now(KubernetesClient client) {
        var counts = new TreeMap<String, Long>();
        var samples = SAMPLE.matcher(client.raw("/metrics"));
        while (samples.find()) {
            var labels = new TreeMap<String, String>();
            LABEL.matcher(samples.group(1)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
            var resource = labels.get("resource");
            var verb = labels.get("verb");
            // Claims are made by the tests only.
            // Reviews ask a question and store nothing.
            if (WRITES.contains(verb)
                    && !resource.endsWith("reviews")
                    && !(resource.equals("databaseclaims") && verb.equals("POST"))) {
                var name = labels.get("subresource").isEmpty() ? resource : resource + "/" + labels.get("subresource");
                counts.merge(name, (long) Double.parseDouble(samples.group(2)), Long::sum);
            }
        }
        return new ApiWrites(counts);
    }

    /** What came since; resources without a write are left out. */
    ApiWrites since(ApiWrites before) {
        var counts = new TreeMap<String, Long>();
        byResource.forEach((resource, count) -> {
            var more = count - before.byResource.getOrDefault(resource, 0L);
            if (more != 0) {
                counts.put(resource, more);
            }
        });
        return new ApiWrites(counts);
    }

    /** Of claims and Secrets. */
    long ofClaims() {
        return byResource.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("databaseclaims")
                        || entry.getKey().equals("secrets"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Of everything that a converged operator leaves alone: all but Leases and Events. */
    long ofState() {
        return byResource.entrySet().stream()
                .filter(entry -> !Set.of("leases", "events").contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}

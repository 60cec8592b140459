// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.rights;

import dev.howdah.api.v1alpha1.Howdah;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything the operator asks of the API server. The roles of the Helm chart grant exactly this, and a test holds both to
 * what the operator really does.
 */
public final class OperatorRights {
    private static final String CORE = "";
    private static final List<String> WATCH = List.of("list", "watch");
    private static final List<String> KINDS =
            List.of("databaseclaims", "databaseclasses", "databasepolicies", "databasewaivers", "postgresservers");

    private OperatorRights() {}

    /**
     * One verb on one resource.
     *
     * @param resource with its subresource, as in {@code databaseclaims/status}
     * @param name the only object it is needed for, {@code null} for all
     * @param vital whether nothing goes without it
     */
    public record Right(
            String verb,
            String group,
            String resource,
            @Nullable String name,
            boolean vital) {

        /** As people say it: {@code patch databaseclaims.howdah.dev/status}. */
        @Override
        public String toString() {
            var slash = resource.indexOf('/');
            var plain = slash < 0 ? resource : resource.substring(0, slash);
            return verb + " " + plain + (group.isEmpty() ? "" : "." + group)
                    + (slash < 0 ? "" : resource.substring(slash))
                    + (name == null ? "" : " \"" + name + "\"");
        }
    }

    /** In every namespace. */
    public static List<Right> everywhere() {
        var rights = new ArrayList<Right>();
        for (var kind : KINDS) {
            WATCH.forEach(verb -> rights.add(new Right(verb, Howdah.GROUP, kind, null, true)));
            rights.add(new Right("patch", Howdah.GROUP, kind + "/status", null, false));
            rights.add(new Right(
                    "get", "apiextensions.k8s.io", "customresourcedefinitions", kind + "." + Howdah.GROUP, true));
        }
        rights.add(new Right("get", Howdah.GROUP, "databaseclaims", null, false));
        // Finalizers, and consents that were used up.
        rights.add(new Right("patch", Howdah.GROUP, "databaseclaims", null, false));
        rights.add(new Right("patch", Howdah.GROUP, "postgresservers", null, false));
        for (var verb : List.of("get", "list", "watch")) {
            rights.add(new Right(verb, CORE, "secrets", null, true));
            rights.add(new Right(verb, CORE, "namespaces", null, true));
        }
        for (var verb : List.of("create", "update", "delete")) {
            rights.add(new Right(verb, CORE, "secrets", null, false));
        }
        rights.add(new Right("create", "events.k8s.io", "events", null, false));
        return List.copyOf(rights);
    }

    /** In its own namespace, where one of several processes leads. */
    public static List<Right> leading(String lease) {
        return List.of(
                new Right("create", "coordination.k8s.io", "leases", null, true),
                new Right("get", "coordination.k8s.io", "leases", lease, true),
                // The SDK does not start without it, and renews by a patch.
                new Right("update", "coordination.k8s.io", "leases", lease, true),
                new Right("patch", "coordination.k8s.io", "leases", lease, true));
    }

    /** Where it registers its webhook, or takes the registration away. */
    public static List<Right> registering(String webhook) {
        return List.of("get", "create", "patch", "delete").stream()
                .map(verb -> new Right(
                        verb, "admissionregistration.k8s.io", "validatingwebhookconfigurations", webhook, false))
                .toList();
    }
}

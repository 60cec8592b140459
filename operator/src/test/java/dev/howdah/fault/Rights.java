// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import dev.howdah.api.rights.OperatorRights.Right;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Listens to what the operator asks of the API server, in RBAC's words. Everybody may ask what they may do. */
final class Rights implements Tap {
    private static final Pattern PATH = Pattern.compile(
            "(\\w+) /(?:api/v1|apis/([^/]+)/[^/]+)(?:/namespaces/[^/]+(?=/))?/([^/?]+)(?:/([^/?]+))?(?:/([^/?]+))?(?:\\?(.*))?");
    private static final Set<String> BY_NAME =
            Set.of("leases", "customresourcedefinitions", "validatingwebhookconfigurations");

    private final Set<String> used = ConcurrentHashMap.newKeySet();

    /** Sorted, each as {@link Right#toString}. */
    Set<String> used() {
        return new TreeSet<>(used);
    }

    @Override
    public Fate before(Call call) {
        var path = PATH.matcher(call.text());
        if (path.matches()) {
            var group = path.group(2) == null ? "" : path.group(2);
            var name = path.group(4);
            var subresource = path.group(5);
            if (!group.startsWith("auth")) {
                used.add(new Right(
                                verb(path.group(1), name, path.group(6)),
                                group,
                                path.group(3) + (subresource == null ? "" : "/" + subresource),
                                BY_NAME.contains(path.group(3)) ? name : null,
                                false)
                        .toString());
            }
        }
        return Fate.PASS;
    }

    private static String verb(String method, String name, String query) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> query != null && query.contains("watch=true") ? "watch" : name == null ? "list" : "get";
        };
    }
}

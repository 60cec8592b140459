// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.status;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the API server does not let the operator do, in words for whoever can change that. */
public final class Forbidden {
    private static final Pattern BY_RBAC = Pattern.compile(
            "User \"([^\"]*)\" cannot (\\S+) resource \"([^\"]*)\" in API group \"([^\"]*)\"(?: in the namespace \"([^\"]*)\")?.*",
            Pattern.DOTALL);
    private static final String ENDING = "being terminated";

    private Forbidden() {}

    /** Empty where it is about something else. */
    public static Optional<String> words(Throwable e) {
        if (!(e instanceof KubernetesClientException refused)
                || refused.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
            return Optional.empty();
        }
        var said = said(refused);
        var rbac = BY_RBAC.matcher(said);
        if (!rbac.find()) {
            return Optional.of("the API server refuses what the operator has to do here: %s".formatted(said));
        }
        var group = rbac.group(4).isEmpty() ? "" : "." + rbac.group(4);
        var namespace = rbac.group(5) == null ? "" : " in namespace \"" + rbac.group(5) + "\"";
        return Optional.of(
                "the operator may not %s %s%s%s: give \"%s\" that verb again (helm upgrade puts back what was changed)"
                        .formatted(rbac.group(2), rbac.group(3), group, namespace, rbac.group(1)));
    }

    /** Whether nothing can be made there because the namespace itself is going. */
    public static boolean namespaceIsGoing(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN && said(e).contains(ENDING);
    }

    private static String said(KubernetesClientException e) {
        var status = e.getStatus();
        return status == null || status.getMessage() == null ? String.valueOf(e.getMessage()) : status.getMessage();
    }
}

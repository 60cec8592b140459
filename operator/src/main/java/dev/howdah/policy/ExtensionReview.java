// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.Reason;
import java.util.List;

/** Whether a server can and may install what a claim asks for. */
public final class ExtensionReview {
    private ExtensionReview() {}

    /** The faults of these extensions on a server; empty when all can be had. */
    public static List<Violation> review(List<String> asked, String server, ExtensionOffer offer) {
        var missing = offer.missing(asked);
        if (!missing.isEmpty()) {
            return List.of(new Violation(
                    Reason.ExtensionNotAvailable, "spec.extensions", notAvailable(missing, "\"" + server + "\"")));
        }
        var untrusted = offer.untrusted(asked);
        return untrusted.isEmpty()
                ? List.of()
                : List.of(new Violation(Reason.ExtensionNotAllowed, "spec.extensions", notTrusted(untrusted)));
    }

    static String notAvailable(List<String> missing, String servers) {
        return "`spec.extensions`: %s not installed on %s; correct the name, leave it out, or ask a DBA to install the package"
                .formatted(quoted(missing), servers);
    }

    static String notTrusted(List<String> untrusted) {
        return "`spec.extensions`: %s not trusted by PostgreSQL (only a superuser may install it) and no policy allows it; leave it out, or ask a DBA"
                .formatted(quoted(untrusted));
    }

    private static String quoted(List<String> names) {
        return String.join(", ", names.stream().map(name -> "\"" + name + "\"").toList())
                + (names.size() == 1 ? " is" : " are");
    }
}

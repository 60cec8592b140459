// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.plan;

import dev.howdah.api.v1alpha1.PostgresServerSpec.Adoption;

/** How a DBA agrees to the plan of an adoption. */
final class Consent {
    private Consent() {}

    /** Fails where the pair is no longer where it was seen, so that consent never goes to another one. */
    static String command(String server, Adoption pair, int index, String hash) {
        return """
        kubectl patch pgserver %1$s --type=json -p '[
          {"op": "test", "path": "/spec/adoptions/%2$d/claimRef",
           "value": {"namespace": "%3$s", "name": "%4$s"}},
          {"op": "add", "path": "/spec/adoptions/%2$d/planHash",
           "value": "%5$s"}]'""".formatted(
                server, index, pair.claimRef().namespace(), pair.claimRef().name(), hash);
    }
}

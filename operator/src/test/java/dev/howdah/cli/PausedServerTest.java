// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is paused is Ready still, and is given no claim. */
class PausedServerTest {
    private static final String THERE = """
            apiVersion: howdah.dev/v1alpha1
            kind: DatabaseClass
            metadata: {name: standard, annotations: {howdah.dev/is-default-class: "true"}}
            spec: {serverSelector: {}, majorVersions: [18]}
            ---
            apiVersion: howdah.dev/v1alpha1
            kind: PostgresServer
            metadata: {name: pg, annotations: {howdah.dev/paused: "%s"}}
            spec: {external: {host: pg.internal, adminSecretRef: {name: pg}}}
            status:
              version: "18.1"
              systemIdentifier: "1"
              conditions:
              - {type: Ready, status: "True", reason: Paused, message: "", lastTransitionTime: "2026-01-01T00:00:00Z"}
              - {type: Hardened, status: "True", reason: Valid, message: "", lastTransitionTime: "2026-01-01T00:00:00Z"}
            ---
            apiVersion: howdah.dev/v1alpha1
            kind: DatabaseClaim
            metadata: {name: orders, namespace: shop, generation: 1, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec: {}
            """;

    @TempDir
    Path folder;

    private String planned(String paused) throws IOException {
        var there = Files.writeString(folder.resolve("there.yaml"), THERE.formatted(paused));
        return new Terminal().run("plan", "shop/orders", "-f", there.toString()).out();
    }

    @Test
    void a_claim_waits_for_a_paused_server() throws IOException {
        assertThat(planned("true")).containsIgnoringWhitespaces("no suitable server is ready (\"pg\" paused by a DBA)");
        assertThat(planned("false")).contains("a database would be made on server pg");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The file by which a client finds the API server, trusts its certificate and says who it is. */
record Kubeconfig(String server, String caPem, String user, String token) {
    String yaml() {
        return """
                apiVersion: v1
                kind: Config
                current-context: howdah-testenv
                clusters:
                - name: howdah-testenv
                  cluster:
                    server: "%s"
                    certificate-authority-data: %s
                contexts:
                - name: howdah-testenv
                  context:
                    cluster: howdah-testenv
                    user: "%s"
                users:
                - name: "%s"
                  user:
                    token: "%s"
                """.formatted(
                server, Base64.getEncoder().encodeToString(caPem.getBytes(StandardCharsets.UTF_8)), user, user, token);
    }
}

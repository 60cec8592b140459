// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import dev.howdah.api.v1alpha1.PostgresServerSpec.SslMode;
import org.jspecify.annotations.Nullable;

/**
 * How the admin reaches a server. Never prints its password.
 *
 * @param caPem certificates to trust for the verifying modes, {@code null} for the Java platform's own
 */
public record ConnectionTarget(
        String host,
        int port,
        String adminDatabase,
        String user,
        String password,
        SslMode sslMode,
        @Nullable String caPem) {
    @Override
    public String toString() {
        return user + "@" + host + ":" + port;
    }
}

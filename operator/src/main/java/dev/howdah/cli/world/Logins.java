// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

import dev.howdah.plan.LoginTried;
import org.jspecify.annotations.Nullable;

/** Tries a login of a claim from where the command runs. The room that may speak SQL does it. */
@FunctionalInterface
public interface Logins {
    /** Never throws for what the server or the network says. */
    LoginTried attempt(Attempt attempt);

    /**
     * What an application would use.
     *
     * @param sslMode libpq's word
     * @param caPem what to verify with, {@code null} for nothing
     */
    record Attempt(
            String host,
            int port,
            String database,
            String user,
            String password,
            String sslMode,
            @Nullable String caPem) {
        @Override
        public String toString() {
            return user + "@" + host + ":" + port;
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.engine;

import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.api.v1alpha1.PostgresServerSpec;
import dev.howdah.api.v1alpha1.PostgresServerSpec.SslMode;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A server that somebody else runs: its address stands in the spec, its admin in a Secret beside the operator. */
public final class ExternalServer {
    private static final int PORT = 5432;
    private static final String ADMIN_DATABASE = "postgres";

    private ExternalServer() {}

    /** How to reach a server as its admin, or why that cannot be told. */
    public sealed interface Access {
        /** Never prints its password. */
        record Known(
                String host,
                int port,
                String adminDatabase,
                SslMode sslMode,
                String user,
                String password,
                @Nullable String caPem)
                implements Access {
            @Override
            public String toString() {
                return user + "@" + host + ":" + port;
            }
        }

        record Missing(String message) implements Access {}
    }

    /**
     * What applications are told.
     *
     * @param sslMode at most {@code require}: an address alone cannot say where a certificate to verify with is found
     * @param caPem to verify with, for those who mount it; {@code null} when the platform's own trust is meant
     */
    public record AppEndpoint(
            String host,
            int port,
            SslMode sslMode,
            @Nullable String caPem) {}

    /** Finds the admin's access; {@code secrets} looks a name up in the operator's own namespace. */
    public static Access access(PostgresServer server, Function<String, Optional<Secret>> secrets) {
        var external = server.getSpec().external();
        if (external == null) {
            return new Access.Missing("`spec.external` is not set; say where the server is");
        }
        var secretName = external.adminSecretRef().name();
        var secret = secrets.apply(secretName).orElse(null);
        if (secret == null) {
            return new Access.Missing(
                    "`spec.external.adminSecretRef`: there is no Secret \"%s\" in the operator's namespace; create it with `username`, `password` and, for a private CA, `ca.crt`"
                            .formatted(secretName));
        }
        var user = text(secret, "username");
        var password = text(secret, "password");
        if (user == null || password == null) {
            return new Access.Missing(
                    "Secret \"%s\" lacks `%s`; add it".formatted(secretName, user == null ? "username" : "password"));
        }
        return new Access.Known(
                external.host(),
                external.port() == null ? PORT : external.port(),
                external.adminDatabase() == null ? ADMIN_DATABASE : external.adminDatabase(),
                sslMode(external),
                user,
                password,
                text(secret, "ca.crt"));
    }

    /** What applications are told about a server reached this way. */
    public static AppEndpoint endpoint(PostgresServerSpec spec, Access.Known access) {
        var endpoint = spec.endpoint();
        var asked = endpoint == null ? null : endpoint.sslMode();
        var sslMode = asked == null ? access.sslMode() : asked;
        return new AppEndpoint(
                endpoint == null || endpoint.host() == null ? access.host() : endpoint.host(),
                endpoint == null || endpoint.port() == null ? access.port() : endpoint.port(),
                sslMode == SslMode.DISABLE ? SslMode.DISABLE : SslMode.REQUIRE,
                access.caPem());
    }

    private static SslMode sslMode(PostgresServerSpec.External external) {
        return external.sslMode() == null ? SslMode.VERIFY_FULL : external.sslMode();
    }

    private static @Nullable String text(Secret secret, String key) {
        var data = secret.getData() == null ? null : secret.getData().get(key);
        return data == null ? null : new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }
}

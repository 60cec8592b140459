// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.howdah.api.v1alpha1.PostgresServerSpec.SslMode;
import dev.howdah.engine.ExternalServer.AppEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.postgresql.Driver;

/** Each file in {@code reconcile/secret} is what an application reads, byte for byte, a key a line. */
class ConnectionSecretTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "reconcile", "secret");
    private static final Map<String, AppEndpoint> ENDPOINTS = Map.of(
            "plain", new AppEndpoint("pg.internal", 5432, SslMode.DISABLE, null),
            "encrypted", new AppEndpoint("pg.internal", 6432, SslMode.REQUIRE, null),
            "certified", new AppEndpoint("pg.internal", 5432, SslMode.REQUIRE, "-----BEGIN CERTIFICATE-----"),
            "ipv6", new AppEndpoint("fd00::7", 5432, SslMode.REQUIRE, null));

    @TestFactory
    Stream<DynamicTest> readsAsTheFileSays() {
        return ENDPOINTS.entrySet().stream()
                .map(entry -> dynamicTest(
                        entry.getKey(),
                        () -> assertThat(read(entry.getValue()))
                                .isEqualTo(Files.readString(GOLDEN.resolve(entry.getKey() + ".txt")))));
    }

    @org.junit.jupiter.api.Test
    void everyFileIsUsed() throws IOException {
        try (var files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")))
                    .containsExactlyInAnyOrderElementsOf(ENDPOINTS.keySet());
        }
    }

    private static String read(AppEndpoint endpoint) {
        return ConnectionSecret.data(endpoint, "shop_orders", "shop_orders_app_a", "pass-word_0123456789")
                .entrySet()
                .stream()
                .map(e -> e.getKey() + "=" + plain(e.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    /** A database that was adopted brings its name along, and it is in those of its roles. */
    @org.junit.jupiter.api.Test
    void urlsAreReadAsWhatTheyWereMadeOf() {
        var database = "Legacy Orders/2+3 & é%?#@:";
        var user = database + "_app_a";
        var data = ConnectionSecret.data(ENDPOINTS.get("plain"), database, user, "pass-word");
        var uri = URI.create(plain(data.get("uri")));
        assertThat(uri.getPath()).isEqualTo("/" + database);
        assertThat(uri.getUserInfo()).isEqualTo(user + ":pass-word");
        assertThat(uri.getHost()).isEqualTo("pg.internal");
        var jdbc = Driver.parseURL(plain(data.get("jdbc-url")), new Properties());
        assertThat(jdbc).containsEntry("PGDBNAME", database).containsEntry("user", user);
        assertThat(plain(data.get("PGDATABASE"))).isEqualTo(database);
    }

    private static String plain(String encoded) {
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is secret goes, however it is written; what is none stays. */
class RedactionTest {
    private static final String PASSWORD = "p\"ä/Q+ 7\\xyz";

    private static final Redaction REDACTION = Redaction.of(List.of(new SecretBuilder()
            .withData(
                    Map.of(
                            "password", encoded(PASSWORD),
                            "username", encoded("shop_orders_app_a"),
                            "tls.key",
                                    encoded(
                                            "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49\n-----END PRIVATE KEY-----\n")))
            .build()));

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_a_secret_holds_goes_in_every_form() {
        for (var form : List.of(
                PASSWORD,
                encoded(PASSWORD),
                URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8),
                URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8).replace("+", "%20"),
                PASSWORD.replace("\\", "\\\\").replace("\"", "\\\""),
                "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49")) {
            assertThat(REDACTION.clean("before " + form + " after")).as(form).isEqualTo("before [redacted] after");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://app:hunter2@pg:5432/db",
                "jdbc:postgresql://pg/db?user=app&password=hunter2&sslmode=require",
                "PGPASSWORD=hunter2",
                "the password is hunter2",
                "pg.shared.svc:5432:shop_orders:app:hunter2",
                "\"password\": \"hunter2\",",
                "db-password: hunter2",
                "example.com/api-token: hunter2",
                "ALTER ROLE app PASSWORD 'hunter2'",
                "- name: \"DB_PASSWORD\"\n  value: \"hunter2\"",
                "Authorization: Bearer hunter2hunter2",
                "rolpassword SCRAM-SHA-256$4096:hunter2",
                "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----",
            })
    void what_looks_like_one_goes(String text) {
        assertThat(REDACTION.clean(text)).doesNotContain("hunter2").contains(Redaction.GONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "passwordMode: Verifier",
                "credentials:\n  rotateEvery: 720h",
                "credentials: {overlap: 24h}",
                "secretName: orders-db",
                "user shop_orders_app_a, a login with the Secret worked",
                "the password of user \"app\" was refused; correct `username` and `password` in the admin Secret",
                "https://pg.example.com:5432/x@y",
            })
    void what_is_none_stays(String text) {
        assertThat(REDACTION.clean(text)).isEqualTo(text);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postgresql.util.PasswordUtil;

/** Passwords in the forms in which they leave the operator's memory: a SCRAM verifier and a keyed fingerprint. */
public final class Scram {
    private Scram() {}

    /** What PostgreSQL stores; the password itself never goes to the server. */
    public static String verifier(String password) {
        try {
            return PasswordUtil.encodeScramSha256(password.toCharArray());
        } catch (RuntimeException e) {
            throw new IllegalStateException("the platform cannot compute SCRAM-SHA-256", e);
        }
    }

    /** Whether what PostgreSQL is told is not the password itself. */
    static boolean isVerifier(String secret) {
        return secret.startsWith("SCRAM-SHA-256$");
    }

    /** Tells later whether a Secret still holds this password, without keeping it. */
    public static String fingerprint(String ledger, String login, String password) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(ledger.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of()
                    .formatHex(mac.doFinal((login + "\u0000" + password).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}

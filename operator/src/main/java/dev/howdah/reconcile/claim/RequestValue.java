// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The value of an annotation that asks for something once per value. It is kept to be compared, so one that is long or has
 * unprintable characters is kept as its hash.
 */
final class RequestValue {
    private static final int LONGEST = 128;

    private RequestValue() {}

    /** Empty for the empty value, which asks for nothing. */
    static Optional<String> of(String annotation) {
        if (annotation.isEmpty()) {
            return Optional.empty();
        }
        return annotation.length() <= LONGEST && annotation.chars().allMatch(c -> c >= ' ' && c < 0x7f)
                ? Optional.of(annotation)
                : Optional.of("sha256:" + sha256(annotation));
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

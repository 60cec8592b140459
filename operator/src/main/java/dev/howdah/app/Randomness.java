// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import java.security.SecureRandom;
import java.util.Base64;

/** The only source of chance. */
public final class Randomness {
    /** 24 bytes are 32 characters of the URL-safe alphabet. */
    private static final int PASSWORD_BYTES = 24;

    private final SecureRandom random = new SecureRandom();

    /** A new password: 32 characters that need no escaping in a URL, 192 bits. */
    public String password() {
        var bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** For keys and serial numbers. */
    public SecureRandom secure() {
        return random;
    }

    /** From 0 to 1. */
    public double fraction() {
        return random.nextDouble();
    }
}

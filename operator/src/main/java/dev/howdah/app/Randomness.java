// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** The only source of chance. */
public final class Randomness {
    /** 24 bytes are 32 characters of the URL-safe alphabet. */
    private static final int PASSWORD_BYTES = 24;

    private static final Pattern MIXED = Pattern.compile("(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])");

    private final SecureRandom random = new SecureRandom();

    /**
     * A new password: 32 characters that need no escaping in a URL, 192 bits. Small and capital letters and a digit are
     * among them, as the password rules of managed services want it.
     */
    public String password() {
        var bytes = new byte[PASSWORD_BYTES];
        while (true) {
            random.nextBytes(bytes);
            var password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            if (MIXED.matcher(password).lookingAt()) {
                return password;
            }
        }
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

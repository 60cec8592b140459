// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords and tokens: made at random at every start, never written in a source file. */
final class RandomSecret {
    private RandomSecret() {}

    static String create() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a Secret holds, for tests that log in with it. */
public final class Secrets {
    private Secrets() {}

    /** Fails where there is no such Secret, or nothing under this key. */
    public static String value(@Nullable Secret secret, String key) {
        var data = Objects.requireNonNull(secret, "no such Secret").getData();
        return new String(
                Base64.getDecoder().decode(Objects.requireNonNull(data.get(key), key)), StandardCharsets.UTF_8);
    }
}

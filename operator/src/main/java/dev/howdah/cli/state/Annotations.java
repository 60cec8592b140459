// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.state;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads what a claim is told by annotation. */
public final class Annotations {
    private Annotations() {}

    /** Empty also for an annotation without a value. */
    public static Optional<String> get(DatabaseClaim claim, String key) {
        var all = Objects.requireNonNullElse(claim.getMetadata().getAnnotations(), Map.<String, String>of());
        return Optional.ofNullable(all.get(key)).filter(value -> !value.isEmpty());
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.state;

import dev.howdah.api.v1alpha1.Howdah;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads what an object is told by annotation. */
public final class Annotations {
    private Annotations() {}

    /** Empty also for an annotation without a value. */
    public static Optional<String> get(HasMetadata object, String key) {
        var all = Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.<String, String>of());
        return Optional.ofNullable(all.get(key)).filter(value -> !value.isEmpty());
    }

    public static boolean paused(HasMetadata object) {
        return get(object, Howdah.PAUSED).filter("true"::equals).isPresent();
    }
}

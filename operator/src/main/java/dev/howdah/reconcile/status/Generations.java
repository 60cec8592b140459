// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.status;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** The generation of an object; 0 before the API server gave it one. */
public final class Generations {
    private Generations() {}

    public static long of(HasMetadata object) {
        var generation = object.getMetadata().getGeneration();
        return generation == null ? 0 : generation;
    }
}

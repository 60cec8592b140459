// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Claims that found no place at a server, in the order in which they are woken. */
public final class Parking {
    private final Queue<ResourceID> waiting = new ConcurrentLinkedQueue<>();

    /** To be woken when a place is free. */
    public void park(ResourceID claim) {
        if (!waiting.contains(claim)) {
            waiting.add(claim);
        }
    }

    /** Those to be woken when a place is free: two, for the first may be gone, and one of those who share one place. */
    List<ResourceID> next(Predicate<ResourceID> heldUp) {
        var next = Stream.concat(
                        waiting.stream().filter(heldUp.negate()).limit(2),
                        waiting.stream().filter(heldUp).limit(1))
                .toList();
        waiting.removeAll(next);
        return next;
    }

    @Nullable
    ResourceID unpark() {
        return waiting.poll();
    }

    public int waiting() {
        return waiting.size();
    }
}

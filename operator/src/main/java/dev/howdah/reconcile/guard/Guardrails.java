// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.guard;

import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.policy.rulebook.Rulebook;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The policies and waivers there are now, read anew only when one of them changes. */
public final class Guardrails {
    /** Namespaces come and go; two that share a line only wait for each other's evaluation. */
    private static final int LINES = 64;

    private volatile Supplier<Collection<DatabasePolicy>> policies = List::of;
    private volatile Supplier<Collection<DatabaseWaiver>> waivers = List::of;
    private Edition edition = new Edition(List.of(), Rulebook.EMPTY);
    private final List<Lock> lines =
            Stream.<Lock>generate(ReentrantLock::new).limit(LINES).toList();

    /** A reading, and of which objects it is. */
    private record Edition(List<String> of, Rulebook rulebook) {}

    /** Where to look policies and waivers up, once they are watched. */
    public void objectsAreIn(
            Supplier<Collection<DatabasePolicy>> watchedPolicies, Supplier<Collection<DatabaseWaiver>> watchedWaivers) {
        policies = watchedPolicies;
        waivers = watchedWaivers;
    }

    /** The same object for as long as nothing changes: who was judged by it is told from who was judged by another. */
    public synchronized Rulebook rulebook() {
        var nowPolicies = policies.get();
        var nowWaivers = waivers.get();
        var of = Stream.concat(nowPolicies.stream(), nowWaivers.stream())
                .map(Guardrails::version)
                .sorted()
                .toList();
        var last = edition;
        if (!last.of().equals(of)) {
            last = new Edition(of, Rulebook.of(nowPolicies, nowWaivers, last.rulebook()));
            edition = last;
        }
        return last.rulebook();
    }

    private static String version(HasMetadata object) {
        var meta = object.getMetadata();
        return meta.getUid() + " " + meta.getGeneration();
    }

    /** One evaluator per namespace: two at once would count the same room in a quota. */
    public <T> T inLine(String namespace, Supplier<T> evaluation) {
        var line = lines.get(Math.floorMod(namespace.hashCode(), LINES));
        line.lock();
        try {
            return evaluation.get();
        } finally {
            line.unlock();
        }
    }
}

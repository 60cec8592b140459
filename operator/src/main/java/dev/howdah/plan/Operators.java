// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The DBA's own roles, which may enter every claim's database.
 *
 * @param connect those that may connect
 * @param readers those that may also read what the claim's readers do
 * @param former those that were granted that earlier and are no longer listed
 */
public record Operators(Set<String> connect, Set<String> readers, Set<String> former) {
    public static final Operators NONE = new Operators(Set.of(), Set.of(), Set.of());

    /** All that are listed. */
    public Set<String> listed() {
        var all = new LinkedHashSet<>(connect);
        all.addAll(readers);
        return all;
    }

    boolean lists(String role) {
        return connect.contains(role) || readers.contains(role);
    }

    /** Without those that cannot be served: the admin itself, and roles of claims. */
    public Operators without(Collection<String> others) {
        return new Operators(minus(connect, others), minus(readers, others), former);
    }

    private static Set<String> minus(Set<String> all, Collection<String> others) {
        var left = new LinkedHashSet<>(all);
        left.removeAll(others);
        return left;
    }
}

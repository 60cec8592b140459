// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import dev.howdah.api.v1alpha1.PostgresServerSpec.Capacity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a server has room for.
 *
 * @param capacity {@code null} for no limit
 * @param usedDatabases what is there, retained and reserved ones included
 */
public record Room(@Nullable Capacity capacity, int usedDatabases, Demand used) {

    /** What a capacity may limit. */
    public enum Measure {
        databases,
        storage,
        connections
    }

    /**
     * One limit of a capacity.
     *
     * @param limit as it is written there
     */
    public record Part(Measure measure, long used, long most, String limit) {
        boolean lacks(long more) {
            return Demand.sum(used, more) > most;
        }

        /** {@code 15 of 90 connections}; a size is rounded down. */
        public String left() {
            var left = Math.max(0, most - used);
            LongFunction<String> text = measure == Measure.storage ? StorageText::floor : String::valueOf;
            return "%s of %s".formatted(text.apply(left), lasting());
        }

        /** The same without what other databases take. */
        String lasting() {
            return "%s %s".formatted(limit, measure);
        }

        double freeFraction() {
            return most == 0 ? 0.0 : ((double) most - used) / most;
        }
    }

    /** What is limited. */
    public List<Part> parts() {
        var parts = new ArrayList<Part>();
        if (capacity != null) {
            if (capacity.databases() != null) {
                parts.add(counted(Measure.databases, usedDatabases, capacity.databases()));
            }
            if (capacity.storage() != null) {
                parts.add(new Part(
                        Measure.storage, used.storage(), StorageText.parse(capacity.storage()), capacity.storage()));
            }
            if (capacity.connections() != null) {
                parts.add(counted(Measure.connections, used.connections(), capacity.connections()));
            }
        }
        return parts;
    }

    private static Part counted(Measure measure, int used, int most) {
        return new Part(measure, used, most, String.valueOf(most));
    }

    /** What there is too little of for one more database. */
    List<Part> lacksFor(Demand one) {
        return parts().stream()
                .filter(part -> switch (part.measure()) {
                    case databases -> part.lacks(1);
                    case storage -> part.lacks(one.storage());
                    case connections -> part.lacks(one.connections());
                })
                .toList();
    }

    /** What there is too little of for one that is among them to grow; what stays or shrinks always fits. */
    public List<Part> lacksToGrow(Demand from, Demand to) {
        return parts().stream()
                .filter(part -> switch (part.measure()) {
                    case databases -> false;
                    case storage -> to.storage() > from.storage() && part.lacks(to.storage() - from.storage());
                    case connections ->
                        to.connections() > from.connections() && part.lacks(to.connections() - from.connections());
                })
                .toList();
    }

    double tightestFreeFraction() {
        return parts().stream().mapToDouble(Part::freeFraction).min().orElse(1.0);
    }

    /** {@code 15 of 90 connections, 0 of 10Gi storage left}. */
    public static String left(List<Part> lacks) {
        return lacks.stream().map(Part::left).collect(Collectors.joining(", ")) + " left";
    }

    /** The same without what other databases take. */
    public static String lasting(List<Part> lacks) {
        return lacks.stream().map(Part::lasting).collect(Collectors.joining(", "));
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

/**
 * What one database takes of a quota and of a server's capacity.
 *
 * @param storage the budget in bytes
 * @param connections sessions all logins may hold together
 */
public record Demand(long storage, int connections) {
    public static final Demand NONE = new Demand(0, 0);

    /** The larger of both in each part. */
    public Demand max(Demand other) {
        return new Demand(Math.max(storage, other.storage), Math.max(connections, other.connections));
    }

    /** The sum of two amounts, neither below zero; the largest number there is where it would be beyond. */
    public static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
}

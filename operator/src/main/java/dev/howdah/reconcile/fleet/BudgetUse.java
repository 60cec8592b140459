// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.fleet;

/** How much of its storage budget a database takes, as far as anybody is told. */
public enum BudgetUse {
    /** Nothing to tell. */
    Fine,
    /** 80 % or more. */
    Most,
    /** All or more. */
    All;

    private static final double MOST = 0.8;

    /** Both in bytes. */
    public static BudgetUse of(long size, long budget) {
        return size < budget * MOST ? Fine : size < budget ? Most : All;
    }
}

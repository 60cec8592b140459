// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

/** Whether a claim gets the database that a claim of its name in a former namespace left. */
public enum Handover {
    /** Being of the same name is not being the same team. */
    Never,
    /** The server's adoptions name the database and the claim. */
    ByPair,
    /** The ledger came from a cluster that is lost, and its databases are being given out by name. */
    ByRecovery
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.output;

/** Exit codes of every verb. */
public final class Exit {
    public static final int FINE = 0;
    /** Something is denied, fails, or is not there. */
    public static final int FINDINGS = 1;
    /** Wrong use, or the question could not be answered. */
    public static final int COULD_NOT_RUN = 2;

    private Exit() {}

    public static int of(boolean fine) {
        return fine ? FINE : FINDINGS;
    }
}

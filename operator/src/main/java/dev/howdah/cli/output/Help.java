// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.output;

import picocli.CommandLine.Option;

/** The option that every verb has. */
public final class Help {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    private boolean asked;

    /** Whether it was given; picocli shows the help by itself. */
    public boolean asked() {
        return asked;
    }
}

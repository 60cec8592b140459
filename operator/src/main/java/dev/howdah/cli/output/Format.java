// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.output;

import java.util.Locale;

/** The form of an answer. */
public enum Format {
    TABLE,
    JSON,
    YAML;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.world;

/** The question cannot be answered: wrong use, an unreadable file, a cluster that does not answer. One line, exit code 2. */
public final class CannotRun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CannotRun(String line) {
        super(line);
    }
}

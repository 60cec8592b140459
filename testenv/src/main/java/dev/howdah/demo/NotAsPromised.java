// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

/** The demo saw something else than it says; the message is one line. */
final class NotAsPromised extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotAsPromised(String message) {
        super(message);
    }

    NotAsPromised(String message, Throwable cause) {
        super(message, cause);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;

/** Keeps a program up until its user is done with it. */
public final class Stay {
    private Stay() {}

    /** Returns when standard input ends; at a terminal not at all, since Ctrl-C ends the JVM. */
    public static void untilTold(Progress progress) {
        if (isTerminal()) {
            progress.line("running; Ctrl-C ends and removes everything");
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        progress.line("running; the end of standard input ends and removes everything");
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // its type says it may be null, and NullAway believes that
    private static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps a program up until its user is done with it. */
public final class Stay {
    private static final long AT_ONCE_MILLIS = 300;

    /** Never done where a signal alone tells the end. */
    private final CountDownLatch ended;

    private final boolean endless;
    private final boolean terminal;

    private Stay(CountDownLatch ended, boolean endless, boolean terminal) {
        this.ended = ended;
        this.endless = endless;
        this.terminal = terminal;
    }

    /**
     * Looks how this program will be told to end. Called at its start: an input that is at its end by then, as in the
     * background of a shell, cannot tell it; one that ends later does, also before anybody waits for it.
     */
    public static Stay fromNow() {
        return isTerminal() ? new Stay(new CountDownLatch(1), true, true) : reading(System.in);
    }

    static Stay reading(InputStream in) {
        var ended = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("standard input").start(() -> {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException _) {
                // Nobody can say anything by it any more.
            }
            ended.countDown();
        });
        try {
            return ended.await(AT_ONCE_MILLIS, TimeUnit.MILLISECONDS)
                    ? new Stay(new CountDownLatch(1), true, false)
                    : new Stay(ended, false, false);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Stay(ended, false, false);
        }
    }

    /** Whether only a signal ends it. */
    boolean endless() {
        return endless;
    }

    /** Returns when standard input ends; where that cannot be, not at all, since a signal ends the JVM. */
    public void untilTold(Progress progress) {
        progress.line(
                terminal
                        ? "running; Ctrl-C ends and removes everything"
                        : endless
                                ? "running; kill %d ends and removes everything"
                                        .formatted(ProcessHandle.current().pid())
                                : "running; the end of standard input ends and removes everything");
        try {
            ended.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("SystemConsoleNull") // its type says it may be null, and NullAway believes that
    private static boolean isTerminal() {
        var console = System.console();
        return (console != null && console.isTerminal()) || readsTerminal();
    }

    /** Also where the output goes elsewhere: whoever reads a terminal from the background is stopped by it. */
    private static boolean readsTerminal() {
        try {
            var input = Path.of("/proc/self/fd/0").toRealPath().toString();
            return input.startsWith("/dev/pts/") || input.startsWith("/dev/tty");
        } catch (IOException _) {
            return false;
        }
    }
}

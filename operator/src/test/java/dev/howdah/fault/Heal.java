// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

/** What is undone when the bad time is over. */
interface Heal {
    void heal();

    static Heal after(int millis, Runnable then) {
        return () -> {
            Wire.pause(millis);
            then.run();
        };
    }

    /** Goes on in the background; healing waits for its end. */
    static Heal repeat(int times, int everyMillis, Runnable what) {
        var thread = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < times; i++) {
                try {
                    what.run();
                } catch (RuntimeException | AssertionError e) {
                    // The target may be gone just now.
                }
                Wire.pause(everyMillis);
            }
        });
        return () -> join(thread);
    }

    /** Waits for the end of what goes on in the background. */
    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All connections of one operator, whatever client it uses: they run through {@link ApiProxy} and {@link SqlProxy}. A cut
 * wire lets nothing through, as if the process were dead.
 */
final class Wire {
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastCall = new AtomicLong(System.nanoTime());
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger exchanges = new AtomicInteger();
    private final AtomicInteger disturbed = new AtomicInteger();
    private volatile Tap tap = Tap.NONE;
    private volatile boolean cut;
    private volatile @Nullable Runnable killer;
    private volatile @Nullable Runnable onHalt;

    void tap(Tap tap) {
        this.tap = tap;
    }

    Tap tap() {
        return tap;
    }

    /** How a process of its own is killed at {@link Fate.Halt}, before its connections break by that. */
    void killBy(Runnable killer) {
        this.killer = killer;
    }

    /** What is done after {@link Fate.Halt}, when nothing gets through any more. */
    void onHalt(@Nullable Runnable action) {
        onHalt = action;
    }

    boolean isCut() {
        return cut;
    }

    /** Breaks every connection and refuses new ones until {@link #mend}. */
    void cut() {
        cut = true;
        breakConnections(socket -> true);
    }

    void mend() {
        breakConnections(socket -> true);
        cut = false;
        lastCall.set(System.nanoTime());
    }

    void breakConnections(Predicate<Closeable> which) {
        open.stream().filter(which).forEach(socket -> {
            disturbed.incrementAndGet();
            close(socket);
        });
    }

    /** Remembers a connection, or breaks it when the wire is cut. */
    <T extends Closeable> T opened(T socket) throws IOException {
        open.add(socket);
        if (cut) {
            closed(socket);
            throw new IOException("the wire is cut");
        }
        return socket;
    }

    void closed(Closeable socket) {
        open.remove(socket);
        close(socket);
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is broken, which is what is wanted.
        }
    }

    /** Nanoseconds without an exchange; 0 while one is under way. */
    long idle() {
        return underWay.get() > 0 ? 0 : System.nanoTime() - lastCall.get();
    }

    /** How many exchanges were begun so far. */
    int exchanges() {
        return exchanges.get();
    }

    /** How often so far a {@link Tap} did something, or a connection was broken on purpose. */
    int disturbed() {
        return disturbed.get();
    }

    Fate before(Call call) throws IOException {
        underWay.incrementAndGet();
        exchanges.incrementAndGet();
        try {
            return decided(cut ? Fate.CUT : tap.before(call));
        } catch (IOException e) {
            lost();
            throw e;
        }
    }

    Fate after(Call call) throws IOException {
        lastCall.set(System.nanoTime());
        underWay.decrementAndGet();
        return decided(cut ? Fate.CUT : tap.after(call));
    }

    /** One that ends without an answer. */
    void lost() {
        underWay.decrementAndGet();
    }

    private Fate decided(Fate fate) throws IOException {
        if (!(fate instanceof Fate.Pass)) {
            disturbed.incrementAndGet();
        }
        switch (fate) {
            case Fate.Pass p -> {}
            case Fate.Answer a -> {}
            case Fate.Late(var by) -> pause(by.toMillis());
            case Fate.Cut c -> throw new IOException("cut");
            case Fate.Halt h -> {
                var kill = killer;
                if (kill != null) {
                    kill.run();
                }
                cut();
                var action = onHalt;
                if (action != null) {
                    action.run();
                }
                throw new IOException("halted");
            }
        }
        return fate;
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

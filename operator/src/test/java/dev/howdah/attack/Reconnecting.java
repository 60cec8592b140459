// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A client that is back as soon as it was sent out. */
final class Reconnecting implements AutoCloseable {
    private static final long PAUSE = 5_000_000;

    private final Thread thread;
    private volatile boolean over;
    private volatile @Nullable Connection current;

    Reconnecting(Tenant tenant) {
        thread = Thread.ofVirtual().start(() -> {
            while (!over) {
                try (var session = tenant.connect()) {
                    current = session;
                    Sql.first(session, "SELECT pg_sleep(10)");
                } catch (SQLException e) {
                    LockSupport.parkNanos(PAUSE);
                }
            }
        });
    }

    @Override
    public void close() {
        over = true;
        try {
            var session = current;
            if (session != null) {
                session.abort(Runnable::run);
            }
            thread.join();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

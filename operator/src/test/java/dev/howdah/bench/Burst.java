// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.bench;

import dev.howdah.InstalledCluster;
import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Claims that are made at once, and watched until the last of them can be used. */
public final class Burst {
    /** As {@code kubectl create} by many hands. */
    private static final int POSTS_AT_ONCE = 20;

    /** One in this many is logged in to at the moment it says that it is ready. */
    private static final int SAMPLED = 20;

    private final KubernetesClient client;
    private final String namespace;
    private final TestPostgres postgres;

    public Burst(KubernetesClient client, String namespace, TestPostgres postgres) {
        this.client = client;
        this.namespace = namespace;
        this.postgres = postgres;
    }

    /**
     * From the first create to the last claim that is ready. After that, and not in the time, every login is tried.
     *
     * @throws IllegalStateException when one is not ready in time, or its login does not work
     */
    public Duration run(List<String> names, Duration patience) throws InterruptedException {
        var ready = new Ready(names);
        Duration took;
        try (var watch =
                client.resources(DatabaseClaim.class).inNamespace(namespace).watch(ready)) {
            long begin = System.nanoTime();
            post(names);
            took = Duration.ofNanos(ready.await(patience) - begin);
        }
        for (var name : names) {
            logIn(name);
        }
        return took;
    }

    /** How often a burst of so many reads a Secret itself. */
    public static long ownReads(int claims) {
        // The last ones that are open are counted from the size down to 1.
        return claims + claims / SAMPLED;
    }

    /** One that is made now and watched until somebody serves it. */
    public Waiting waiting(String name, Duration patience) {
        var ready = new Ready(List.of(name));
        var watch = client.resources(DatabaseClaim.class).inNamespace(namespace).watch(ready);
        post(List.of(name));
        return new Waiting(ready, watch, patience);
    }

    /** A claim that nobody serves yet. */
    public record Waiting(Ready claim, Watch watch, Duration patience) implements AutoCloseable {
        /** When it was seen to be ready, by {@code System.nanoTime}. */
        public long ready() throws InterruptedException {
            return claim.await(patience);
        }

        @Override
        public void close() {
            watch.close();
        }
    }

    /** Notes when each is ready, and logs in to some. */
    public final class Ready implements Watcher<DatabaseClaim> {
        private final Set<String> open = ConcurrentHashMap.newKeySet();
        private final CountDownLatch all;
        private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        private volatile long last;

        Ready(List<String> names) {
            open.addAll(names);
            all = new CountDownLatch(names.size());
        }

        @Override
        public void eventReceived(Action action, DatabaseClaim claim) {
            try {
                if (InstalledCluster.isReady(claim)
                        && open.remove(claim.getMetadata().getName())) {
                    last = System.nanoTime();
                    if (all.getCount() % SAMPLED == 0) {
                        logIn(claim.getMetadata().getName());
                    }
                    all.countDown();
                }
            } catch (RuntimeException e) {
                // Who calls this logs it and goes on.
                fail(e);
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            fail(new IllegalStateException("the watch has ended", cause));
        }

        private void fail(RuntimeException cause) {
            failure.compareAndSet(null, cause);
            while (all.getCount() > 0) {
                all.countDown();
            }
        }

        /**
         * When the last of them was ready, by {@code System.nanoTime}.
         *
         * @throws IllegalStateException when one is not ready in time, or the first of what went wrong meanwhile
         */
        long await(Duration patience) throws InterruptedException {
            var inTime = all.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            var failed = failure.get();
            if (failed != null) {
                throw new IllegalStateException(failed.getMessage(), failed);
            }
            if (!inTime) {
                throw new IllegalStateException("not ready within %s: %s".formatted(patience, open));
            }
            return last;
        }
    }

    /** What {@link #run} made goes, its databases with it; returns when it is gone. */
    public void clear(Duration patience) {
        client.resources(DatabaseClaim.class).inNamespace(namespace).delete();
        long deadline = System.nanoTime() + patience.toNanos();
        while (!client.resources(DatabaseClaim.class)
                        .inNamespace(namespace)
                        .list()
                        .getItems()
                        .isEmpty()
                || databases() > 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("claims or databases of " + namespace + " are still there");
            }
            pause();
        }
        try (var connection = postgres.connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private long databases() {
        try (var connection = postgres.connect("postgres");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_database WHERE datname LIKE '" + namespace + "\\_%'")) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void post(List<String> names) {
        try (var posts = Executors.newFixedThreadPool(POSTS_AT_ONCE)) {
            var made = new ArrayList<java.util.concurrent.Future<?>>();
            for (var name : names) {
                made.add(posts.submit(() -> client.resource(claim(name)).create()));
            }
            for (var one : made) {
                one.get();
            }
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("a claim could not be made", e);
        }
    }

    private GenericKubernetesResource claim(String name) {
        return Serialization.unmarshal("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: %s, namespace: %s}
                spec: {deletionPolicy: Delete}
                """.formatted(name, namespace), GenericKubernetesResource.class);
    }

    /** The Secret is there, and its application gets in. */
    private void logIn(String claim) {
        var secret =
                client.secrets().inNamespace(namespace).withName(claim + "-db").get();
        if (secret == null) {
            throw new IllegalStateException(claim + " is ready and has no Secret");
        }
        try (var session = postgres.connect(
                        Secrets.value(secret, "database"),
                        Secrets.value(secret, "username"),
                        Secrets.value(secret, "password"));
                var statement = session.createStatement()) {
            statement.execute("SELECT 1");
        } catch (SQLException e) {
            throw new IllegalStateException(claim + " is ready, and its login does not work", e);
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import dev.howdah.chart.OperatorAccount;
import dev.howdah.reconcile.ShiftedClock;
import dev.howdah.testenv.ControlPlane;
import dev.howdah.testenv.Crds;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.Progress;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An operator on its wire, between a control plane of its own and a PostgreSQL of its own. */
final class Rig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final Cluster cluster;
    final TestPostgres postgres;
    final Catalog catalog;
    final Wire wire = new Wire();
    final SqlProxy sql;
    final ApiProxy api;
    final ShiftedClock clock = new ShiftedClock();
    private final ControlPlane controlPlane = ControlPlane.startOwn(Progress.onStandardError());
    /** Of the account that ships. */
    private final Config config;

    private final PostgresLogin admin;
    private final String installation = UUID.randomUUID().toString();
    private final AtomicInteger leader = new AtomicInteger();
    private final Object restarts = new Object();
    private volatile @Nullable Incarnation running;
    private @Nullable Incarnation former;
    private @Nullable Thread starting;
    private @Nullable Path jar;
    private @Nullable Path folder;
    private @Nullable SmallDisk disk;

    private Rig(int major, boolean superuser) {
        this.cluster = new Cluster(controlPlane.client());
        cluster.createNamespace(Cluster.OPERATOR_NAMESPACE);
        this.config = OperatorAccount.config(OperatorAccount.kubeconfig(controlPlane, Cluster.OPERATOR_NAMESPACE));
        this.postgres = TestPostgres.start(PostgresOptions.major(major)
                .with("autovacuum", "off")
                .with("log_statement", "all")
                .with("max_prepared_transactions", "5")
                .with("wal_level", "logical"));
        try {
            this.admin = superuser
                    ? new PostgresLogin(postgres.superuser(), postgres.superuserPassword())
                    : postgres.createAdmin("platform_admin");
            this.sql = new SqlProxy(wire, postgres.host(), postgres.port());
            this.api = new ApiProxy(wire, URI.create(config.getMasterUrl()), SSLUtils.sslContext(config));
            this.catalog = new Catalog(postgres);
        } catch (SQLException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        Crds.install(cluster.client, Path.of("..", "crds"));
        cluster.createNamespace(cluster.namespace);
        adminSecret(admin.password());
        publishServer();
        databaseClass("standard", "168h");
        databaseClass("passing", "0s");
    }

    static Rig open(int major, boolean superuser) {
        return new Rig(major, superuser);
    }

    /** Moves the server to a disk that can be filled; {@code false} where this user may not mount one. */
    boolean moveToASmallDisk() {
        var mounted = SmallDisk.mount();
        if (mounted == null) {
            return false;
        }
        disk = mounted;
        kill();
        var data = catalog.rows("SHOW data_directory").getFirst();
        postgres.stop();
        var moved = mounted.path().resolve("data");
        try {
            var done = new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "cp -a \"$0\" \"$1\" && rm -rf \"$0\" && ln -s \"$1\" \"$0\"",
                            data,
                            moved.toString())
                    .start()
                    .waitFor();
            if (done != 0) {
                throw new AssertionError("the data could not be moved");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        postgres.startAgain();
        return true;
    }

    private void databaseClass(String name, String retainFor) {
        cluster.apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata: {name: %s}
                spec: {serverSelector: {matchLabels: {tier: main}}, majorVersions: [%d], retainFor: %s}
                """.formatted(name, postgres.major(), retainFor));
    }

    void adminSecret(String password) {
        cluster.client
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(Cluster.SERVER)
                        .withNamespace(Cluster.OPERATOR_NAMESPACE)
                        .endMetadata()
                        .addToStringData("username", admin.name())
                        .addToStringData("password", password)
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    /** A name that no run had before, and that {@link Call} leaves out of the names of steps. */
    static String freshName() {
        return "x%06xx".formatted(NUMBERS.incrementAndGet());
    }

    // The operator

    private Incarnation incarnation() {
        if (jar != null) {
            return new Packaged(jar, environment(Objects.requireNonNull(folder)), wire);
        }
        var throughTheProxy = new ConfigBuilder(config).withMasterUrl(api.url()).build();
        return new InProcess(throughTheProxy, installation, term(), clock, this::exited);
    }

    /** From now on it runs as processes of this jar. */
    void packaged(Path jar, Path folder) {
        this.jar = jar;
        this.folder = folder;
    }

    /** In its words for a process of its own. */
    private Map<String, String> environment(Path folder) {
        return Map.of(
                "KUBECONFIG",
                api.kubeconfig(folder, config).toString(),
                "HOWDAH_NAMESPACE",
                Cluster.OPERATOR_NAMESPACE);
    }

    void start() {
        next().start();
    }

    private Incarnation next() {
        wire.mend();
        var next = incarnation();
        running = next;
        return next;
    }

    /** Returns at once; the start may be cut off. */
    void startAside() {
        var next = next();
        starting = Thread.ofVirtual().start(() -> {
            try {
                next.start();
            } catch (RuntimeException e) {
                // Cut off.
            }
        });
    }

    /** Where the process would end, its cluster starts another one. */
    private void exited(Incarnation which) {
        if (running == which && !wire.isCut()) {
            Thread.ofVirtual().start(() -> {
                Wire.pause(500);
                synchronized (restarts) {
                    if (running == which && !wire.isCut()) {
                        restart();
                    }
                }
            });
        }
    }

    /** An operator runs and knows its server. */
    void ready() {
        if (running == null) {
            start();
        }
        await("the server is ready", cluster::serverIsReady);
    }

    /** As if it had never been published, nor had a ledger. */
    void forgetServer() {
        kill();
        Cluster.patch(cluster.serverObject(), "metadata: {finalizers: null}");
        cluster.serverObject().delete();
        await("the server object goes", () -> cluster.serverObject().get() == null);
        catalog.rows("DROP DATABASE IF EXISTS howdah WITH (FORCE)");
    }

    void publishServer() {
        cluster.apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: PostgresServer
                metadata: {name: main, labels: {tier: main}}
                spec:
                  external: {host: 127.0.0.1, port: %d, sslMode: disable, adminSecretRef: {name: main}}
                  endpoint: {host: %s, port: %d, sslMode: disable}
                """.formatted(sql.port(), postgres.host(), postgres.port()));
    }

    /** Of this claim. */
    String database(String name) {
        return cluster.namespace + "_" + name;
    }

    /** A database of the name a claim would have, made and used by others. */
    void makeBrownfield(String name) {
        var legacy = "legacy_" + name;
        catalog.rows("CREATE ROLE " + legacy);
        catalog.rows("GRANT " + legacy + " TO " + admin.name());
        catalog.rows("CREATE DATABASE " + database(name) + " OWNER " + legacy);
        catalog.rowsAtOnce(
                database(name),
                "SET ROLE " + legacy,
                "CREATE TABLE public.kept (text text)",
                "INSERT INTO public.kept VALUES ('all of it')",
                "CREATE SCHEMA archive",
                "CREATE TABLE archive.old (id serial)");
    }

    /** What the ledger says of this claim; empty when it knows none. */
    List<String> ledgerStates(String name) {
        return catalog.rows("howdah", "SELECT state FROM howdah.claim WHERE name = '" + name + "'");
    }

    /** Returns when it is gone. */
    void endClaim(String name) {
        cluster.claim(name).delete();
        await(name + " is gone", () -> cluster.claim(name).get() == null);
    }

    /** Everything that PostgreSQL has of a claim goes; what a running operator remembers of it goes with the operator. */
    void forget(String name) {
        catalog.rows("howdah", "DELETE FROM howdah.claim WHERE name = '" + name + "'");
        catalog.forgetDatabase(database(name));
        catalog.rows("DROP ROLE IF EXISTS legacy_" + name);
    }

    /** Ends the operator; with the wire cut, nothing of its end is seen outside. */
    void kill() {
        wire.cut();
        endOfFormerLeader();
        var dead = running;
        running = null;
        if (dead != null) {
            dead.end();
        }
    }

    /** Another process takes the Lease; the one that had it does not know yet, and learns it when it asks. */
    void sibling() {
        former = running;
        leader.incrementAndGet();
        var next = incarnation();
        running = next;
        next.start();
    }

    void endOfFormerLeader() {
        var dead = former;
        former = null;
        if (dead != null) {
            dead.end();
        }
    }

    /** What the Lease says to one who had it at this time. */
    private Supplier<OptionalLong> term() {
        var mine = leader.get();
        return () -> leader.get() == mine ? OptionalLong.of(mine) : OptionalLong.empty();
    }

    void restart() {
        kill();
        start();
    }

    // Waiting

    static void await(String what, BooleanSupplier condition) {
        await(what, PATIENCE, condition);
    }

    static void await(String what, Duration patience, BooleanSupplier condition) {
        var deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                if (condition.getAsBoolean()) {
                    return;
                }
            } catch (KubernetesClientException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain: " + what);
            }
            Wire.pause(30);
        }
    }

    void changeAdminPassword(String password) {
        catalog.rows("ALTER ROLE " + admin.name() + " PASSWORD '" + password + "'");
    }

    SmallDisk disk() {
        return Objects.requireNonNull(disk);
    }

    /** Whether nothing went over the wire for a while; a process of its own may take a while between two exchanges. */
    boolean rests() {
        return wire.idle() > Duration.ofMillis(jar == null ? 150 : 700).toNanos();
    }

    /** Until it rests. */
    void quiet() {
        await("the operator comes to rest", this::rests);
    }

    @Override
    public void close() {
        kill();
        try {
            api.close();
            sql.close();
            catalog.close();
        } catch (IOException | SQLException e) {
            // All of it goes anyway.
        }
        cluster.client.close();
        postgres.close();
        if (disk != null) {
            disk.close();
        }
        controlPlane.close();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.PostgresServer;
import dev.howdah.app.Randomness;
import dev.howdah.app.Wiring;
import dev.howdah.reconcile.Leadership;
import dev.howdah.reconcile.Settings;
import dev.howdah.testenv.ControlPlane;
import dev.howdah.testenv.Crds;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.Progress;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
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
    private static final String OPERATOR_NAMESPACE = "howdah-system";
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final ControlPlane controlPlane;
    final KubernetesClient client;
    final TestPostgres postgres;
    final PostgresLogin admin;
    final boolean superuser;
    final Wire wire = new Wire();
    final SqlProxy sql;
    final ApiProxy api;
    final ShiftedClock clock = new ShiftedClock();
    final String namespace = "run";
    final String server = "main";
    final String installation = UUID.randomUUID().toString();
    private final boolean ownControlPlane;
    private Connection catalog;
    private final AtomicInteger leader = new AtomicInteger();
    private final AtomicInteger exits = new AtomicInteger();
    private @Nullable Op running;
    private @Nullable Op former;
    private @Nullable Path jar;
    private @Nullable Path folder;
    private @Nullable SmallDisk disk;

    /** The control plane may be shared by several rigs one after the other. */
    private Rig(ControlPlane controlPlane, boolean own, TestPostgres postgres, boolean superuser) {
        this.controlPlane = controlPlane;
        this.ownControlPlane = own;
        this.client = controlPlane.client();
        this.postgres = postgres;
        this.superuser = superuser;
        try {
            this.admin = superuser
                    ? new PostgresLogin(postgres.superuser(), postgres.superuserPassword())
                    : postgres.createAdmin("platform_admin");
            this.sql = new SqlProxy(wire, postgres.host(), postgres.port());
            var config = Config.fromKubeconfig(controlPlane.kubeconfig().toFile());
            this.api = new ApiProxy(wire, URI.create(config.getMasterUrl()), SSLUtils.sslContext(config));
            this.catalog = postgres.connect("postgres");
        } catch (SQLException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        Crds.install(client, Path.of("..", "crds"));
        createNamespace(OPERATOR_NAMESPACE);
        createNamespace(namespace);
        adminSecret(admin.password());
        publishServer();
        databaseClass("standard", "168h");
        databaseClass("passing", "0s");
    }

    static Rig open(int major, boolean superuser) {
        return open(PostgresOptions.major(major), superuser);
    }

    static Rig open(PostgresOptions options, boolean superuser) {
        return new Rig(
                ControlPlane.startOwn(Progress.onStandardError()),
                true,
                TestPostgres.start(options.with("autovacuum", "off")
                        .with("log_statement", "all")
                        .with("max_prepared_transactions", "5")
                        .with("wal_level", "logical")),
                superuser);
    }

    /** Moves the server to a disk that can be filled; {@code false} where this user may not mount one. */
    boolean moveToASmallDisk() {
        var mounted = SmallDisk.mount();
        if (mounted == null) {
            return false;
        }
        disk = mounted;
        kill();
        var data = rows("SHOW data_directory").getFirst();
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
        apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata: {name: %s}
                spec: {serverSelector: {matchLabels: {tier: main}}, majorVersions: [%d], retainFor: %s}
                """.formatted(name, postgres.major(), retainFor));
    }

    void adminSecret(String password) {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("main")
                        .withNamespace(OPERATOR_NAMESPACE)
                        .endMetadata()
                        .addToStringData("username", admin.name())
                        .addToStringData("password", password)
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    void createNamespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    void apply(String yaml) {
        client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
    }

    /** A name that no run had before, and that {@link Call} leaves out of the names of steps. */
    static String freshName() {
        return "x%06xx".formatted(NUMBERS.incrementAndGet());
    }

    // The operator

    /** An operator, in whatever way it runs. */
    private interface Op {
        void start();

        void end();
    }

    /** The packaged one, as a process of its own. */
    private final class Child implements Op {
        private @Nullable OperatorProcess process;

        @Override
        public void start() {
            var environment = new java.util.HashMap<>(environment(Objects.requireNonNull(folder)));
            environment.put("HOWDAH_SWEEP_INTERVAL", "2h");
            environment.put("HOWDAH_ORPHAN_GRACE", "2s");
            // Its Lease would have to run out before another may take it.
            environment.put("HOWDAH_LEADER_ELECTION_ENABLED", "false");
            environment.put("HOWDAH_WEBHOOK_ENABLED", "false");
            var started = OperatorProcess.run(Objects.requireNonNull(jar), environment);
            process = started;
            wire.killBy(started::kill);
            started.awaitReady(PATIENCE);
        }

        @Override
        public void end() {
            var dead = process;
            if (dead != null) {
                if (dead.isAlive()) {
                    dead.kill();
                }
                dead.close();
            }
        }
    }

    private final class Running implements Op {
        final KubernetesClient own = clientThrough(api.url());
        final Wiring wiring;
        final Operator operator;

        Running(Supplier<OptionalLong> term) {
            var settings = new Settings(
                    OPERATOR_NAMESPACE,
                    Duration.ofHours(2),
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(10),
                    Duration.ofHours(1),
                    90);
            var leadership = new Leadership("rig-" + UUID.randomUUID(), installation, term);
            wiring = new Wiring(own, settings, leadership, clock, new Randomness());
            operator = new Operator(o -> o.withKubernetesClient(own)
                    .withCloseClientOnStop(false)
                    .withConcurrentReconciliationThreads(8)
                    .withInformerStoppedHandler((informer, failure) -> exits(failure)));
            wiring.reconcilers().forEach(operator::register);
        }

        @Override
        public void start() {
            operator.start();
        }

        /** Where the process would end, its cluster starts another one. */
        private void exits(@Nullable Throwable failure) {
            if (failure != null && running == this && !wire.isCut()) {
                exits.incrementAndGet();
                Thread.ofVirtual().start(() -> {
                    Wire.pause(500);
                    synchronized (exits) {
                        if (running == this && !wire.isCut()) {
                            restart();
                        }
                    }
                });
            }
        }

        /** The client first: what still waits for an answer waits for nothing then. */
        @Override
        public void end() {
            own.close();
            operator.stop();
            wiring.close();
        }
    }

    private Op operator() {
        return jar == null ? new Running(term()) : new Child();
    }

    /** From now on it runs as processes of this jar. */
    void packaged(Path jar, Path folder) {
        this.jar = jar;
        this.folder = folder;
    }

    private KubernetesClient clientThrough(String url) {
        var config = Config.fromKubeconfig(controlPlane.kubeconfig().toFile());
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config).withMasterUrl(url).build())
                .build();
    }

    void start() {
        wire.mend();
        var started = operator();
        running = started;
        started.start();
    }

    /** Returns at once; the start may be cut off. */
    void startAside() {
        wire.mend();
        var started = operator();
        running = started;
        Thread.ofVirtual().start(() -> {
            try {
                started.start();
            } catch (RuntimeException e) {
                // Cut off.
            }
        });
    }

    /** An operator runs and knows its server. */
    void ready() {
        if (running == null) {
            start();
        }
        await("the server is ready", this::serverIsReady);
    }

    boolean serverIsReady() {
        var status = serverObject().get().getStatus();
        return status != null
                && status.conditions() != null
                && status.conditions().stream()
                        .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
    }

    /** As if it had never been published, nor had a ledger. */
    void forgetServer() {
        kill();
        patch(serverObject(), "metadata: {finalizers: null}");
        serverObject().delete();
        await("the server object goes", () -> serverObject().get() == null);
        rows("DROP DATABASE IF EXISTS howdah WITH (FORCE)");
    }

    void publishServer() {
        apply("""
                apiVersion: howdah.dev/v1alpha1
                kind: PostgresServer
                metadata: {name: main, labels: {tier: main}}
                spec:
                  external: {host: 127.0.0.1, port: %d, sslMode: disable, adminSecretRef: {name: main}}
                  endpoint: {host: %s, port: %d, sslMode: disable}
                """.formatted(sql.port(), postgres.host(), postgres.port()));
    }

    /** Everything that PostgreSQL has of a claim goes; what a running operator remembers of it goes with the operator. */
    void forget(String name) {
        rows("howdah", "DELETE FROM howdah.claim WHERE name = '" + name + "'");
        forgetDatabase(namespace + "_" + name);
    }

    void forgetDatabase(String database) {
        rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database + "'");
        if (!rows("SELECT 1 FROM pg_database WHERE datname = '" + database + "'")
                .isEmpty()) {
            rows("DROP DATABASE \"" + database + "\" WITH (FORCE)");
        }
        var roles = rows("SELECT quote_ident(rolname) FROM pg_roles WHERE starts_with(rolname, '" + database + "_')");
        if (!roles.isEmpty()) {
            rows("DROP ROLE " + String.join(", ", roles));
        }
    }

    /** Ends the operator's threads; with the wire cut, nothing of its end is seen outside. */
    void kill() {
        wire.cut();
        endOfFormerLeader();
        var dead = running;
        running = null;
        if (dead != null) {
            try {
                dead.end();
            } catch (RuntimeException e) {
                // It cannot say goodbye.
            }
        }
    }

    /** Another process takes the Lease; the one that had it does not know yet, and learns it when it asks. */
    void sibling() {
        former = running;
        leader.incrementAndGet();
        var next = new Running(term());
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

    /** In its words for a child process. */
    Map<String, String> environment(Path folder) {
        try {
            var config = Config.fromKubeconfig(controlPlane.kubeconfig().toFile());
            var file = folder.resolve("kubeconfig");
            Files.writeString(file, """
                    apiVersion: v1
                    kind: Config
                    current-context: rig
                    clusters: [{name: rig, cluster: {server: "%s"}}]
                    contexts: [{name: rig, context: {cluster: rig, user: rig}}]
                    users: [{name: rig, user: {token: "%s"}}]
                    """.formatted(api.url(), config.getOauthToken()));
            return Map.of("KUBECONFIG", file.toString(), "HOWDAH_NAMESPACE", OPERATOR_NAMESPACE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Objects

    Resource<DatabaseClaim> claim(String name) {
        return client.resources(DatabaseClaim.class).inNamespace(namespace).withName(name);
    }

    Resource<PostgresServer> serverObject() {
        return client.resources(PostgresServer.class).withName(server);
    }

    Resource<DatabaseClaim> claimIn(String namespace, String name) {
        return client.resources(DatabaseClaim.class).inNamespace(namespace).withName(name);
    }

    void createClaim(String name, String spec) {
        createClaimIn(namespace, name, spec);
    }

    void createClaimIn(String namespace, String name, String spec) {
        client.resource(Serialization.unmarshal("""
                        apiVersion: howdah.dev/v1alpha1
                        kind: DatabaseClaim
                        metadata: {name: %s, namespace: %s}
                        spec: %s
                        """.formatted(name, namespace, spec), GenericKubernetesResource.class))
                .create();
    }

    static void patch(Resource<? extends HasMetadata> resource, String yaml) {
        resource.patch(
                PatchContext.of(PatchType.JSON_MERGE),
                Serialization.asJson(Serialization.unmarshal("---\n" + yaml, Object.class)));
    }

    /** Makes the operator look, as an event would. */
    static void poke(Resource<? extends HasMetadata> resource) {
        patch(resource, "metadata: {annotations: {howdah.dev/look: \"" + UUID.randomUUID() + "\"}}");
    }

    @Nullable
    Secret secret(String name) {
        return client.secrets().inNamespace(namespace).withName(name).get();
    }

    static String value(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }

    static boolean says(@Nullable DatabaseClaim claim, String type, String status, @Nullable String reason) {
        return claim != null
                && claim.getStatus() != null
                && claim.getMetadata().getGeneration().equals(claim.getStatus().observedGeneration())
                && Objects.requireNonNull(claim.getStatus().conditions()).stream()
                        .anyMatch(c -> c.type().equals(type)
                                && c.status().equals(status)
                                && (reason == null || c.reason().equals(reason)));
    }

    boolean ready(String name) {
        return says(claim(name).get(), "Ready", "True", null);
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

    /** Until nothing went over the wire for a while. */
    void quiet(Duration span) {
        await("the operator comes to rest", () -> wire.idle() > span.toNanos());
    }

    // PostgreSQL, past the proxy

    List<String> rows(String sql) {
        try {
            synchronized (this) {
                if (!catalog.isValid(1)) {
                    catalog = postgres.connect("postgres");
                }
                return rows(catalog, sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    void rowsAtOnce(String database, String... statements) {
        try (var connection = postgres.connect(database)) {
            for (var statement : statements) {
                rows(connection, statement);
            }
        } catch (SQLException e) {
            throw new AssertionError(List.of(statements).toString(), e);
        }
    }

    void changeAdminPassword(String password) {
        rows("ALTER ROLE " + admin.name() + " PASSWORD '" + password + "'");
    }

    SmallDisk disk() {
        return Objects.requireNonNull(disk);
    }

    List<String> rows(String database, String sql) {
        try (var connection = postgres.connect(database)) {
            return rows(connection, sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    static List<String> rows(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            var rows = new ArrayList<String>();
            if (statement.execute(sql)) {
                try (var result = statement.getResultSet()) {
                    while (result.next()) {
                        rows.add(String.valueOf(result.getString(1)));
                    }
                }
            }
            return rows;
        }
    }

    /** As the login of a Secret, straight to the server. */
    Connection login(Secret secret) throws SQLException {
        return postgres.connect(
                value(secret, "database"), new PostgresLogin(value(secret, "username"), value(secret, "password")));
    }

    /** Transactions that wrote, on the whole server: each takes the next number. */
    long transactions() {
        return Long.parseLong(
                rows("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").getFirst());
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
        client.close();
        postgres.close();
        if (disk != null) {
            disk.close();
        }
        if (ownControlPlane) {
            controlPlane.close();
        }
    }

    /** The real time, and more or less where a test says so. */
    static final class ShiftedClock extends Clock {
        private volatile Duration ahead = Duration.ZERO;

        void ahead(Duration by) {
            ahead = by;
        }

        @Override
        public java.time.Instant instant() {
            return java.time.Instant.now().plus(ahead);
        }

        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.awaitility.Awaitility.await;

import dev.howdah.bench.Burst;
import dev.howdah.bench.Floor;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A cluster with one server, measured by {@link BenchIT}: a control plane and a PostgreSQL of its own. */
final class BenchSite implements AutoCloseable {
    static final int MAJOR = 18;
    static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final String NAMESPACE = "bench";
    /** The beginning of words that are part of no statement. */
    private static final String TOKEN = "qzxjq";

    /** How often a claim is made until the log tells of it. */
    private static final int TRIES = 5;

    private static final Pattern SECRET_READS = Pattern.compile(
            "(?m)^apiserver_request_total\\{[^}]*resource=\"secrets\",[^}]*verb=\"GET\"[^}]*\\} (\\S+)$");

    private final InstalledCluster cluster = InstalledCluster.start();
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(MAJOR));
    private final Burst burst;
    private int made;

    BenchSite() {
        cluster.publish("main", postgres, new PostgresLogin(postgres.superuser(), postgres.superuserPassword()));
        cluster.create("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata:
                  name: standard
                  annotations: {howdah.dev/is-default-class: "true"}
                spec:
                  serverSelector: {matchLabels: {server: main}}
                  majorVersions: [%d]
                  retainFor: 0s
                """, MAJOR);
        cluster.createNamespace(NAMESPACE);
        burst = new Burst(cluster.client(), NAMESPACE, postgres);
    }

    /** Starts the operator and returns when it works on the server. */
    OperatorProcess operator(List<String> java) {
        var operator = OperatorProcess.launch(java, cluster.environment()).awaitReady(Duration.ofMinutes(2));
        Gauges.awaitServers(operator, 1);
        return operator;
    }

    /** Starts it without waiting for anything. */
    OperatorProcess launch(List<String> java) {
        return OperatorProcess.launch(java, cluster.environment());
    }

    /** Names that nobody had before. */
    List<String> names(int count) {
        int first = made;
        made += count;
        return IntStream.range(first, made).mapToObj("c%06d"::formatted).toList();
    }

    Duration burst(List<String> names) throws InterruptedException {
        return burst.run(names, PATIENCE);
    }

    /** One claim, on its own. */
    Duration single() throws InterruptedException {
        return burst(names(1));
    }

    /** A claim that is there before anybody serves it. */
    Burst.Waiting waiting() {
        return burst.waiting(names(1).getFirst(), PATIENCE);
    }

    void clear() {
        burst.clear(PATIENCE);
    }

    /** What the running operator sends for one claim, to be sent again without it. */
    Floor floor() throws SQLException, InterruptedException {
        log("all");
        try {
            for (char word = 'a'; word < 'a' + TRIES; word++) {
                var floor = floor(TOKEN + word);
                if (floor.isPresent()) {
                    return floor.get();
                }
            }
        } finally {
            log("none");
        }
        throw new IllegalStateException("after %d claims the log still tells of no new database".formatted(TRIES));
    }

    /** Nothing where the sessions of the operator do not log yet. */
    private Optional<Floor> floor(String name) throws InterruptedException {
        var log = ServerLog.from(postgres);
        burst(List.of(name));
        var told = log.text();
        var claim = cluster.client()
                .resources(dev.howdah.api.v1alpha1.DatabaseClaim.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get();
        var secret = cluster.client()
                .secrets()
                .inNamespace(NAMESPACE)
                .withName(name + "-db")
                .get();
        var floor = Floor.of(postgres, told, name, claim.getMetadata().getUid(), Secrets.value(secret, "password"));
        clear();
        return floor;
    }

    private void log(String statements) throws SQLException {
        try (var connection = postgres.connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET log_statement = '" + statements + "'");
            statement.execute("SELECT pg_reload_conf()");
        }
        // A reload reaches a session some time later.
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A setting of the server, as it has it. */
    String setting(String name) throws SQLException {
        try (var connection = postgres.connect("postgres");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** How often single Secrets were read, counted by the API server. */
    long secretReads() {
        return SECRET_READS
                .matcher(cluster.client().raw("/metrics"))
                .results()
                .mapToLong(sample -> (long) Double.parseDouble(sample.group(1)))
                .sum();
    }

    String kubernetes() {
        return cluster.client().getKubernetesVersion().getGitVersion();
    }

    /** Nothing queued. */
    static void awaitQuiet(OperatorProcess operator) {
        await().atMost(PATIENCE)
                .during(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> Gauges.isIdle(operator));
    }

    /** Nobody holds the Lease, as in a new cluster. */
    void freeLease() {
        cluster.client()
                .leases()
                .inNamespace(InstalledCluster.OPERATOR_NAMESPACE)
                .withName("howdah")
                .delete();
    }

    @Override
    public void close() {
        postgres.close();
        cluster.close();
    }
}

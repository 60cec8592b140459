// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Twenty claims with every feature between them, on PostgreSQL 15 under an admin without superuser and on 18 under a
 * superuser; sessions of their logins, which stay; and somebody who looks whether any of it is ever told to be not ready.
 */
final class LiveClaims implements AutoCloseable {
    static final String NAMESPACE = "live";
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    /** One of each on each server. The last is deleted, and its database retained. */
    private static final List<String> SPECS = List.of(
            "{className: on-%s}",
            "{className: on-%s, extensions: [{name: pg_trgm}, {name: hstore}]}",
            "{className: on-%s, access: [{name: app, role: Owner, binding: true}, {name: job, role: ReadWrite}, {name: report, role: ReadOnly, connections: 2}]}",
            "{className: on-%s, parameters: {work_mem: 32MB, statement_timeout: 30s}}",
            "{className: on-%s, parameters: {work_mem: 128MB}}",
            "{className: on-%s, schemas: [public, audit]}",
            "{className: on-%s, deletionPolicy: Delete, storage: 2Gi, connections: 30}",
            "{className: on-%s, extensions: [{name: citext}], schemas: [app]}",
            "{className: on-%s}",
            "{className: on-%s}");

    private static final int ROTATED = 8;
    private static final int RETAINED = 9;

    private final InstalledCluster cluster;
    private final Map<String, TestPostgres> servers = new TreeMap<>();
    private final List<Connection> sessions = new ArrayList<>();
    private final List<String> notReady = new CopyOnWriteArrayList<>();
    private @Nullable Watch watch;

    LiveClaims(InstalledCluster cluster) throws SQLException {
        this.cluster = cluster;
        try {
            start("old", 15, false);
            start("new", 18, true);
            publish();
        } catch (SQLException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void publish() {
        cluster.createNamespace(NAMESPACE);
        cluster.create("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabasePolicy
                metadata: {name: baseline}
                spec:
                  enforcement: Enforce
                  target: {}
                  defaults:
                    parameters: {idle_in_transaction_session_timeout: 5min}
                    credentials: {rotateEvery: 720h, overlap: 24h}
                  overrides:
                    parameters: {log_min_duration_statement: 500ms}
                  limits:
                    parameters:
                      work_mem: {max: 64MB}
                    extensions: [{name: pg_trgm}, {name: hstore}, {name: citext}]
                  quota: {databases: 100}
                """);
        for (var server : servers.keySet()) {
            cluster.create("""
                    apiVersion: howdah.dev/v1alpha1
                    kind: DatabaseWaiver
                    metadata: {name: waived-%1$s}
                    spec:
                      claimRef: {namespace: live, name: %1$s-4}
                      limits: {parameters: {work_mem: {max: 256MB}}}
                      owner: dba
                      reason: more memory
                      expirationTime: "2036-12-31T00:00:00Z"
                    """, server);
        }
    }

    private void start(String name, int major, boolean superuser) throws SQLException {
        var postgres = TestPostgres.start(PostgresOptions.major(major)
                .with("log_statement", "mod")
                // Its own work changes sizes.
                .with("autovacuum", "off")
                .with("log_line_prefix", "%m [%p] app=%a "));
        servers.put(name, postgres);
        cluster.publish(
                name,
                postgres,
                superuser
                        ? new PostgresLogin(postgres.superuser(), postgres.superuserPassword())
                        : postgres.createAdmin("platform_admin"));
        cluster.offer(name, major, false);
    }

    /** By the operator that runs; all are Ready afterwards, with a session each. */
    void make() throws SQLException {
        for (var server : servers.keySet()) {
            for (int i = 0; i < SPECS.size(); i++) {
                cluster.claim(NAMESPACE, server + "-" + i, SPECS.get(i).formatted(server));
            }
        }
        awaitAllReady();
        for (var server : servers.keySet()) {
            claims().withName(server + "-" + ROTATED).edit(claim -> {
                claim.getMetadata().setAnnotations(Map.of("howdah.dev/rotate", "once"));
                return claim;
            });
            claims().withName(server + "-" + RETAINED).delete();
        }
        await().atMost(PATIENCE)
                .until(() -> ledger("SELECT count(*) FROM howdah.claim WHERE state = 'Retained'").stream()
                        .allMatch("1"::equals));
        await().atMost(PATIENCE)
                .until(() -> claims().list().getItems().stream()
                                .filter(claim -> Serialization.asYaml(claim).contains("lastHandledRotate"))
                                .count()
                        == 2);
        awaitAllReady();
        for (var secret : secrets()) {
            sessions.add(login(secret));
        }
        assertThat(sessions).hasSize(22);
        watch = claims().watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, DatabaseClaim claim) {
                if (action != Action.DELETED && !InstalledCluster.isReady(claim)) {
                    notReady.add(readiness(claim).collect(Collectors.joining()) + "\n"
                            + Serialization.asYaml(claim.getStatus()));
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                notReady.add("the watch ended: " + cause);
            }
        });
    }

    void awaitAllReady() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> claims().list().getItems().stream().allMatch(InstalledCluster::isReady));
    }

    NonNamespaceOperation<DatabaseClaim, KubernetesResourceList<DatabaseClaim>, Resource<DatabaseClaim>> claims() {
        return cluster.client().resources(DatabaseClaim.class).inNamespace(NAMESPACE);
    }

    private List<Secret> secrets() {
        return cluster.client()
                .secrets()
                .inNamespace(NAMESPACE)
                .withLabel("howdah.dev/claim")
                .list()
                .getItems();
    }

    private Connection login(Secret secret) throws SQLException {
        var port = Secrets.value(secret, "port");
        var server = servers.values().stream()
                .filter(each -> port.equals(String.valueOf(each.port())))
                .findFirst()
                .orElseThrow();
        assertThat(Secrets.value(secret, "host")).isEqualTo(server.host());
        return server.connect(
                Secrets.value(secret, "database"),
                Secrets.value(secret, "username"),
                Secrets.value(secret, "password"));
    }

    /** Each of our objects as it is stored: what is equal was not written. */
    Map<String, String> stored() {
        var versions = new TreeMap<String, String>();
        for (var kind :
                List.of("DatabaseClaim", "DatabaseClass", "DatabasePolicy", "DatabaseWaiver", "PostgresServer")) {
            GenericKubernetesResourceList all = cluster.client()
                    .genericKubernetesResources("howdah.dev/v1alpha1", kind)
                    .inAnyNamespace()
                    .list();
            for (GenericKubernetesResource object : all.getItems()) {
                versions.put(kind + "/" + object.getMetadata().getName(), withoutManagedFields(object));
            }
        }
        secrets()
                .forEach(secret -> versions.put(
                        "Secret/" + secret.getMetadata().getName(),
                        secret.getMetadata().getResourceVersion() + secret.getData()));
        return versions;
    }

    private static String withoutManagedFields(GenericKubernetesResource object) {
        object.getMetadata().setManagedFields(null);
        return Serialization.asYaml(object);
    }

    /** What PostgreSQL holds of every password. */
    List<String> verifiers() throws SQLException {
        return rows(
                "postgres",
                "SELECT string_agg(rolname || ' ' || rolpassword, ',' ORDER BY rolname) FROM pg_authid WHERE rolname LIKE 'live%'");
    }

    List<String> ledger(String sql) throws SQLException {
        return rows("howdah", sql);
    }

    private List<String> rows(String database, String sql) throws SQLException {
        var all = new ArrayList<String>();
        for (var server : servers.values()) {
            try (var connection = server.connect(database)) {
                all.add(Rows.of(connection, sql).getFirst());
            }
        }
        return all;
    }

    /** What the servers log from now on. */
    List<ServerLog> logs() {
        return servers.values().stream().map(ServerLog::from).toList();
    }

    /** Sessions from before go on, and the Secrets let in. */
    void assertInUse() throws SQLException {
        for (var session : sessions) {
            try (var statement = session.createStatement();
                    var rows = statement.executeQuery("SELECT 1")) {
                assertThat(rows.next()).isTrue();
            }
        }
        for (var secret : secrets()) {
            login(secret).close();
        }
    }

    /** What was told since the sessions stand: what {@code Ready} said, and the rest of the status. */
    List<String> notReady() {
        return List.copyOf(notReady);
    }

    /** What {@code Ready} says of them, each once. */
    Set<String> readiness() {
        return claims().list().getItems().stream()
                .flatMap(LiveClaims::readiness)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> readiness(DatabaseClaim claim) {
        var status = claim.getStatus();
        return Stream.ofNullable(status == null ? null : status.conditions())
                .flatMap(List::stream)
                .filter(condition -> condition.type().equals("Ready"))
                .map(condition -> condition.status() + " " + condition.reason());
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        for (var session : sessions) {
            try {
                session.close();
            } catch (SQLException _) {
                // Its server is gone.
            }
        }
        servers.values().forEach(TestPostgres::close);
    }
}

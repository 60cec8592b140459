// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import com.marcnuri.helm.Helm;
import dev.howdah.chart.Chart;
import dev.howdah.testenv.PostgresLogin;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of KUBECONFIG. Howdah is there already, or {@code -Dhowdah.e2e.values} names the values that the chart is
 * installed with and that make it start. PostgreSQL is the one of {@code E2E_POSTGRES=host:port}, with
 * {@code E2E_POSTGRES_USER} and {@code E2E_POSTGRES_PASSWORD}, or one of {@code tests/e2e/postgres.yaml} in the cluster.
 */
final class GivenPlace implements Place {
    private static final int ANSWER_MILLIS = 60_000;
    private static final int START_MINUTES = 5;
    private static final String POSTGRES = "tests/e2e/postgres.yaml";

    private final Path kubeconfig;
    private final Kubectl kubectl;
    private final KubernetesClient admin;
    private final @Nullable Path values;
    private @Nullable LocalPortForward forward;
    private boolean hasPostgres;
    private final Database database;

    private GivenPlace(Path kubeconfig, @Nullable Path values) {
        this.kubeconfig = kubeconfig;
        this.kubectl = new Kubectl(onPath(), kubeconfig);
        this.values = values;
        var config = new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
                .withRequestTimeout(ANSWER_MILLIS)
                .build();
        this.admin = new KubernetesClientBuilder().withConfig(config).build();
        var installed = false;
        try {
            if (values != null) {
                install(values);
                installed = true;
                kubectl.does("-n %s rollout status deployment/%s --timeout=%dm"
                        .formatted(Chart.NAMESPACE, Chart.RELEASE, START_MINUTES));
            }
            awaitOperator();
            this.database = database(System.getenv("E2E_POSTGRES"));
        } catch (RuntimeException | AssertionError e) {
            // It is somebody's cluster.
            if (installed) {
                Place.uninstall(kubeconfig);
            }
            close();
            throw e;
        }
    }

    static GivenPlace ofEnvironment() {
        var kubeconfig = Optional.ofNullable(System.getenv("KUBECONFIG"))
                .map(Path::of)
                .filter(Files::isReadable)
                .orElseThrow(() -> new IllegalStateException(
                        "KUBECONFIG must name one readable kubeconfig, of a cluster that is for tests"));
        var values = System.getProperty("howdah.e2e.values", "");
        return new GivenPlace(kubeconfig.toAbsolutePath(), values.isEmpty() ? null : Path.of(values));
    }

    private void install(Path file) {
        new Helm(Chart.FOLDER)
                .install()
                .withName(Chart.RELEASE)
                .withNamespace(Chart.NAMESPACE)
                .createNamespace()
                .withKubeConfig(kubeconfig)
                .withValuesFile(file)
                .call();
    }

    /** However it was installed: somebody holds its Lease. */
    private void awaitOperator() {
        admin.leases()
                .inNamespace(Chart.NAMESPACE)
                .withName(Chart.RELEASE)
                .waitUntilCondition(
                        lease -> lease != null
                                && lease.getSpec().getHolderIdentity() != null
                                && !lease.getSpec().getHolderIdentity().isEmpty(),
                        START_MINUTES,
                        TimeUnit.MINUTES);
    }

    private Database database(@Nullable String given) {
        if (given != null && !given.isEmpty()) {
            var parts = given.split(":");
            if (parts.length != 2) {
                throw new IllegalStateException("E2E_POSTGRES must be as in pg.example.com:5432, and is " + given);
            }
            var login = new PostgresLogin(required("E2E_POSTGRES_USER"), required("E2E_POSTGRES_PASSWORD"));
            return new Database(parts[0], Integer.parseInt(parts[1]), login, parts[0], Integer.parseInt(parts[1]));
        }
        hasPostgres = true;
        kubectl.does("apply --server-side --force-conflicts -f " + POSTGRES);
        kubectl.does("-n howdah-e2e rollout status deployment/postgres --timeout=%dm".formatted(START_MINUTES));
        var forwarded =
                admin.services().inNamespace("howdah-e2e").withName("postgres").portForward(5432);
        forward = forwarded;
        return new Database(
                "postgres.howdah-e2e.svc",
                5432,
                new PostgresLogin("postgres", "only-for-tests"),
                "127.0.0.1",
                forwarded.getLocalPort());
    }

    private static String required(String variable) {
        return Optional.ofNullable(System.getenv(variable))
                .filter(value -> !value.isEmpty())
                .orElseThrow(
                        () -> new IllegalStateException(
                                variable
                                        + " must be set: the login of the PostgreSQL that E2E_POSTGRES names, with CREATEDB and CREATEROLE"));
    }

    @Override
    public KubernetesClient admin() {
        return admin;
    }

    private static Path onPath() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder).resolve("kubectl"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no kubectl on PATH: install it"));
    }

    @Override
    public Kubectl kubectl() {
        return kubectl;
    }

    @Override
    public Database database() {
        return database;
    }

    /** A pod is named as its host, which its holder identity begins with. */
    @Override
    public Optional<Runnable> endOfTheLeader() {
        var holder = admin.leases()
                .inNamespace(Chart.NAMESPACE)
                .withName(Chart.RELEASE)
                .get()
                .getSpec()
                .getHolderIdentity();
        var pods = admin.pods()
                .inNamespace(Chart.NAMESPACE)
                .withLabel("app.kubernetes.io/name", "howdah")
                .list()
                .getItems();
        return pods.size() < 2
                ? Optional.empty()
                : pods.stream()
                        .filter(pod -> holder.startsWith(pod.getMetadata().getName()))
                        .findFirst()
                        .map(pod -> () -> kill(pod));
    }

    private void kill(Pod pod) {
        admin.resource(pod).withGracePeriod(0).delete();
    }

    @Override
    public Optional<Runnable> uninstallation() {
        return values == null ? Optional.empty() : Optional.of(() -> Place.uninstall(kubeconfig));
    }

    @Override
    public void close() {
        try {
            if (forward != null) {
                forward.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (hasPostgres) {
                kubectl.tried("delete --ignore-not-found --wait=false -f " + POSTGRES, "");
            }
            admin.close();
        }
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import com.marcnuri.helm.Helm;
import dev.howdah.testenv.PostgresLogin;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    private static final String RELEASE = "howdah";
    private static final String NAMESPACE = "howdah-system";
    private static final int ANSWER_MILLIS = 60_000;
    private static final int START_MINUTES = 5;
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private final Path kubeconfig;
    private final KubernetesClient admin;
    private final @Nullable Path values;
    private @Nullable LocalPortForward forward;
    private List<HasMetadata> made = List.of();
    private final Database database;

    private GivenPlace(Path kubeconfig, @Nullable Path values) {
        this.kubeconfig = kubeconfig;
        this.values = values;
        var config = new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
                .withRequestTimeout(ANSWER_MILLIS)
                .build();
        this.admin = new KubernetesClientBuilder().withConfig(config).build();
        if (values != null) {
            install(values);
        }
        awaitOperator();
        this.database = database(System.getenv("E2E_POSTGRES"));
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
        new Helm(ROOT.resolve("charts/howdah"))
                .install()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .createNamespace()
                .withKubeConfig(kubeconfig)
                .withValuesFile(file)
                .call();
    }

    /** However it was installed: somebody holds its Lease. */
    private void awaitOperator() {
        admin.leases()
                .inNamespace(NAMESPACE)
                .withName(RELEASE)
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
        made = admin.load(stream("tests/e2e/postgres.yaml")).items();
        made.forEach(object -> admin.resource(object).forceConflicts().serverSideApply());
        admin.apps()
                .deployments()
                .inNamespace("howdah-e2e")
                .withName("postgres")
                .waitUntilCondition(
                        deployment -> deployment != null
                                && Integer.valueOf(1)
                                        .equals(deployment.getStatus().getReadyReplicas()),
                        START_MINUTES,
                        TimeUnit.MINUTES);
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

    private static java.io.InputStream stream(String file) {
        try {
            return Files.newInputStream(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public KubernetesClient admin() {
        return admin;
    }

    @Override
    public Kubectl kubectl() {
        var program = Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .map(folder -> Path.of(folder).resolve("kubectl"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no kubectl on PATH: install it"));
        return new Kubectl(program, kubeconfig);
    }

    @Override
    public String operatorNamespace() {
        return NAMESPACE;
    }

    @Override
    public Database database() {
        return database;
    }

    /** A pod is named as its host, which its holder identity begins with. */
    @Override
    public Optional<Runnable> endOfTheLeader() {
        var holder = admin.leases()
                .inNamespace(NAMESPACE)
                .withName(RELEASE)
                .get()
                .getSpec()
                .getHolderIdentity();
        var pods = admin.pods()
                .inNamespace(NAMESPACE)
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
        return values == null
                ? Optional.empty()
                : Optional.of(() -> Helm.uninstall(RELEASE)
                        .withNamespace(NAMESPACE)
                        .withKubeConfig(kubeconfig)
                        .call());
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
            made.forEach(object -> admin.resource(object).delete());
            admin.close();
        }
    }
}

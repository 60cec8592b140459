// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import com.marcnuri.helm.Helm;
import dev.howdah.testenv.ControlPlane;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.Progress;
import dev.howdah.testenv.TestPostgres;
import dev.howdah.testenv.UnavailableException;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Without containers: Helm installs the chart into a control plane of the suite's own, and the packaged operator runs as the
 * Deployment there says, with its environment and its ServiceAccount's token. What a node and its network would give is
 * given otherwise: processes of one machine share its ports, so each has its own, and the webhook is reached by a URL.
 */
final class BuiltInPlace implements Place {
    private static final String RELEASE = "howdah";
    private static final String NAMESPACE = "howdah-system";
    private static final Path JAR =
            Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ControlPlane controlPlane = ControlPlane.startOwn(Progress.onStandardError());
    private final KubernetesClient admin = controlPlane.client();
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final int webhookPort = freePort();
    private final Database database;
    private OperatorProcess leader;

    private BuiltInPlace() {
        try {
            var login = postgres.createAdmin("platform_admin");
            database = new Database(postgres.host(), postgres.port(), login, postgres.host(), postgres.port());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        new Helm(Path.of("..", "charts", "howdah").toAbsolutePath().normalize())
                .install()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .createNamespace()
                .withKubeConfig(controlPlane.kubeconfig())
                // A crash is made good for sooner than by default.
                .set("leaderElection.leaseDuration", "5s")
                .set("leaderElection.renewDeadline", "4s")
                .set("leaderElection.retryPeriod", "1s")
                .set("extraEnv[0].name", "HOWDAH_WEBHOOK_URL")
                .set("extraEnv[0].value", "https://127.0.0.1:" + webhookPort)
                .call();
        leader = runs(webhookPort);
    }

    static BuiltInPlace start() {
        return new BuiltInPlace();
    }

    /** As a kubelet does: what ends at its start, because its rights are not known yet, is started again. */
    private OperatorProcess runs(int port) {
        var deadline = Instant.now().plus(PATIENCE);
        while (true) {
            var process = OperatorProcess.run(JAR, environment(port));
            try {
                return process.awaitReady(PATIENCE);
            } catch (UnavailableException e) {
                process.close();
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
            }
        }
    }

    /** Every variable of the container, as the API server holds it. */
    private Map<String, String> environment(int port) {
        var template = admin.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(RELEASE)
                .get()
                .getSpec()
                .getTemplate();
        var environment = new HashMap<String, String>();
        for (var variable : template.getSpec().getContainers().getFirst().getEnv()) {
            environment.put(variable.getName(), value(variable));
        }
        var account = template.getSpec().getServiceAccountName();
        environment.put(
                "KUBECONFIG", controlPlane.kubeconfigFor(NAMESPACE, account).toString());
        // The process finds one for itself.
        environment.remove("QUARKUS_MANAGEMENT_PORT");
        environment.put("QUARKUS_HTTP_SSL_PORT", Integer.toString(port));
        return environment;
    }

    private static String value(EnvVar variable) {
        var from = variable.getValueFrom();
        if (from == null) {
            return Optional.ofNullable(variable.getValue()).orElse("");
        }
        if (from.getFieldRef() != null && from.getFieldRef().getFieldPath().equals("metadata.namespace")) {
            return NAMESPACE;
        }
        throw new IllegalStateException(variable.getName() + " has a source that this suite does not know: " + from);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
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
        return new Kubectl(controlPlane.kubectl(), controlPlane.kubeconfig());
    }

    @Override
    public String operatorNamespace() {
        return NAMESPACE;
    }

    @Override
    public Database database() {
        return database;
    }

    /** The second replica of the Deployment is there only from now on; two busy processes more make a small machine slow. */
    @Override
    public Optional<Runnable> endOfTheLeader() {
        return Optional.of(() -> {
            var former = leader;
            leader = runs(freePort());
            former.kill();
            former.close();
        });
    }

    @Override
    public Optional<Runnable> uninstallation() {
        return Optional.of(() -> {
            Helm.uninstall(RELEASE)
                    .withNamespace(NAMESPACE)
                    .withKubeConfig(controlPlane.kubeconfig())
                    .call();
            leader.terminate();
        });
    }

    @Override
    public void close() {
        leader.close();
        admin.close();
        controlPlane.close();
        postgres.close();
    }
}

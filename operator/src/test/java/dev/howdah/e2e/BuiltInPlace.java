// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.e2e;

import com.marcnuri.helm.Helm;
import dev.howdah.chart.Chart;
import dev.howdah.testenv.ControlPlane;
import dev.howdah.testenv.LoopbackPort;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.Progress;
import dev.howdah.testenv.TestPostgres;
import dev.howdah.testenv.UnavailableException;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.client.KubernetesClient;
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
 * given otherwise: processes of one machine share its ports, so each has its own, and registers the webhook by a URL that
 * leads there instead of by the Service.
 */
final class BuiltInPlace implements Place {
    private static final Path JAR =
            Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ControlPlane controlPlane = ControlPlane.startOwn(Progress.onStandardError());
    private final KubernetesClient admin = controlPlane.client();
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Database database;
    private OperatorProcess leader;

    private BuiltInPlace() {
        try {
            var login = postgres.createAdmin("platform_admin");
            database = new Database(postgres.host(), postgres.port(), login, postgres.host(), postgres.port());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        new Helm(Chart.FOLDER)
                .install()
                .withName(Chart.RELEASE)
                .withNamespace(Chart.NAMESPACE)
                .createNamespace()
                .withKubeConfig(controlPlane.kubeconfig())
                // A crash is made good for sooner than by default.
                .set("leaderElection.leaseDuration", "5s")
                .set("leaderElection.renewDeadline", "4s")
                .set("leaderElection.retryPeriod", "1s")
                .call();
        leader = runs(LoopbackPort.free());
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
                .inNamespace(Chart.NAMESPACE)
                .withName(Chart.RELEASE)
                .get()
                .getSpec()
                .getTemplate();
        var environment = new HashMap<String, String>();
        for (var variable : template.getSpec().getContainers().getFirst().getEnv()) {
            environment.put(variable.getName(), value(variable));
        }
        var account = template.getSpec().getServiceAccountName();
        environment.put(
                "KUBECONFIG",
                controlPlane.kubeconfigFor(Chart.NAMESPACE, account).toString());
        // The process finds one for itself.
        environment.remove("QUARKUS_MANAGEMENT_PORT");
        environment.put("QUARKUS_HTTP_SSL_PORT", Integer.toString(port));
        environment.put("HOWDAH_WEBHOOK_URL", "https://127.0.0.1:" + port);
        return environment;
    }

    private static String value(EnvVar variable) {
        var from = variable.getValueFrom();
        if (from == null) {
            return Optional.ofNullable(variable.getValue()).orElse("");
        }
        if (from.getFieldRef() != null && from.getFieldRef().getFieldPath().equals("metadata.namespace")) {
            return Chart.NAMESPACE;
        }
        throw new IllegalStateException(variable.getName() + " has a source that this suite does not know: " + from);
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
    public Database database() {
        return database;
    }

    /** The second replica of the Deployment is there only from now on; two busy processes more make a small machine slow. */
    @Override
    public Optional<Runnable> endOfTheLeader() {
        return Optional.of(() -> {
            var former = leader;
            leader = runs(LoopbackPort.free());
            former.kill();
            former.close();
        });
    }

    @Override
    public Optional<Runnable> uninstallation() {
        return Optional.of(() -> {
            Place.uninstall(controlPlane.kubeconfig());
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

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import dev.howdah.testenv.ControlPlane;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.Stay;
import dev.howdah.testenv.TestEnvironment;
import dev.howdah.testenv.TestPostgres;
import dev.howdah.testenv.UnavailableException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./howdah demo}: a cluster, two PostgreSQL servers, the operator as a process of its own, and {@code examples/}.
 * Stays up until Ctrl-C; with {@code --once} it ends by itself, with 0 only when all was as promised.
 */
public final class Demo {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

    private final Narrator narrator;
    private final Path root;
    private final Examples examples;
    private @Nullable OperatorProcess operator;

    private Demo(Narrator narrator, Path root) {
        this.narrator = narrator;
        this.root = root;
        this.examples = new Examples(root.resolve("examples"));
    }

    public static void main(String[] arguments) {
        boolean once = List.of(arguments).equals(List.of("--once"));
        if (!once && arguments.length > 0) {
            System.err.println("usage: howdah demo [--once]");
            System.exit(2);
        }
        var narrator = new Narrator(System.out);
        var root =
                Path.of(System.getProperty("howdah.root", ".")).toAbsolutePath().normalize();
        System.exit(new Demo(narrator, root).run(once));
    }

    private int run(boolean once) {
        String wrong = null;
        try {
            show();
        } catch (NotAsPromised | UnavailableException | KubernetesClientException | SQLException | IOException e) {
            wrong = firstLine(e);
        } catch (CompletionException e) {
            wrong = firstLine(e.getCause() == null ? e : e.getCause());
        }
        if (wrong != null) {
            if (operator != null) {
                narrator.heading("The end of the operator's log:");
                narrator.text(operator.endOfOutput());
            }
            narrator.heading("demo: not as promised: " + wrong);
        }
        if (!once) {
            narrator.text("");
            Stay.untilTold(narrator);
        } else if (wrong == null) {
            narrator.heading("demo: all as promised, after " + narrator.seconds());
        }
        return wrong == null ? 0 : 1;
    }

    static String firstLine(Throwable e) {
        var message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    private void show() throws IOException, SQLException {
        narrator.heading("Starting a Kubernetes API server and two PostgreSQL servers, all on this machine");
        var newer = CompletableFuture.supplyAsync(
                () -> TestEnvironment.postgres(PostgresOptions.major(18).withTls(), narrator));
        var older = CompletableFuture.supplyAsync(() -> TestEnvironment.postgres(PostgresOptions.major(17), narrator));
        // Never somebody's own cluster: what is made here is not removed one by one, it ends with its cluster.
        var controlPlane = ControlPlane.startOwn(narrator);
        try (var client = controlPlane.client()) {
            var cluster = new DemoCluster(client);
            cluster.install(root.resolve("crds"));
            narrator.line("crds/ applied");
            var started = start(controlPlane);
            operator = started;

            var postgres18 = newer.join();
            var postgres17 = older.join();
            makeForeignDatabase(postgres18);
            var admins = Map.of(
                    "shared-18",
                    postgres18.createAdmin("howdah_admin"),
                    "shared-17",
                    new PostgresLogin(postgres17.superuser(), postgres17.superuserPassword()));
            var servers = Map.of("shared-18", postgres18, "shared-17", postgres17);
            for (var object : examples.objects("platform")) {
                var name = object.getMetadata().getName();
                var postgres = servers.get(name);
                var admin = admins.get(name);
                if (postgres != null && admin != null) {
                    cluster.publish(object, postgres, admin);
                } else {
                    cluster.apply(object);
                }
            }
            examples.objects("claims").forEach(cluster::apply);
            narrator.line("examples/platform and examples/claims applied");
            started.awaitReady(STARTS_WITHIN);
            narrator.line("the operator is ready; its log: " + started.log());

            narrator.heading("Claims");
            awaitOutcomes(cluster);
            narrator.text("");
            ClaimTable.lines(cluster.claims()).forEach(narrator::text);

            narrator.heading("An application");
            var tour = new AppTour(cluster, narrator);
            tour.write();
            tour.readOnly();
            tour.deleteAndReapply(() -> examples.objects("claims").stream()
                    .filter(object -> object.getMetadata().getName().equals("catalog"))
                    .forEach(cluster::apply));
            if (!started.isAlive()) {
                throw new NotAsPromised("the operator has ended");
            }
            printNext(controlPlane, cluster);
        }
    }

    private OperatorProcess start(ControlPlane controlPlane) {
        return OperatorProcess.run(
                root.resolve("operator/target/quarkus-app/quarkus-run.jar"),
                Map.of(
                        "KUBECONFIG",
                        controlPlane.kubeconfig().toString(),
                        "HOWDAH_NAMESPACE",
                        DemoCluster.OPERATOR_NAMESPACE));
    }

    /** Somebody was here before: see {@code examples/claims/05-name-taken.yaml}. */
    private static void makeForeignDatabase(TestPostgres postgres) throws SQLException {
        try (var connection = postgres.connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE shop_invoices");
        }
    }

    private void awaitOutcomes(DemoCluster cluster) {
        var promised = examples.outcomes("claims");
        var last = new TreeMap<String, String>();
        var told = new TreeMap<String, String>();
        try {
            DemoCluster.await("claims", () -> {
                for (var claim : cluster.claims()) {
                    last.put(claim.name(), claim.outcome());
                    var promise = promised.get(claim.name());
                    if (claim.outcome().equals(promise) && told.put(claim.name(), promise) == null) {
                        narrator.line(claim.name() + ": " + claim.outcome());
                    }
                }
                return last.equals(promised) ? last : null;
            });
        } catch (NotAsPromised e) {
            promised.forEach((name, promise) -> {
                var now = last.getOrDefault(name, "missing");
                if (!now.equals(promise)) {
                    throw new NotAsPromised("claim " + name + " is " + now + " instead of " + promise, e);
                }
            });
            throw e;
        }
    }

    private void printNext(ControlPlane controlPlane, DemoCluster cluster) {
        narrator.heading("Try next, in another terminal");
        narrator.text("  export KUBECONFIG=" + controlPlane.kubeconfig());
        if (controlPlane.hasKubectl()) {
            narrator.text("  export PATH=" + controlPlane.kubectl().getParent() + ":$PATH   # has kubectl");
        }
        List.of(
                        "kubectl get howdah -A",
                        "kubectl -n shop describe dbclaim invoices",
                        "kubectl -n shop get secret orders-db -o yaml",
                        "kubectl explain databaseclaim.spec --recursive",
                        cluster.databaseUrl("orders-db").psql())
                .forEach(command -> narrator.text("  " + command));
    }
}

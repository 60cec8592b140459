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
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./howdah demo}: a cluster, two PostgreSQL servers, the operator as a process of its own, and {@code examples/}.
 * Stays up until Ctrl-C or another signal; with {@code --once} it ends by itself, with 0 only when all was as promised.
 */
public final class Demo {
    /** Of each server: more than examples/ use, so that whoever looks around finds room for claims of their own. */
    static final int CONNECTIONS = 300;

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
    private static final List<String> WHY = List.of("why", "pay/closing", "parameters.work_mem");

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
        var stay = Stay.fromNow();
        var narrator = new Narrator(System.out);
        var root =
                Path.of(System.getProperty("howdah.root", ".")).toAbsolutePath().normalize();
        System.exit(new Demo(narrator, root).run(once, stay));
    }

    private int run(boolean once, Stay stay) {
        String wrong = null;
        try {
            show(once);
        } catch (NotAsPromised
                | UnavailableException
                | KubernetesClientException
                | SQLException
                | UncheckedIOException e) {
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
            stay.untilTold(narrator);
        } else if (wrong == null) {
            narrator.heading("demo: all as promised, after " + narrator.seconds());
        }
        return wrong == null ? 0 : 1;
    }

    static String firstLine(Throwable e) {
        var message = e.getMessage();
        if (message == null && e.getCause() != null) {
            return firstLine(e.getCause());
        }
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    private void show(boolean once) throws SQLException {
        narrator.heading("Starting a Kubernetes API server and two PostgreSQL servers, all on this machine");
        // Never on the common pool, which has one thread on two cores and carries the answers of the Kubernetes client.
        var newer = CompletableFuture.supplyAsync(
                () -> TestEnvironment.postgres(
                        PostgresOptions.major(18)
                                .withMaxConnections(CONNECTIONS)
                                .withTls(),
                        narrator),
                Thread::startVirtualThread);
        var older = CompletableFuture.supplyAsync(
                () -> TestEnvironment.postgres(PostgresOptions.major(17).withMaxConnections(CONNECTIONS), narrator),
                Thread::startVirtualThread);
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
            prepare(postgres18);
            var admins = Map.of(
                    "shared-18",
                    postgres18.createAdmin("howdah_admin"),
                    "shared-17",
                    new PostgresLogin(postgres17.superuser(), postgres17.superuserPassword()));
            grant(postgres18);
            var servers = Map.of("shared-18", postgres18, "shared-17", postgres17);
            for (var object : examples.objects("platform")) {
                var name = object.getMetadata().getName();
                var postgres = servers.get(name);
                var admin = admins.get(name);
                if (postgres != null && admin != null) {
                    cluster.publish(object, postgres, admin);
                } else if (!isWaiver(object)) {
                    cluster.apply(object);
                }
            }
            examples.objects("claims").forEach(cluster::apply);
            narrator.line("examples/platform and examples/claims applied, but for the waiver");
            started.awaitReady(STARTS_WITHIN);
            narrator.line("the operator is ready; its log: " + started.log());

            narrator.heading("Claims");
            var promised = examples.promises("claims");
            var told = new TreeMap<String, String>();
            // Policies count at most every ten seconds: the sooner the waiver is there, the sooner its claim counts no
            // more.
            awaitOutcomes(cluster, unwaived(promised), told);
            examples.objects("platform").stream().filter(Demo::isWaiver).forEach(waiver -> {
                cluster.apply(waiver);
                narrator.line("a DBA applies the waiver " + waiver.getMetadata().getName());
            });
            awaitOutcomes(cluster, outcomes(promised), told);
            awaitWaivers(cluster);
            narrator.text("");
            ClaimTable.lines(cluster.claims()).forEach(narrator::text);
            // A start of its own, while the application is looked at.
            var why = new CommandLine(root, controlPlane.kubeconfig()).run(WHY);

            narrator.heading("What policies and waiver come to");
            var policies = new PolicyTour(cluster, narrator);
            policies.values(promised);
            policies.warnings();

            narrator.heading("Policies");
            policies.policies(examples.promises("platform"));

            narrator.heading("An application");
            var tour = new AppTour(cluster, narrator);
            tour.write();
            tour.readOnly();
            tour.deleteAndReapply(() -> examples.objects("claims").stream()
                    .filter(object -> object.getMetadata().getName().equals("catalog"))
                    .forEach(cluster::apply));

            narrator.heading("./howdah " + String.join(" ", WHY));
            why.join().lines().forEach(line -> narrator.text(("  " + line).stripTrailing()));
            if (!started.isAlive()) {
                throw new NotAsPromised("the operator has ended");
            }
            if (!once) {
                printNext(controlPlane, cluster);
            }
        }
    }

    private static boolean isWaiver(HasMetadata object) {
        return object.getKind().equals("DatabaseWaiver");
    }

    private static Map<String, String> outcomes(Map<String, Promise> promised) {
        return promised.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, promise -> promise.getValue().becomes()));
    }

    /** Those that are something else before the waivers are there. */
    private static Map<String, String> unwaived(Map<String, Promise> promised) {
        return promised.entrySet().stream()
                .filter(promise -> !promise.getValue()
                        .beforeWaivers()
                        .equals(promise.getValue().becomes()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, promise -> promise.getValue().beforeWaivers()));
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
    private static void prepare(TestPostgres postgres) throws SQLException {
        run(postgres, "CREATE DATABASE shop_invoices");
    }

    /** What the policy of the examples sets and only a superuser may: see {@code examples/platform/server-shared-18.yaml}. */
    private static void grant(TestPostgres postgres) throws SQLException {
        run(postgres, "GRANT SET ON PARAMETER log_min_duration_statement TO howdah_admin");
    }

    private static void run(TestPostgres postgres, String sql) throws SQLException {
        try (var connection = postgres.connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void awaitOutcomes(DemoCluster cluster, Map<String, String> promised, Map<String, String> told) {
        var last = new TreeMap<String, String>();
        try {
            DemoCluster.await("claims", () -> {
                last.clear();
                for (var claim : cluster.claims()) {
                    var outcome = claim.outcome();
                    last.put(claim.key(), outcome);
                    if (outcome.equals(promised.get(claim.key())) && !outcome.equals(told.put(claim.key(), outcome))) {
                        narrator.line(claim.key() + ": " + outcome);
                    }
                }
                return last.entrySet().containsAll(promised.entrySet()) ? last : null;
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

    private static void awaitWaivers(DemoCluster cluster) {
        DemoCluster.await(
                "a waiver does not say that it counts",
                () -> cluster.waivers().stream().allMatch(WaiverView::counts) ? cluster : null);
    }

    private void printNext(ControlPlane controlPlane, DemoCluster cluster) {
        narrator.heading("Try next, in another terminal");
        narrator.text("  export KUBECONFIG=" + controlPlane.kubeconfig());
        if (controlPlane.hasKubectl()) {
            narrator.text("  export PATH=" + controlPlane.kubectl().getParent() + ":$PATH   # has kubectl");
        }
        List.of(
                        "kubectl get howdah -A",
                        "./howdah " + String.join(" ", WHY),
                        "kubectl get dbpolicy",
                        "kubectl -n lab describe dbclaim datasets",
                        "kubectl -n shop get secret orders-db -o yaml",
                        "kubectl explain databaseclaim.spec --recursive",
                        cluster.databaseUrl("orders-db").psql())
                .forEach(command -> narrator.text("  " + command));
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.howdah.chart.PersonaRoles;
import dev.howdah.cli.Terminal;
import dev.howdah.testenv.LoopbackPort;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages that people follow, followed word for word against a real API server, PostgreSQL and the packaged operator, one
 * after the other as in one life of an installation. {@code -Dhowdah.golden=write} writes into them what was printed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PagesIT {
    /** In this order. */
    static final List<String> PAGES = List.of(
            "README.md",
            "docs/your-first-policy.md",
            "docs/your-first-database.md",
            "docs/rotation.md",
            "docs/admission.md",
            "docs/troubleshooting.md");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TEAM = "shop";

    private final InstalledCluster cluster = InstalledCluster.empty();
    private final TestPostgres postgres =
            TestPostgres.start(PostgresOptions.major(18).withTls());
    private final int webhookPort = LoopbackPort.free();

    private final Path admin = cluster.controlPlane().kubeconfig();
    private Path team = admin;
    private Path folder = admin;
    private @Nullable OperatorProcess operator;

    @BeforeAll
    void install(@TempDir Path empty) throws IOException {
        folder = empty;
        PersonaRoles.install(cluster.client());
        cluster.createNamespace(TEAM);
        PersonaRoles.team(cluster.client(), TEAM, "developer");
        team = cluster.controlPlane().kubeconfigFor(TEAM, "developer");
        for (var name : List.of("crds", "charts", "examples", "howdah")) {
            Files.createSymbolicLink(folder.resolve(name), SourceTree.REPOSITORY.resolve(name));
        }
        var programs = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(programs.resolve("kubectl"), cluster.kubectl());
        for (var name : List.of("howdah", "kubectl-howdah")) {
            Files.createSymbolicLink(programs.resolve(name), SourceTree.REPOSITORY.resolve("howdah"));
        }
        // As README.md begins, and as docs/upgrade.md has it over those that are there already.
        for (int time = 0; time < 2; time++) {
            shell("kubectl apply --server-side --force-conflicts -f crds/");
        }
        shell("kubectl wait --for=condition=Established crd --all");
        cluster.adminSecret(
                "shared-eu-admin", postgres, new PostgresLogin(postgres.superuser(), postgres.superuserPassword()));
        operator = start(Map.of(
                "HOWDAH_WEBHOOK_URL",
                "https://127.0.0.1:" + webhookPort,
                "QUARKUS_HTTP_SSL_PORT",
                Integer.toString(webhookPort)));
    }

    private OperatorProcess start(Map<String, String> more) {
        var environment = new HashMap<>(cluster.environment());
        environment.put("HOWDAH_SWEEP_INTERVAL", "2s");
        environment.putAll(more);
        return OperatorProcess.run(InstalledCluster.JAR, environment).awaitReady(PATIENCE);
    }

    private void follow(String page, Path kubeconfig) {
        var places = new LinkedHashMap<String, String>();
        places.put(
                "host: pg\\.example\\.com\\n", "host: %s\n    port: %d\n".formatted(postgres.host(), postgres.port()));
        places.put("pg\\.example\\.com", postgres.host());
        run(Markdown.of(page), kubeconfig, places);
    }

    private void run(Markdown page, Path kubeconfig, Map<String, String> places) {
        var environment = Map.of(
                "KUBECONFIG",
                kubeconfig.toString(),
                "PATH",
                folder.resolve("bin") + File.pathSeparator + System.getenv("PATH"),
                "HOWDAH_AOT",
                "off");
        var howdah = new Terminal(() -> new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                        .build())
                .at(Clock.systemUTC());
        new PageRun(page, folder, environment, howdah, places).follow();
    }

    @Test
    @Order(1)
    void the_readme() {
        follow("README.md", admin);
    }

    /** Its story: claims run already, one of them with more than the policy will allow. */
    @Test
    @Order(2)
    void your_first_policy() {
        shell("kubectl delete dbpolicy --all");
        shell(
                "kubectl -n shop patch dbclaim orders --type=merge -p '{\"spec\":{\"parameters\":{\"work_mem\":\"128MB\"}}}'");
        cluster.claim(TEAM, "basket", "{}");
        cluster.awaitReady(TEAM, "basket");
        awaitWebhook();
        follow("docs/your-first-policy.md", admin);
    }

    @Test
    @Order(3)
    void your_first_database() {
        if (Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .noneMatch(programs -> Files.isExecutable(Path.of(programs, "psql")))) {
            // What is left of the page for those after it.
            cluster.claim(TEAM, "parcels", "{}");
            cluster.awaitReady(TEAM, "parcels");
            abort("no psql on PATH: docs/your-first-database.md was not followed");
        }
        follow("docs/your-first-database.md", team);
    }

    @Test
    @Order(4)
    void rotation() {
        follow("docs/rotation.md", admin);
    }

    @Test
    @Order(5)
    void admission() {
        follow("docs/admission.md", admin);
    }

    /** Without the webhook, so that what is refused is there to be looked at. */
    @Test
    @Order(6)
    void troubleshooting() {
        shell("kubectl delete dbpolicy,dbwaiver --all");
        Objects.requireNonNull(operator).close();
        operator = start(Map.of("HOWDAH_WEBHOOK_ENABLED", "false"));
        follow("docs/troubleshooting.md", admin);
    }

    private void awaitWebhook() {
        await().atMost(PATIENCE)
                .until(() -> cluster.client()
                                .admissionRegistration()
                                .v1()
                                .validatingWebhookConfigurations()
                                .withName("howdah")
                                .get()
                        != null);
    }

    private void shell(String command) {
        run(new Markdown(folder.resolve("setup"), List.of("```sh", command, "```")), admin, Map.of());
    }

    @AfterAll
    void end() {
        if (operator != null) {
            operator.close();
        }
        postgres.close();
        cluster.close();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.testenv.Crds;
import dev.howdah.testenv.OperatorProcess;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * A version that was released before, with live claims, and then this one. {@code make upgrade} builds the former; its
 * checkout is {@code howdah.upgrade.base}.
 */
class RealPreviousVersionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Longer than several sweeps of everything. */
    private static final Duration WHILE = Duration.ofSeconds(12);

    private static final String JOURNAL = "SELECT count(*) FROM howdah.journal";
    private static final Pattern OF_THE_LEDGER = Pattern.compile("\\b(FROM|INTO|UPDATE|TABLE|ON) howdah\\.");

    private static final Path RESULT = SourceTree.MODULE.resolve("target/upgrade.txt");
    private static final List<String> LINES = new ArrayList<>();

    private final String base = System.getProperty("howdah.upgrade.base", "");
    private final Path checkout = Path.of(base);
    private final Path formerJar = checkout.resolve("operator/target/quarkus-app/quarkus-run.jar");

    @Test
    void one_stops_the_next_starts_and_back() throws Exception {
        assumeThat(base).as("make upgrade says which").isNotEmpty();
        try (var cluster = InstalledCluster.empty();
                var live = new LiveClaims(installed(cluster))) {
            var environment = environment(cluster);
            try (var former = run(formerJar, environment)) {
                live.make();
                settle(live);
                former.terminate();
            }
            var schema = live.ledger("SELECT schema_version FROM howdah.server");
            var before = new Seen(live, cluster.client());
            // As an administrator does it first.
            cluster.installCrds();
            try (var now = run(InstalledCluster.JAR, environment)) {
                settle(live);
                say("stop, CRDs, start: ledger schema %s -> %s"
                        .formatted(schema, live.ledger("SELECT schema_version FROM howdah.server")));
                before.assertUntouched("stop, CRDs, start");
                now.terminate();
            }
            goBack(cluster, live, environment, schema);
        }
    }

    /** The former one either works on or says why not, and nothing is lost either way. */
    private void goBack(InstalledCluster cluster, LiveClaims live, Map<String, String> environment, List<String> schema)
            throws Exception {
        var migrated = !live.ledger("SELECT schema_version FROM howdah.server").equals(schema);
        var verifiers = live.verifiers();
        try (var former = run(formerJar, environment)) {
            if (migrated) {
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(server(cluster, "new")).contains("UnsupportedVersion", "newer Howdah"));
                say("back: the former version refuses its servers: " + condition(cluster, "new"));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(live.readiness())
                                .as("all claims, as docs/upgrade.md says")
                                .containsExactly("Unknown LedgerUnreadable"));
                assertThat(live.notReady())
                        .as("none as False on the way")
                        .isNotEmpty()
                        .allMatch(told -> told.startsWith("Unknown "));
            } else {
                settle(live);
                say("back: the former version works on");
            }
            live.assertInUse();
            assertThat(live.verifiers()).isEqualTo(verifiers);
            say("back: claims told as not ready meanwhile: %d, as %s"
                    .formatted(live.notReady().size(), live.readiness()));
            former.terminate();
        }
        try (var now = run(InstalledCluster.JAR, environment)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(server(cluster, "new")).doesNotContain("UnsupportedVersion"));
            live.awaitAllReady();
            live.assertInUse();
            assertThat(live.verifiers()).isEqualTo(verifiers);
            say("forth again: all claims are ready, no password changed");
            now.terminate();
        }
    }

    @Test
    void one_leads_the_next_stands_by_and_takes_over() throws Exception {
        assumeThat(base).as("make upgrade says which").isNotEmpty();
        try (var cluster = InstalledCluster.empty();
                var live = new LiveClaims(installed(cluster))) {
            var environment = environment(cluster);
            try (var former = run(formerJar, environment)) {
                live.make();
                settle(live);
                var schema = live.ledger("SELECT schema_version FROM howdah.server");
                var holder = cluster.holder();
                var before = new Seen(live, cluster.client());
                cluster.installCrds();
                try (var now = run(InstalledCluster.JAR, environment)) {
                    settle(live);
                    assertThat(cluster.holder()).as("the former one leads").isEqualTo(holder);
                    assertThat(live.ledger("SELECT schema_version FROM howdah.server"))
                            .as("who stands by migrates nothing")
                            .isEqualTo(schema);
                    before.assertUntouched("both at once");
                    former.terminate();
                    await().atMost(PATIENCE).until(() -> !cluster.holder().equals(holder));
                    settle(live);
                    before.assertUntouched("rolling");
                    cluster.claim(LiveClaims.NAMESPACE, "later", "{className: on-new}");
                    cluster.awaitReady(LiveClaims.NAMESPACE, "later");
                    say("rolling: the next one serves a new claim");
                    assertThat(before.outside())
                            .as("control: its roles are made between a fence and a journal")
                            .anyMatch(statement -> statement.matches("(?s)CREATE ROLE \"?live_later_owner\\b.*"));
                    assertThat(live.ledger(JOURNAL)).as("control").isNotEqualTo(before.journal());
                    now.terminate();
                }
            }
        }
    }

    /** A moment of the installation. */
    private record Seen(
            LiveClaims live,
            KubernetesClient client,
            Map<String, String> stored,
            List<String> verifiers,
            List<String> journal,
            List<ServerLog> logs,
            ApiWrites writes) {
        Seen(LiveClaims live, KubernetesClient client) throws Exception {
            this(
                    live,
                    client,
                    live.stored(),
                    live.verifiers(),
                    live.ledger(JOURNAL),
                    live.logs(),
                    ApiWrites.now(client));
        }

        void assertUntouched(String what) throws Exception {
            var since = ApiWrites.now(client).since(writes).byResource();
            say("%s: API writes %s".formatted(what, since));
            say("%s: statements outside of the ledger: %d, of %d claims told as not ready: %d"
                    .formatted(
                            what,
                            outside().size(),
                            live.claims().list().getItems().size(),
                            live.notReady().size()));
            assertThat(changed(live.stored())).as("%s: objects written", what).isEmpty();
            // The CRDs are ours; a process that may write to a status and changes nothing is not seen in what is
            // stored.
            assertThat(since.keySet()).as(what).isSubsetOf("leases", "events", "customresourcedefinitions");
            assertThat(outside()).as("%s: statements", what).isEmpty();
            assertThat(live.ledger(JOURNAL))
                    .as("%s: lines of the journal", what)
                    .isEqualTo(journal);
            assertThat(live.verifiers()).as("%s: passwords", what).isEqualTo(verifiers);
            assertThat(live.notReady()).as("%s: told as not ready", what).isEmpty();
            live.assertInUse();
        }

        /** Line by line, without what a Secret holds. */
        private List<String> changed(Map<String, String> now) {
            var lines = new ArrayList<String>();
            stored.forEach((name, yaml) -> {
                var after = now.getOrDefault(name, "").lines().toList();
                var before = yaml.lines().toList();
                if (!before.equals(after)) {
                    lines.add(name);
                    if (!name.startsWith("Secret/")) {
                        before.stream()
                                .filter(line -> !after.contains(line))
                                .map("- "::concat)
                                .forEach(lines::add);
                        after.stream()
                                .filter(line -> !before.contains(line))
                                .map("+ "::concat)
                                .forEach(lines::add);
                    }
                }
            });
            now.keySet().stream()
                    .filter(name -> !stored.containsKey(name))
                    .map("+ "::concat)
                    .forEach(lines::add);
            return lines;
        }

        /**
         * What was sent along with something that changes anything, and is not about the ledger's own tables. One message
         * holds a whole transaction: what it does for a claim between the fence and the journal counts.
         */
        private List<String> outside() {
            return logs.stream()
                    .flatMap(log -> log.statements().stream())
                    .flatMap(message -> Stream.of(message.split(";\n")))
                    .filter(statement -> !OF_THE_LEDGER.matcher(statement).find())
                    .toList();
        }
    }

    private InstalledCluster installed(InstalledCluster cluster) {
        assertThat(formerJar).as("make upgrade builds it").exists();
        Crds.install(cluster.client(), checkout.resolve("crds"));
        return cluster;
    }

    private static OperatorProcess run(Path jar, Map<String, String> environment) {
        return OperatorProcess.run(jar, environment).awaitReady(PATIENCE);
    }

    private static Map<String, String> environment(InstalledCluster cluster) {
        var environment = new HashMap<>(cluster.environmentOfQuickElections());
        // So that the former version has measured by the time it ends: whoever starts measures, and tells what is new.
        environment.put("HOWDAH_STORAGE_INTERVAL", "3s");
        return environment;
    }

    /** All is Ready and has been looked at for a while. */
    private static void settle(LiveClaims live) throws InterruptedException {
        live.awaitAllReady();
        Thread.sleep(WHILE);
        live.awaitAllReady();
    }

    private static String server(InstalledCluster cluster, String name) {
        return String.valueOf(cluster.client()
                .genericKubernetesResources("howdah.dev/v1alpha1", "PostgresServer")
                .withName(name)
                .get()
                .<Object>get("status", "conditions"));
    }

    private static String condition(InstalledCluster cluster, String name) {
        var text = server(cluster, name);
        var at = text.indexOf("the ledger was written");
        return at < 0 ? text : text.substring(at, Math.min(text.length(), at + 120));
    }

    private static void say(String line) {
        LINES.add(line);
        System.out.println("[upgrade] " + line);
    }

    @AfterAll
    static void report() throws Exception {
        if (!LINES.isEmpty()) {
            LINES.addFirst("%s (%s)".formatted(Instant.now(), System.getProperty("howdah.upgrade.name", "")));
            Files.write(RESULT, LINES);
        }
    }
}

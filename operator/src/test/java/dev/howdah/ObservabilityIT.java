// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;
import static org.awaitility.Awaitility.await;

import dev.howdah.testenv.LoopbackPort;
import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestEnvironment;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the packaged operator serves at {@code /metrics} is what documentation, alerts and dashboards say it does. */
class ObservabilityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:]\\w*)(?:\\{(.*)\\})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(howdah_\\w+)` \\| ([^|]*)\\|");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");
    /** What Micrometer makes of a timer. */
    private static final Pattern PART_OF_TIMER = Pattern.compile("(_seconds)_(?:bucket|count|sum|max)$");
    /** What Prometheus adds to everything it scrapes. */
    private static final Set<String> OF_THE_TARGET = Set.of("namespace", "job", "instance", "pod");

    private static final Pattern VARIABLE = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");

    @Test
    void what_is_served_is_what_is_said() throws Exception {
        try (var cluster = InstalledCluster.start()) {
            var postgres = TestEnvironment.postgres(PostgresOptions.major(18).with("cluster_name", "observed"));
            cluster.publish("main", postgres, new PostgresLogin(postgres.superuser(), postgres.superuserPassword()));
            cluster.offer("main", 18, true);
            cluster.offer("nowhere", 18, false);
            cluster.create("""
                    apiVersion: howdah.dev/v1alpha1
                    kind: DatabasePolicy
                    metadata: {name: observed}
                    spec: {enforcement: Warn, limits: {connections: {max: 50}}, quota: {databases: 4}}
                    """);
            cluster.createNamespace("shop");
            cluster.claim("shop", "orders", "{connections: 60}");
            cluster.claim("shop", "waits", "{className: on-nowhere}");
            var port = LoopbackPort.free();
            var environment = new HashMap<>(cluster.environment());
            environment.put("HOWDAH_WEBHOOK_URL", "https://127.0.0.1:" + port);
            environment.put("QUARKUS_HTTP_SSL_PORT", Integer.toString(port));
            try (var operator =
                    OperatorProcess.run(InstalledCluster.JAR, environment).awaitReady(PATIENCE)) {
                cluster.awaitReady("shop", "orders");
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(operator.get("/metrics").body())
                                        .contains("howdah_leader 1.0")
                                        .contains(
                                                "howdah_claims{class=\"on-main\",ready=\"True\",reason=\"Provisioned\"} 1.0")
                                        .contains(
                                                "howdah_claims{class=\"on-nowhere\",ready=\"False\",reason=\"NoMatchingServer\"} 1.0")
                                        .contains(
                                                "howdah_claims_unready_seconds{class=\"on-nowhere\",reason=\"NoMatchingServer\"}")
                                        .contains("howdah_claim_ready_seconds_count{class=\"on-main\"} 1")
                                        .contains(
                                                "howdah_policy_quota_used_ratio{policy=\"observed\",resource=\"databases\"} 0.25")
                                        .contains("howdah_policy_violations{mode=\"warn\",policy=\"observed\"} 1.0")
                                        .contains("howdah_server_sessions{server=\"main\",state=\"free\"} 2.0")
                                        .contains("howdah_server_claims_waiting{server=\"main\"} 0.0")
                                        .contains("howdah_server_journal_lost_total{server=\"main\"} 0.0")
                                        .containsPattern(
                                                "howdah_sql_seconds_count\\{outcome=\"done\",server=\"main\"\\} [1-9]")
                                        .containsPattern(
                                                "howdah_api_requests_total\\{resource=\"databaseclaims/status\",status=\"200\",verb=\"patch\"\\} [1-9]")
                                        .containsPattern(
                                                "howdah_api_requests_total\\{resource=\"leases\",status=\"404\",verb=\"get\"\\} [1-9]"));
                var body = operator.get("/metrics").body();
                assertThat(body).as("metrics per object").doesNotContain("\"orders\"", "\"shop\"", "\"waits\"");
                var served = samples(body);
                assertThat(documented()).isEqualTo(families(served));
                assertKnown(served);
                assertCommandsRun(cluster);
            }
        }
    }

    /** Names and labels of all samples. */
    private static Map<String, Set<String>> samples(String body) {
        var samples = new TreeMap<String, Set<String>>();
        SAMPLE.matcher(body)
                .results()
                .forEach(sample -> samples.computeIfAbsent(sample.group(1), name -> new TreeSet<>())
                        .addAll(LABEL.matcher(String.valueOf(sample.group(2)))
                                .results()
                                .map(label -> label.group(1))
                                .toList()));
        return samples;
    }

    private static Map<String, Set<String>> families(Map<String, Set<String>> samples) {
        var families = new TreeMap<String, Set<String>>();
        samples.forEach((name, labels) -> {
            if (name.startsWith("howdah_")) {
                families.computeIfAbsent(PART_OF_TIMER.matcher(name).replaceAll("$1"), n -> new TreeSet<>())
                        .addAll(labels.stream()
                                .filter(label -> !label.equals("le"))
                                .toList());
            }
        });
        return families;
    }

    private static Map<String, Set<String>> documented() {
        var page = SourceTree.read(SourceTree.REPOSITORY.resolve("docs/configuration.md"));
        var rows = new TreeMap<String, Set<String>>();
        ROW.matcher(page)
                .results()
                .forEach(row -> rows.put(
                        row.group(1),
                        NAME.matcher(row.group(2))
                                .results()
                                .map(label -> label.group(1))
                                .collect(Collectors.toCollection(TreeSet::new))));
        return rows;
    }

    private static void assertKnown(Map<String, Set<String>> served) {
        assertSoftly(softly -> {
            for (var expression : Alerts.expressions()) {
                var names = PromQl.of(expression.text());
                softly.assertThat(names.metrics()).as(expression.place()).isNotEmpty();
                softly.assertThat(served.keySet())
                        .as(expression.place())
                        .containsAll(names.metrics().keySet());
                var all = new TreeSet<>(OF_THE_TARGET);
                names.metrics().forEach((metric, labels) -> {
                    var known = new TreeSet<>(OF_THE_TARGET);
                    known.addAll(served.getOrDefault(metric, Set.of()));
                    softly.assertThat(known).as(expression.place()).containsAll(labels);
                    all.addAll(known);
                });
                softly.assertThat(all).as(expression.place()).containsAll(names.grouped());
            }
            for (var dashboard : Alerts.dashboards()) {
                VARIABLE.matcher(SourceTree.read(dashboard)).results().forEach(variable -> {
                    softly.assertThat(served).containsKey(variable.group(1));
                    var known = new TreeSet<>(OF_THE_TARGET);
                    known.addAll(served.getOrDefault(variable.group(1), Set.of()));
                    softly.assertThat(known).contains(variable.group(2));
                });
            }
        });
    }

    /** Each once, against the real API server. */
    private static void assertCommandsRun(InstalledCluster cluster) throws Exception {
        var commands =
                Alerts.commands().stream().map(Alerts.Expression::text).collect(Collectors.toCollection(TreeSet::new));
        assertThat(commands).hasSizeGreaterThan(5);
        for (var command : commands) {
            assertThat(command).startsWith("kubectl ");
            var words = Arrays.asList(command.split(" "));
            words.set(0, cluster.kubectl().toString());
            var builder = new ProcessBuilder(words).redirectErrorStream(true);
            // The platform team's, not the operator's.
            builder.environment()
                    .put("KUBECONFIG", cluster.controlPlane().kubeconfig().toString());
            var process = builder.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
        }
    }
}

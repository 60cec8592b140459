// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.testenv.OperatorProcess;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Two replicas as anybody runs them. The one that leads is stopped in the middle of a statement, for longer than its Lease
 * lasts, and wakes when another leads: never do two of them write.
 */
class LeadershipIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern STATEMENT = Pattern.compile("app=howdah/(\\d+) LOG:  statement: ");
    private static final int LOST_THE_LEASE = 1;
    private static final int CLAIMS = 8;

    @Test
    void a_leader_that_slept_through_its_lease_writes_nothing_more() throws Exception {
        var options = PostgresOptions.major(18).with("log_statement", "mod").with("log_line_prefix", "%m [%p] app=%a ");
        try (var cluster = InstalledCluster.start();
                var postgres = TestPostgres.start(options)) {
            cluster.publish("main", postgres, new PostgresLogin(postgres.superuser(), postgres.superuserPassword()));
            cluster.offer("main", 18, true);
            cluster.createNamespace("shop");
            var environment = cluster.environmentOfQuickElections();
            try (var first = OperatorProcess.run(InstalledCluster.JAR, environment)) {
                cluster.claim("shop", "warm", "{}");
                cluster.awaitReady("shop", "warm");
                try (var second = OperatorProcess.run(InstalledCluster.JAR, environment)) {
                    takeover(cluster, postgres, first, second);
                }
            }
        }
    }

    private static void takeover(
            InstalledCluster cluster, TestPostgres postgres, OperatorProcess first, OperatorProcess second)
            throws Exception {
        var before = cluster.holder();
        var formerEpoch = epoch(postgres);
        for (int i = 0; i < CLAIMS; i++) {
            cluster.claim("shop", "c" + i, "{}");
        }
        // In the middle of work that takes long; only a moment in which it was caught proves anything.
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> !rows(
                                postgres,
                                "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'howdah/%' AND state = 'active'"
                                        + " AND query ~ 'CREATE (DATABASE|ROLE|SCHEMA)'")
                        .isEmpty());
        signal("STOP", first);
        await().atMost(PATIENCE).until(() -> !cluster.holder().equals(before));
        await().atMost(PATIENCE).until(() -> epoch(postgres) > formerEpoch);
        for (int i = 0; i < CLAIMS; i++) {
            cluster.awaitReady("shop", "c" + i);
        }
        cluster.claim("shop", "later", "{}");
        cluster.awaitReady("shop", "later");
        var leading = cluster.holder();
        var statements = statements(postgres);

        signal("CONT", first);
        assertThat(first.exitCode()).as(first.endOfOutput()).isEqualTo(LOST_THE_LEASE);
        cluster.claim("shop", "last", "{}");
        cluster.awaitReady("shop", "last");
        assertThat(second.isAlive()).isTrue();
        assertThat(cluster.holder()).isEqualTo(leading);
        assertOneWriterAtATime(postgres, formerEpoch, statements);
    }

    private static void assertOneWriterAtATime(TestPostgres postgres, long formerEpoch, List<Long> asleep)
            throws Exception {
        assertThat(rowsOf(
                        postgres,
                        "howdah",
                        "SELECT id FROM (SELECT id, epoch, lag(epoch) OVER (ORDER BY id) AS before FROM howdah.journal) AS j"
                                + " WHERE epoch < before"))
                .as("lines of the journal that go back to a former epoch")
                .isEmpty();
        var all = statements(postgres);
        assertThat(asleep)
                .as("both wrote, one after the other")
                .contains(formerEpoch)
                .anyMatch(e -> e > formerEpoch);
        assertThat(all.subList(asleep.size(), all.size()))
                .as("statements since the former leader woke")
                .isNotEmpty()
                .doesNotContain(formerEpoch);
        assertThat(all).as("epochs of statements, in the server's own order").isSorted();
    }

    /** The epochs of the sessions whose statements changed something, as the server logged them. */
    private static List<Long> statements(TestPostgres postgres) throws Exception {
        var epochs = new ArrayList<Long>();
        var log = Files.readString(postgres.logFile(), StandardCharsets.ISO_8859_1);
        STATEMENT.matcher(log).results().forEach(line -> epochs.add(Long.parseLong(line.group(1))));
        return epochs;
    }

    private static long epoch(TestPostgres postgres) throws SQLException {
        return Long.parseLong(
                rowsOf(postgres, "howdah", "SELECT epoch FROM howdah.fence").getFirst());
    }

    private static List<String> rows(TestPostgres postgres, String sql) throws SQLException {
        return rowsOf(postgres, "postgres", sql);
    }

    private static List<String> rowsOf(TestPostgres postgres, String database, String sql) throws SQLException {
        try (var connection = postgres.connect(database);
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            while (result.next()) {
                rows.add(result.getString(1));
            }
            return rows;
        }
    }

    private static void signal(String signal, OperatorProcess process) throws Exception {
        var sent = new ProcessBuilder("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(sent).isZero();
    }
}

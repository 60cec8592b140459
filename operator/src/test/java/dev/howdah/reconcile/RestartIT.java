// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Level-triggered: whenever it is stopped or cut off, the same end comes about, and what stands costs no write. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartIT {
    private static final int CLAIMS = 12;
    private static final Pattern WRITES = Pattern.compile(
            "apiserver_request_total\\{.*,resource=\"([a-z]+)\",.*verb=\"(POST|PUT|PATCH|APPLY|DELETE)\".*} (\\d+)");

    private final TestPostgres postgres =
            TestPostgres.start(PostgresOptions.major(18).with("autovacuum", "off"));
    private final Stage stage = Stage.open();

    @BeforeAll
    void offer() {
        stage.server("main", postgres);
        stage.classOn("standard", "main");
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
    }

    /** Writes of objects the operator writes, by the API server's own count. */
    private TreeMap<String, Long> writes() {
        var writes = new TreeMap<String, Long>();
        String metrics = stage.client.raw("/metrics");
        metrics.lines().map(WRITES::matcher).filter(m -> m.find()).forEach(m -> {
            if (List.of("databaseclaims", "databaseclasses", "postgresservers", "secrets")
                    .contains(m.group(1))) {
                writes.merge(m.group(1) + " " + m.group(2), Long.valueOf(m.group(3)), Long::sum);
            }
        });
        return writes;
    }

    /** Transactions that wrote something, of all databases together: each of them takes the next number. */
    private long transactions() {
        return Long.parseLong(Sql.rows(postgres, "postgres", "SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
                .getFirst());
    }

    @Test
    void aRestartWithConvergedClaimsWritesTheFenceAndNothingElse() throws InterruptedException {
        var ns = stage.namespace("converged");
        for (int i = 0; i < CLAIMS; i++) {
            stage.claim(ns, "c" + i, "standard");
        }
        stage.claim(ns, "refused", "nosuch");
        for (int i = 0; i < CLAIMS; i++) {
            stage.ready(ns, "c" + i);
        }
        // The last of the server's usage is told within ten seconds.
        await().atMost(Duration.ofSeconds(15))
                .until(() -> stage.servers("main").get().getStatus().used().databases()
                        == Sql.ledger(postgres, "SELECT 1 FROM howdah.claim").size());
        await().atMost(Duration.ofSeconds(15))
                .until(() -> stage.classes("standard").get().getStatus().claims()
                        == Sql.ledger(postgres, "SELECT 1 FROM howdah.claim WHERE state = 'Active'")
                                .size());
        stage.stop();
        var before = statuses(ns);
        var apiWrites = writes();
        var transactions = transactions();
        stage.start();
        await().atMost(Stage.LONG)
                .until(() -> Sql.rows(
                                        postgres,
                                        "postgres",
                                        "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'howdah/%'")
                                .size()
                        == 2);
        Thread.sleep(3_000);
        assertThat(writes()).isEqualTo(apiWrites);
        assertThat(transactions() - transactions).isEqualTo(1);
        assertThat(statuses(ns)).isEqualTo(before);
    }

    private List<DatabaseClaimStatus> statuses(String ns) {
        return stage.client.resources(DatabaseClaim.class).inNamespace(ns).list().getItems().stream()
                .map(DatabaseClaim::getStatus)
                .toList();
    }

    @Test
    void aNewClaimTakesThreeWrites() throws InterruptedException {
        var ns = stage.namespace("three");
        stage.claim(ns, "warm", "standard");
        stage.ready(ns, "warm");
        var before = atRest();
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        var after = writes();
        var claims = sum(after, "databaseclaims") - sum(before, "databaseclaims");
        // One of them is the test's own.
        assertThat(claims).isEqualTo(1 + 2);
        assertThat(sum(after, "secrets") - sum(before, "secrets")).isEqualTo(1);
    }

    /** The count is the whole cluster's: what other tests left behind may still be on its way out. */
    private TreeMap<String, Long> atRest() throws InterruptedException {
        var before = writes();
        for (int look = 0; look < 60; look++) {
            Thread.sleep(1000);
            var now = writes();
            if (sum(now, "databaseclaims") == sum(before, "databaseclaims")) {
                return now;
            }
            before = now;
        }
        return before;
    }

    private static long sum(TreeMap<String, Long> writes, String resource) {
        return writes.entrySet().stream()
                .filter(e -> e.getKey().startsWith(resource + " "))
                .mapToLong(e -> e.getValue())
                .sum();
    }

    /** Stopped at moments of no particular choice, in the middle of whatever it does. */
    @Test
    void stoppedAndStartedAtAnyMoment() throws Exception {
        var random = new Random(7);
        var ns = stage.namespace("moments");
        for (int i = 0; i < 10; i++) {
            stage.claim(ns, "c" + i, "standard", "schemas: [public, audit]", "extensions: [{name: hstore}]");
        }
        for (int round = 0; round < 4; round++) {
            Thread.sleep(random.nextInt(400));
            stage.stop();
            stage.start();
        }
        for (int i = 0; i < 10; i++) {
            stage.ready(ns, "c" + i);
        }
        sameAs(ns, "c0", 10);
    }

    /** Every session of the operator is ended, again and again, while it works. */
    @Test
    void sessionsThatAreEndedUnderItsHands() throws Exception {
        var ns = stage.namespace("ended");
        for (int i = 0; i < 10; i++) {
            stage.claim(ns, "c" + i, "standard", "schemas: [public, audit]", "extensions: [{name: hstore}]");
        }
        var random = new Random(11);
        for (int round = 0; round < 12; round++) {
            Thread.sleep(random.nextInt(150));
            Sql.run(
                    postgres,
                    "postgres",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'howdah%'");
        }
        for (int i = 0; i < 10; i++) {
            stage.ready(ns, "c" + i);
        }
        sameAs(ns, "c0", 10);
    }

    @Test
    void aServerThatIsKilledUnderItsHands() throws Exception {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("killed", server);
            stage.classOn("killed", "killed");
            var ns = stage.namespace("killed");
            for (int i = 0; i < 6; i++) {
                stage.claim(ns, "c" + i, "killed", "schemas: [public, audit]", "extensions: [{name: hstore}]");
            }
            Thread.sleep(600);
            server.kill();
            Thread.sleep(300);
            server.startAgain();
            stage.annotate(stage.servers("killed"), "howdah.dev/look", "again");
            for (int i = 0; i < 6; i++) {
                stage.ready(ns, "c" + i);
            }
            for (int i = 0; i < 6; i++) {
                assertThat(fingerprint(server, ns, "c" + i)).isEqualTo(fingerprint(server, ns, "c0"));
            }
            for (int i = 0; i < 6; i++) {
                stage.claims(ns, "c" + i).delete();
            }
            stage.annotate(stage.servers("killed"), "howdah.dev/abandon", stage.named("killed"));
            stage.servers("killed").delete();
            Seen.gone(stage.servers("killed"));
        }
    }

    /** Two ways to the same wish: at once, or by steps in an order of no particular choice. */
    @Test
    void theWayDoesNotMatter() throws Exception {
        var ns = stage.namespace("ways");
        var wish = List.of(
                "{connections: 7}",
                "{schemas: [public, audit]}",
                "{extensions: [{name: hstore}]}",
                "{access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly}]}");
        stage.claim(
                ns,
                "straight",
                "standard",
                "connections: 7",
                "schemas: [public, audit]",
                "extensions: [{name: hstore}]",
                "access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly}]");
        stage.ready(ns, "straight");
        for (var seed : List.of(3, 5)) {
            var order = new ArrayList<>(wish);
            java.util.Collections.shuffle(order, new Random(seed));
            stage.claim(ns, "winding" + seed, "standard");
            for (var step : order) {
                stage.patchSpec(stage.claims(ns, "winding" + seed), step);
                if (seed == 3) {
                    stage.ready(ns, "winding" + seed);
                }
            }
            stage.ready(ns, "winding" + seed);
            assertThat(fingerprint(postgres, ns, "winding" + seed)).isEqualTo(fingerprint(postgres, ns, "straight"));
        }
    }

    private void sameAs(String ns, String first, int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            assertThat(fingerprint(postgres, ns, "c" + i)).isEqualTo(fingerprint(postgres, ns, first));
            try (var app = Sql.login(postgres, stage.secret(ns, "c" + i + "-db"))) {
                Sql.rows(app, "CREATE TABLE audit.t" + i + " (h hstore)");
            }
        }
    }

    /** All that PostgreSQL and the ledger say of a claim, with its own name left out. */
    private static List<String> fingerprint(TestPostgres server, String ns, String name) {
        var database = ns + "_" + name;
        var all = new ArrayList<String>();
        all.addAll(Sql.rows(
                server,
                "postgres",
                "SELECT datconnlimit || ' ' || pg_get_userbyid(datdba) || ' ' || datacl::text FROM pg_database WHERE datname = '"
                        + database + "'"));
        all.addAll(Sql.rows(
                server,
                "postgres",
                "SELECT rolname || ' ' || rolcanlogin || ' ' || rolconnlimit || ' ' || rolinherit FROM pg_roles WHERE starts_with(rolname, '"
                        + database + "_') ORDER BY 1"));
        all.addAll(Sql.rows(
                server,
                "postgres",
                "SELECT roleid::regrole || ' ' || member::regrole FROM pg_auth_members WHERE starts_with(roleid::regrole::text, '\""
                        + database + "_') ORDER BY 1"));
        all.addAll(
                Sql.rows(
                        server,
                        database,
                        "SELECT setrole::regrole || ' ' || array_to_string(setconfig, ';') FROM pg_db_role_setting"
                                + " WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1"));
        all.addAll(Sql.rows(
                server,
                database,
                "SELECT nspname || ' ' || pg_get_userbyid(nspowner) || ' ' || coalesce(nspacl::text, '') FROM pg_namespace"
                        + " WHERE nspname NOT LIKE 'pg\\_%' ORDER BY 1"));
        all.addAll(Sql.rows(
                server,
                database,
                "SELECT defaclobjtype::text || ' ' || defaclacl::text FROM pg_default_acl ORDER BY 1"));
        all.addAll(Sql.rows(server, database, "SELECT extname || extversion FROM pg_extension ORDER BY 1"));
        all.addAll(Sql.ledger(
                server,
                "SELECT state || ' ' || array_to_string(ARRAY(SELECT unnest(roles) ORDER BY 1), ',') || ' ' || connections"
                        + " FROM howdah.claim WHERE database = '" + database + "'"));
        return all.stream().map(line -> line.replace(database, "<claim>")).toList();
    }
}

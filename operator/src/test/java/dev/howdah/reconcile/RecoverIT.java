// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The cluster is lost and its servers are not: the same manifests on another cluster, and one consent. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecoverIT {
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Stage stage = Stage.open(new Settings(
            "", Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMinutes(10), Duration.ofHours(1), 90));

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
    }

    private void apply(String ns, List<String> names) {
        names.forEach(name -> stage.claim(ns, name, "standard"));
    }

    private void platform() {
        stage.server("main", postgres);
        stage.classOn("standard", "main");
    }

    /** Everything of the first cluster goes without a word to anybody. */
    private void lose(String ns, List<String> names) {
        stage.stop();
        names.forEach(name -> Stage.release(stage.claims(ns, name)));
        Stage.release(stage.servers("main"));
        stage.classes("standard").delete();
        stage.client.namespaces().withName(ns).delete();
        Seen.gone(stage.client.namespaces().withName(ns));
    }

    private void recovery(String untilTime) {
        stage.patchSpec(
                stage.servers("main"),
                "{recovery: {installation: %s, untilTime: \"%s\"}}".formatted(stage.installation, untilTime));
    }

    private void refusalSays(String words) {
        Seen.until(
                stage.servers("main"),
                s -> Seen.condition(s.getStatus().conditions(), "Ready")
                        .message()
                        .contains(words),
                "the server says " + words);
    }

    @Test
    void everyDatabaseComesBack() throws SQLException {
        var ns = stage.namespace("rebuilt-" + stage.id, Map.of());
        // One more than are closed without asking; none of them may be while they wait for their claims.
        var all = List.of("orders", "audit", "late", "d", "e", "f");
        platform();
        apply(ns, all);
        all.forEach(name -> stage.ready(ns, name));
        for (var name : all) {
            try (var app = Sql.login(postgres, stage.secret(ns, name + "-db"))) {
                Sql.rows(app, "CREATE TABLE kept AS SELECT '" + name + "' AS whose");
            }
        }
        var old = Secrets.value(stage.secret(ns, "orders-db"), "password");

        lose(ns, all);
        var other = UUID.randomUUID().toString();
        stage.start(other);
        stage.namespace(ns, Map.of());
        platform();
        apply(ns, List.of("orders"));
        var refused = stage.serverSays("main", "False", Reason.OwnedByAnotherInstallation);
        assertThat(Seen.condition(refused.getStatus().conditions(), "Ready").message())
                .contains(stage.installation, "spec.recovery");
        assertThat(Sql.ledger(postgres, "SELECT installation FROM howdah.server"))
                .containsExactly(stage.installation);

        // Consent that is over, and to another installation, is none.
        recovery(stage.clock
                .instant()
                .minusSeconds(60)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString());
        refusalSays("untilTime` is 20");
        stage.patchSpec(
                stage.servers("main"), "{recovery: {installation: another, untilTime: \"2999-01-01T00:00:00Z\"}}");
        refusalSays("installation` is another");
        Seen.stays(
                Duration.ofSeconds(3),
                () -> assertThat(Sql.ledger(postgres, "SELECT installation FROM howdah.server"))
                        .containsExactly(stage.installation));

        recovery(stage.clock
                .instant()
                .plusSeconds(3600)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString());
        stage.serverSays("main", "True", Reason.Connected);
        stage.ready(ns, "orders");
        // Longer than a claim may be gone: the others wait for theirs, open as they were.
        Seen.stays(
                Duration.ofSeconds(5),
                () -> assertThat(Sql.ledger(postgres, "SELECT DISTINCT state FROM howdah.claim"))
                        .containsExactly("Active"));
        var most = List.of("audit", "d", "e", "f");
        apply(ns, most);
        most.forEach(name -> stage.ready(ns, name));
        for (var name : List.of("orders", "audit", "d", "e", "f")) {
            var secret = Objects.requireNonNull(stage.secret(ns, name + "-db"));
            try (var app = Sql.login(postgres, secret)) {
                assertThat(Sql.rows(app, "SELECT whose FROM kept")).containsExactly(name);
            }
            assertThat(stage.reasons(stage.claims(ns, name).get())).contains("Restored");
        }
        assertThat(Secrets.value(stage.secret(ns, "orders-db"), "password")).isNotEqualTo(old);
        assertThat(Sql.ledger(postgres, "SELECT installation FROM howdah.server"))
                .containsExactly(other);
        assertThat(stage.reasons(stage.servers("main").get())).contains("Restored");

        // Nothing more is given out later.
        recovery(stage.clock
                .instant()
                .minusSeconds(1)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString());
        apply(ns, List.of("late"));
        stage.says(ns, "late", "False", Reason.RetainedByFormerNamespace);
        assertThat(stage.secret(ns, "late-db")).isNull();
        stage.ready(ns, "orders");
    }
}

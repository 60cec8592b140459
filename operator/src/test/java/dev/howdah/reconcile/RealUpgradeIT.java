// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.postgres.ForeignTools;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server goes from PostgreSQL 16 to 18 by pg_upgrade itself, under a plain admin, with claims on it. */
class RealUpgradeIT {
    @Test
    void claimsGoOnAfterPgUpgrade(@TempDir Path folder) throws Exception {
        var tools = new ForeignTools(folder);
        var older = TestPostgres.start(PostgresOptions.major(16), tools.postgres(16));
        try (var stage = Stage.open()) {
            stage.plainServer("main", older);
            stage.classOn("standard", "main", "majorVersions: [16, 18]");
            var ns = stage.namespace("upgrade");
            stage.claim(ns, "orders", "standard", "majorVersion: 16", "connections: 5");
            stage.ready(ns, "orders");
            var secret = stage.secret(ns, "orders-db");
            try (var app = Sql.login(older, secret)) {
                Sql.rows(app, "CREATE TABLE kept AS SELECT 7 AS n");
            }
            var identifier = stage.servers("main").get().getStatus().systemIdentifier();

            var newer = older.upgraded(18, tools.postgres(18));
            stage.annotate(stage.servers("main"), Howdah.GROUP + "/look", "upgraded");
            var server = Seen.until(
                    stage.servers("main"),
                    s -> s.getStatus().version().startsWith("18."),
                    "the server is seen to be an 18");
            assertThat(stage.serverSays("main", "True", Reason.Connected)
                            .getStatus()
                            .systemIdentifier())
                    .isNotEqualTo(identifier);
            Seen.soon(() -> assertThat(stage.events(server))
                    .anySatisfy(event -> assertThat(event.getNote()).contains("16", "18")));

            var goesOn = Seen.until(
                    stage.claims(ns, "orders"),
                    claim -> claim.getStatus().server() != null
                            && claim.getStatus().server().version().startsWith("18."),
                    "the claim knows");
            assertThat(Seen.condition(goesOn, "Ready").status()).isEqualTo("True");
            assertThat(stage.secret(ns, "orders-db").getData()).isEqualTo(secret.getData());
            try (var app = Sql.login(newer, secret)) {
                assertThat(Sql.rows(app, "SELECT n FROM kept")).containsExactly("7");
            }

            // What is done to it from now on is done by what an 18 knows.
            stage.patchSpec(
                    stage.claims(ns, "orders"),
                    "{connections: 6, access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly}]}");
            stage.ready(ns, "orders");
            try (var report = Sql.login(newer, stage.secret(ns, "orders-report"))) {
                assertThat(Sql.rows(report, "SELECT n FROM kept")).containsExactly("7");
            }
            stage.annotate(stage.claims(ns, "orders"), Howdah.ROTATE, "now");
            Seen.until(
                    stage.claims(ns, "orders"),
                    claim -> "now".equals(claim.getStatus().lastHandledRotate()),
                    "it is rotated");
            try (var app = Sql.login(newer, stage.secret(ns, "orders-db"))) {
                assertThat(Sql.rows(app, "SELECT n FROM kept")).containsExactly("7");
            }
            stage.claim(ns, "later", "standard", "majorVersion: 18");
            stage.ready(ns, "later");
            assertThat(Seen.is(
                            stage.claims(ns, "orders").get().getStatus().conditions(), "InSync", "True", Reason.InSync))
                    .isTrue();
        } finally {
            older.close();
        }
    }
}

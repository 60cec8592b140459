// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What people do to a published Secret, and what becomes of it. A password that works is never lost for long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsIT {
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
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

    private String published(String name) {
        var ns = stage.namespace(name);
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        return ns;
    }

    private Secret secret(String ns, Predicate<Secret> wanted, String what) {
        return Seen.until(stage.client.secrets().inNamespace(ns).withName("orders-db"), wanted, what);
    }

    private Secret now(String ns) {
        return secret(ns, s -> true, "it is there");
    }

    private void logsIn(Secret secret) throws SQLException {
        try (var app = Sql.login(postgres, secret)) {
            assertThat(Sql.rows(app, "SELECT 1")).containsExactly("1");
        }
    }

    @Test
    void deletedIsPublishedAgainWithANewPassword() throws SQLException {
        var ns = published("deleted");
        var before = now(ns);
        stage.client.resource(before).delete();
        var after = secret(
                ns, s -> !s.getMetadata().getUid().equals(before.getMetadata().getUid()), "it is back");
        assertThat(Secrets.value(after, "password")).isNotEqualTo(Secrets.value(before, "password"));
        logsIn(after);
        assertThatThrownBy(() -> Sql.login(postgres, before)).isInstanceOf(SQLException.class);
        stage.ready(ns, "orders");

        // Again within the minute: it waits, and says so.
        stage.client.resource(after).delete();
        var waits = stage.says(ns, "orders", "False", Reason.Provisioning);
        assertThat(Seen.condition(waits, "Ready").message()).contains("within a minute", "published anew");
        assertThat(waits.getStatus().database()).isEqualTo(ns + "_orders");
        assertThat(stage.secret(ns, "orders-db")).isNull();
        stage.clock.advance(Duration.ofSeconds(61));
        stage.annotate(stage.claims(ns, "orders"), Howdah.GROUP + "/look", "again");
        stage.ready(ns, "orders");
        logsIn(now(ns));
    }

    @Test
    void anotherLoginsSecretDoesNotWaitForThatMinute() throws SQLException {
        var ns = stage.namespace("both");
        stage.claim(
                ns,
                "orders",
                "standard",
                "access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly}]");
        stage.ready(ns, "orders");
        for (var name : List.of("orders-db", "orders-report")) {
            var secrets = stage.client.secrets().inNamespace(ns).withName(name);
            var before = secrets.get().getMetadata().getUid();
            secrets.delete();
            logsIn(Seen.until(secrets, secret -> !secret.getMetadata().getUid().equals(before), name + " is back"));
        }
    }

    @Test
    void alteredPasswordIsReplaced() throws SQLException {
        var ns = published("altered");
        Stage.patch(
                stage.client.secrets().inNamespace(ns).withName("orders-db"), "{\"data\": {\"password\": \"eHg=\"}}");
        var after = secret(ns, s -> !Secrets.value(s, "password").equals("xx"), "the password is replaced");
        logsIn(after);
        assertThat(Secrets.value(after, "DATABASE_URL")).contains(Secrets.value(after, "password"));
    }

    @Test
    void whatIsNotThePasswordIsRestoredWithoutANewOne() throws SQLException {
        var ns = published("keys");
        var before = now(ns);
        Stage.patch(
                stage.client.secrets().inNamespace(ns).withName("orders-db"),
                "{\"data\": {\"host\": \"eHg=\", \"more\": \"eHg=\", \"uri\": null}}");
        var after = secret(ns, s -> before.getData().equals(s.getData()), "all keys are as they were");
        logsIn(after);
    }

    @Test
    void labelsComeBackAndThoseOfOthersStay() {
        var ns = published("labels");
        var before = now(ns);
        Stage.patch(
                stage.client.secrets().inNamespace(ns).withName("orders-db"),
                "{\"metadata\": {\"labels\": {\"%s\": null, \"team\": \"shop\"}, \"annotations\": {\"team\": \"shop\"}}}"
                        .formatted(Howdah.CLAIM_LABEL));
        var after = secret(ns, s -> s.getMetadata().getLabels().containsKey(Howdah.CLAIM_LABEL), "the label is back");
        assertThat(after.getData()).isEqualTo(before.getData());
        assertThat(after.getMetadata().getLabels()).containsEntry("team", "shop");
        assertThat(after.getMetadata().getAnnotations()).containsEntry("team", "shop");
        // And it is watched again.
        Stage.patch(stage.client.secrets().inNamespace(ns).withName("orders-db"), "{\"data\": {\"more\": \"eHg=\"}}");
        secret(ns, s -> before.getData().equals(s.getData()), "it is watched");
    }

    @Test
    void immutableOneIsMadeAnewWhenItMustChange() {
        var ns = published("immutable");
        Stage.patch(stage.client.secrets().inNamespace(ns).withName("orders-db"), "{\"immutable\": true}");
        var before = now(ns);
        stage.patchSpec(stage.claims(ns, "orders"), "{access: [{name: app, role: Owner, connections: 3}]}");
        stage.ready(ns, "orders");
        assertThat(now(ns).getMetadata().getUid())
                .isEqualTo(before.getMetadata().getUid());
        stage.patchSpec(stage.servers("main"), "{endpoint: {host: elsewhere.svc}}");
        var after = secret(ns, s -> Secrets.value(s, "host").equals("elsewhere.svc"), "the new address is published");
        assertThat(Secrets.value(after, "password")).isEqualTo(Secrets.value(before, "password"));
        assertThat(after.getMetadata().getUid())
                .isNotEqualTo(before.getMetadata().getUid());
        stage.patchSpec(stage.servers("main"), "{endpoint: null}");
        secret(ns, s -> Secrets.value(s, "host").equals(postgres.host()), "and the former one again");
    }

    @Test
    void oneOfAnotherTypeIsMadeAnew() throws SQLException {
        var ns = published("type");
        var before = now(ns);
        stage.stop();
        stage.client.resource(before).delete();
        stage.client
                .resource(new SecretBuilder(before)
                        .editMetadata()
                        .withResourceVersion(null)
                        .withUid(null)
                        .endMetadata()
                        .withType("Opaque")
                        .build())
                .create();
        stage.start();
        var after = secret(ns, s -> "servicebinding.io/postgresql".equals(s.getType()), "the type is right");
        assertThat(Secrets.value(after, "password")).isEqualTo(Secrets.value(before, "password"));
        logsIn(after);
    }

    @Test
    void itsOwnerTakenAwayMakesItForeign() {
        var ns = published("owner");
        Stage.patch(
                stage.client.secrets().inNamespace(ns).withName("orders-db"),
                "{\"metadata\": {\"ownerReferences\": null}}");
        var claim = stage.says(ns, "orders", "False", Reason.SecretConflict);
        assertThat(Seen.condition(claim, "Ready").message()).contains("delete that Secret");
        stage.client.secrets().inNamespace(ns).withName("orders-db").delete();
        stage.annotate(stage.claims(ns, "orders"), Howdah.GROUP + "/look", "again");
        stage.ready(ns, "orders");
    }

    @Test
    void aPasswordChangedByHandIsFoundByTheDailyProbe() {
        var ns = published("by-hand");
        Sql.run(postgres, "postgres", "ALTER ROLE \"" + ns + "_orders_app_a\" PASSWORD 'by hand'");
        stage.clock.advance(Duration.ofHours(25));
        stage.annotate(stage.claims(ns, "orders"), Howdah.GROUP + "/look", "again");
        await().atMost(Stage.LONG).ignoreExceptions().untilAsserted(() -> logsIn(now(ns)));
    }

    /** It would be lost to whoever holds it, for a mistake that has nothing to do with it. */
    @Test
    void aLoginThatIsTurnedAwayKeepsItsPassword() throws SQLException, IOException {
        var ns = published("turned-away");
        var before = now(ns);
        var rules = Path.of(Sql.rows(postgres, "postgres", "SHOW hba_file").getFirst());
        var were = Files.readString(rules);
        Files.writeString(rules, "host all \"" + ns + "_orders_app_a\" all reject\n" + were);
        Sql.run(postgres, "postgres", "SELECT pg_reload_conf()");
        stage.clock.advance(Duration.ofHours(25));
        stage.annotate(stage.claims(ns, "orders"), Howdah.GROUP + "/look", "again");
        var told = stage.says(ns, "orders", "False", Reason.LoginFailed);
        assertThat(Seen.condition(told, "Ready").message()).contains("pg_hba.conf");
        Files.writeString(rules, were);
        Sql.run(postgres, "postgres", "SELECT pg_reload_conf()");
        logsIn(before);
        stage.annotate(stage.claims(ns, "orders"), Howdah.GROUP + "/look", "once more");
        stage.ready(ns, "orders");
        assertThat(now(ns).getData()).isEqualTo(before.getData());
        logsIn(before);
    }

    @Test
    void oneThatIsLabelledAsAnothersIsStillWatched() {
        var ns = published("relabelled");
        Stage.patch(
                stage.client.secrets().inNamespace(ns).withName("orders-db"),
                "{\"metadata\": {\"labels\": {\"%s\": \"another\"}}}".formatted(Howdah.CLAIM_LABEL));
        secret(ns, s -> "orders".equals(s.getMetadata().getLabels().get(Howdah.CLAIM_LABEL)), "the label is its own");
    }

    @Test
    void aClockThatWentBackKeepsNoSecretWaiting() {
        var ns = published("back");
        var first = now(ns);
        stage.client.resource(first).delete();
        var second = secret(
                ns, s -> !s.getMetadata().getUid().equals(first.getMetadata().getUid()), "it is back");
        stage.ready(ns, "orders");
        stage.clock.advance(Duration.ofHours(-2));
        try {
            stage.client.resource(second).delete();
            secret(
                    ns,
                    s -> !s.getMetadata().getUid().equals(second.getMetadata().getUid()),
                    "it is back again");
        } finally {
            stage.clock.advance(Duration.ofHours(2));
        }
    }
}

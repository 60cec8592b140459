// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Deleting in every order, with everything there and with something missing. No order loses data unasked. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndingIT {
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Stage stage =
            Stage.open(new Settings("", Duration.ofSeconds(1), Duration.ofSeconds(2), GRACE, Duration.ofHours(1), 90));

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

    private List<String> state(TestPostgres server, String ns) {
        return Sql.ledger(
                server, "SELECT name || ' ' || state FROM howdah.claim WHERE namespace = '" + ns + "' ORDER BY 1");
    }

    private String canLogIn(TestPostgres server, String role) {
        return Sql.rows(server, "postgres", "SELECT rolcanlogin FROM pg_roles WHERE rolname = '" + role + "'")
                .getFirst();
    }

    @Test
    void secretFirst() {
        var ns = stage.namespace("secret");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        stage.client.secrets().inNamespace(ns).withName("orders-db").delete();
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        Seen.soon(() -> assertThat(stage.secret(ns, "orders-db")).isNull());
        assertThat(state(postgres, ns)).containsExactly("orders Retained");
        assertThat(canLogIn(postgres, ns + "_orders_app_a")).isEqualTo("f");
    }

    @Test
    void classFirst() {
        var ns = stage.namespace("class");
        stage.classOn("passing", "main", "retainFor: 48h", "defaults: {deletionPolicy: Delete}");
        stage.claim(ns, "orders", "passing");
        stage.ready(ns, "orders");
        stage.classes("passing").delete();
        var noted = Seen.until(
                stage.claims(ns, "orders"),
                c -> Seen.is(c.getStatus().conditions(), "Compliant", "False", Reason.ClassNotFound),
                "the claim notes that its class is gone");
        assertThat(Seen.condition(noted, "Ready").status()).isEqualTo("True");
        // A change needs somebody to agree to it; a new claim needs the class.
        stage.patchSpec(stage.claims(ns, "orders"), "{connections: 3}");
        stage.says(ns, "orders", "False", Reason.ClassNotFound);
        stage.patchSpec(stage.claims(ns, "orders"), "{connections: null}");
        stage.ready(ns, "orders");
        stage.claim(ns, "later", "passing");
        stage.says(ns, "later", "False", Reason.ClassNotFound);

        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        assertThat(Sql.ledger(
                        postgres,
                        "SELECT state || ' ' || (drop_after BETWEEN now() + interval '47 hours' AND now() + interval '49 hours')"
                                + " FROM howdah.claim WHERE namespace = '" + ns + "'"))
                .containsExactly("Retained true");
    }

    /** Taking Delete out counts for the end also where the rest of the edit is refused. */
    @Test
    void deleteTakenOutByAnEditThatIsRefused() {
        var ns = stage.namespace("doubt");
        stage.classOn("zero", "main", "retainFor: 0s", "defaults: {deletionPolicy: Retain}");
        for (var name : List.of("taken-out", "edited", "asked")) {
            stage.claim(ns, name, "zero", "deletionPolicy: " + (name.equals("asked") ? "Retain" : "Delete"));
        }
        for (var name : List.of("taken-out", "edited", "asked")) {
            stage.ready(ns, name);
        }
        stage.patchSpec(stage.claims(ns, "taken-out"), "{deletionPolicy: null, parameters: {nonesuch: a}}");
        stage.patchSpec(stage.claims(ns, "edited"), "{parameters: {nonesuch: a}}");
        stage.patchSpec(stage.claims(ns, "asked"), "{deletionPolicy: Delete, parameters: {nonesuch: a}}");
        for (var name : List.of("taken-out", "edited", "asked")) {
            stage.says(ns, name, "False", Reason.ParameterUnknown);
        }
        for (var name : List.of("taken-out", "asked", "edited")) {
            stage.claims(ns, name).delete();
            Seen.gone(stage.claims(ns, name));
        }
        // The last to go still said Delete, as what was accepted did: once it is dropped, the others had their time.
        Seen.soon(() -> assertThat(Sql.databases(postgres)).doesNotContain(ns + "_edited"));
        assertThat(Sql.databases(postgres)).contains(ns + "_taken-out", ns + "_asked");
        assertThat(Sql.ledger(
                        postgres,
                        "SELECT name || ' ' || (drop_after IS NULL) FROM howdah.claim WHERE namespace = '" + ns
                                + "' AND state = 'Retained' ORDER BY 1"))
                .containsExactly("asked true", "taken-out true");
    }

    @Test
    void namespaceFirstAndMadeAnew() {
        var ns = stage.namespace("again-" + stage.id, Map.of());
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        stage.client.namespaces().withName(ns).delete();
        Seen.gone(stage.client.namespaces().withName(ns));
        assertThat(state(postgres, ns)).containsExactly("orders Retained");

        stage.namespace(ns, Map.of());
        stage.claim(ns, "orders", "standard");
        var claim = stage.says(ns, "orders", "False", Reason.RetainedByFormerNamespace);
        assertThat(Seen.condition(claim, "Ready").message())
                .contains("an earlier namespace \"" + ns + "\"", "another claim name", "ask a DBA");
        assertThat(claim.getStatus().server()).isNull();
        assertThat(stage.secret(ns, "orders-db")).isNull();
        assertThat(canLogIn(postgres, ns + "_orders_app_a")).isEqualTo("f");
        assertThat(state(postgres, ns)).containsExactly("orders Retained");
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        assertThat(state(postgres, ns)).containsExactly("orders Retained");
    }

    @Test
    void serverFirst() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("first", server);
            stage.classOn("first", "first", "retainFor: 0s");
            var ns = stage.namespace("first");
            stage.claim(ns, "kept", "first");
            stage.claim(ns, "dropped", "first", "deletionPolicy: Delete");
            stage.ready(ns, "kept");
            stage.ready(ns, "dropped");
            stage.servers("first").delete();
            var waits = Seen.until(
                    stage.servers("first"),
                    s -> Seen.is(s.getStatus().conditions(), "Stalled", "True", Reason.DatabaseConflict),
                    "its deletion waits");
            assertThat(Seen.condition(waits.getStatus().conditions(), "Stalled").message())
                    .contains("2 databases", Howdah.ABANDON + "=" + stage.named("first"));
            // It takes nobody new, serves whom it has, and does what is still to be done.
            stage.claim(ns, "new", "first");
            stage.says(ns, "new", "False", Reason.NoMatchingServer);
            stage.patchSpec(stage.claims(ns, "kept"), "{connections: 4}");
            stage.ready(ns, "kept");
            stage.claims(ns, "dropped").delete();
            Seen.gone(stage.claims(ns, "dropped"));
            Seen.soon(() -> assertThat(Sql.databases(server)).doesNotContain(ns + "_dropped"));
            // Another name is no consent.
            stage.annotate(stage.servers("first"), Howdah.ABANDON, "yes");
            stage.claims(ns, "kept").delete();
            Seen.gone(stage.claims(ns, "kept"));
            assertThat(stage.servers("first").get()).isNotNull();
            stage.annotate(stage.servers("first"), Howdah.ABANDON, stage.named("first"));
            Seen.gone(stage.servers("first"));
            assertThat(Sql.databases(server)).contains(ns + "_kept");
        }
    }

    @Test
    void abandonedWithItsClaimsThereAndTheirLossAccepted() {
        try (var server = TestPostgres.start(PostgresOptions.major(18));
                var spare = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("given-up", server);
            stage.classOn("given-up", "given-up");
            var ns = stage.namespace("given-up");
            stage.claim(ns, "orders", "given-up");
            stage.ready(ns, "orders");
            stage.annotate(stage.servers("given-up"), Howdah.ABANDON, stage.named("given-up"));
            stage.servers("given-up").delete();
            Seen.gone(stage.servers("given-up"));
            var missing = stage.says(ns, "orders", "False", Reason.DatabaseMissing);
            assertThat(Seen.condition(missing, "Ready").message())
                    .contains("no ledger knows", Howdah.ACCEPT_LOSS + "=" + ns + "_orders");
            assertThat(missing.getStatus().database()).isEqualTo(ns + "_orders");

            // Another server is no answer by itself, and consent to something else is none.
            stage.server("spare", spare);
            Stage.patch(
                    stage.servers("spare"),
                    "{\"metadata\": {\"labels\": {\"tier\": \"" + stage.named("given-up") + "\"}}}");
            stage.serverSays("spare", "True", Reason.Connected);
            stage.annotate(stage.claims(ns, "orders"), Howdah.ACCEPT_LOSS, "orders");
            stage.says(ns, "orders", "False", Reason.DatabaseMissing);
            assertThat(Sql.databases(spare)).doesNotContain(ns + "_orders");

            stage.annotate(stage.claims(ns, "orders"), Howdah.ACCEPT_LOSS, ns + "_orders");
            var anew = stage.ready(ns, "orders");
            assertThat(anew.getStatus().server()).isNotNull();
            assertThat(anew.getStatus().server().name()).isEqualTo(stage.named("spare"));
            stage.annotate(stage.servers("spare"), Howdah.ABANDON, stage.named("spare"));
            stage.claims(ns, "orders").delete();
            Seen.gone(stage.claims(ns, "orders"));
            stage.servers("spare").delete();
            Seen.gone(stage.servers("spare"));
        }
    }

    @Test
    void serverDoesNotAnswerAtDeletion() {
        try (var server = TestPostgres.start(PostgresOptions.major(18))) {
            stage.server("silent", server);
            stage.classOn("silent", "silent", "retainFor: 0s");
            var ns = stage.namespace("silent");
            stage.claim(ns, "orders", "silent", "deletionPolicy: Delete");
            stage.ready(ns, "orders");
            server.stop();
            stage.serverSays("silent", "False", Reason.Unreachable);
            stage.claims(ns, "orders").delete();
            var waits = stage.says(ns, "orders", "False", Reason.ServerUnavailable);
            assertThat(waits.getMetadata().getDeletionTimestamp()).isNotNull();
            assertThat(waits.getStatus().server()).isNotNull();
            Seen.gone(stage.claims(ns, "orders"));
            assertThat(stage.secret(ns, "orders-db")).isNull();
            assertThat(stage.events(waits))
                    .last()
                    .satisfies(event -> assertThat(event.getNote())
                            .contains("Delete is not carried out", "logins are open", "gone for 2s", "OrphanStorm"));

            server.startAgain();
            stage.annotate(stage.servers("silent"), Howdah.GROUP + "/look", "again");
            // Whatever its policy was: nobody was asked twice, so it is kept.
            Seen.soon(() -> assertThat(state(server, ns)).containsExactly("orders Retained"));
            assertThat(canLogIn(server, ns + "_orders_app_a")).isEqualTo("f");
            assertThat(Sql.ledger(server, "SELECT drop_after FROM howdah.claim WHERE namespace = '" + ns + "'"))
                    .containsExactly("null");
            assertThat(stage.reasons(stage.servers("silent").get())).contains("Updated");
            stage.annotate(stage.servers("silent"), Howdah.ABANDON, stage.named("silent"));
            stage.servers("silent").delete();
            Seen.gone(stage.servers("silent"));
        }
    }

    @Test
    void databaseThatVanishedIsNeverReplacedInSilence() throws SQLException {
        var ns = stage.namespace("vanished");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        Sql.run(postgres, "postgres", "ALTER DATABASE \"" + ns + "_orders\" RENAME TO \"" + ns + "_aside\"");
        var missing = stage.says(ns, "orders", "False", Reason.DatabaseMissing);
        assertThat(Seen.condition(missing, "Ready").message())
                .contains("dropped or renamed by hand", "heals", Howdah.ACCEPT_LOSS + "=" + ns + "_orders");
        assertThat(missing.getStatus().database()).isEqualTo(ns + "_orders");
        assertThat(Sql.databases(postgres)).doesNotContain(ns + "_orders");

        Sql.run(postgres, "postgres", "ALTER DATABASE \"" + ns + "_aside\" RENAME TO \"" + ns + "_orders\"");
        stage.annotate(stage.claims(ns, "orders"), Howdah.GROUP + "/look", "again");
        stage.ready(ns, "orders");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            Sql.rows(app, "CREATE TABLE lost (id int)");
        }

        Sql.run(postgres, "postgres", "DROP DATABASE \"" + ns + "_orders\" WITH (FORCE)");
        stage.says(ns, "orders", "False", Reason.DatabaseMissing);
        stage.annotate(stage.claims(ns, "orders"), Howdah.ACCEPT_LOSS, ns + "_orders");
        stage.ready(ns, "orders");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            assertThatThrownBy(() -> Sql.rows(app, "SELECT * FROM lost")).hasMessageContaining("does not exist");
        }

        // Consent counts once, and consent given ahead counts for nothing.
        consentIsUsedUp(ns);
        stage.annotate(stage.claims(ns, "orders"), Howdah.ACCEPT_LOSS, ns + "_orders");
        consentIsUsedUp(ns);
        Sql.run(postgres, "postgres", "DROP DATABASE \"" + ns + "_orders\" WITH (FORCE)");
        stage.says(ns, "orders", "False", Reason.DatabaseMissing);
    }

    @Test
    void consentOfAClaimWhoseSpecIsRefusedCountsOnceToo() {
        var ns = stage.namespace("refused");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        stage.patchSpec(stage.claims(ns, "orders"), "{parameters: {nonesuch: a}}");
        stage.says(ns, "orders", "False", Reason.ParameterUnknown);
        Sql.run(postgres, "postgres", "DROP DATABASE \"" + ns + "_orders\" WITH (FORCE)");
        stage.annotate(stage.claims(ns, "orders"), Howdah.ACCEPT_LOSS, ns + "_orders");
        Seen.soon(() -> assertThat(Sql.databases(postgres)).contains(ns + "_orders"));
        consentIsUsedUp(ns);
        stage.says(ns, "orders", "False", Reason.ParameterUnknown);
        Sql.run(postgres, "postgres", "ALTER DATABASE \"" + ns + "_orders\" RENAME TO \"" + ns + "_aside\"");
        Seen.stays(
                Duration.ofSeconds(3), () -> assertThat(Sql.databases(postgres)).doesNotContain(ns + "_orders"));
    }

    private void consentIsUsedUp(String ns) {
        Seen.soon(
                () -> assertThat(stage.claims(ns, "orders").get().getMetadata().getAnnotations())
                        .doesNotContainKey(Howdah.ACCEPT_LOSS));
    }
}

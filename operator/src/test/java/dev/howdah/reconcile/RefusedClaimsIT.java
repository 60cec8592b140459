// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a class, a server or a rule does not give: each has its reason, says what to do, and nothing is done. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedClaimsIT {
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final TestPostgres older = TestPostgres.start(PostgresOptions.major(17));
    private final Stage stage = Stage.open();

    @BeforeAll
    void offer() {
        stage.server(
                "main", postgres, "namespaceSelector: {matchExpressions: [{key: closed, operator: DoesNotExist}]}");
        stage.server("older", older, "capacity: {databases: 2, connections: 30}");
        stage.classOn("standard", "main", "majorVersions: [16, 18]");
        stage.classOn("small", "older", "majorVersions: [17]");
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
        older.close();
    }

    /** Nothing on any server bears the namespace's name, and a claim of another namespace is served. */
    private void nothingWasDone(String ns, DatabaseClaim claim) {
        for (var server : List.of(postgres, older)) {
            assertThat(Sql.databases(server)).noneMatch(name -> name.startsWith(ns + "_"));
            assertThat(Sql.roles(server, ns)).isEmpty();
            assertThat(Sql.ledger(server, "SELECT 1 FROM howdah.claim WHERE namespace = '" + ns + "'"))
                    .isEmpty();
        }
        assertThat(stage.client.secrets().inNamespace(ns).list().getItems()).isEmpty();
        assertThat(claim.getStatus().server()).isNull();
        assertThat(claim.getStatus().binding()).isNull();
    }

    private void refused(DatabaseClaim claim, Reason reason, String... says) {
        assertThat(Seen.condition(claim, "Ready").message()).contains(says);
        assertThat(Seen.condition(claim, "Stalled").status()).isEqualTo("True");
        assertThat(Seen.condition(claim, "Accepted"))
                .satisfies(c -> assertThat(c.status() + c.reason()).isEqualTo("False" + reason));
        assertThat(Seen.condition(claim, "Reconciling").status()).isEqualTo("False");
    }

    private void waiting(DatabaseClaim claim, Reason reason, String... says) {
        assertThat(Seen.condition(claim, "Ready").message()).contains(says);
        assertThat(Seen.condition(claim, "Stalled").status()).isEqualTo("False");
        assertThat(Seen.condition(claim, "Accepted").status()).isEqualTo("True");
        assertThat(Seen.condition(claim, "Reconciling"))
                .satisfies(c -> assertThat(c.status() + c.reason()).isEqualTo("True" + reason));
    }

    @Test
    void unknownClass() {
        var ns = stage.namespace("unknown");
        stage.claim(ns, "orders", "gold");
        var claim = stage.says(ns, "orders", "False", Reason.ClassNotFound);
        refused(claim, Reason.ClassNotFound, "`className`", stage.named("gold"), stage.named("standard"));
        nothingWasDone(ns, claim);
        stage.classOn("gold", "main");
        stage.ready(ns, "orders");
    }

    @Test
    void noDefaultClassThenOneThenTwo() {
        var ns = stage.namespace("default");
        stage.bareClaim(ns, "orders");
        var claim = stage.says(ns, "orders", "False", Reason.ClassNotFound);
        refused(claim, Reason.ClassNotFound, "no class is the default", Howdah.DEFAULT_CLASS);
        nothingWasDone(ns, claim);

        stage.annotate(stage.classes("standard"), Howdah.DEFAULT_CLASS, "true");
        stage.ready(ns, "orders");
        stage.annotate(stage.classes("small"), Howdah.DEFAULT_CLASS, "true");
        stage.bareClaim(ns, "another");
        var torn = stage.says(ns, "another", "False", Reason.DefaultConflict);
        refused(torn, Reason.DefaultConflict, stage.named("standard"), stage.named("small"), Howdah.DEFAULT_CLASS);
        // Who named a class, or was bound before, is not concerned.
        stage.claim(ns, "named", "standard");
        stage.ready(ns, "named");
        assertThat(Seen.condition(stage.claims(ns, "orders").get(), "Ready").status())
                .isEqualTo("True");

        stage.annotate(stage.classes("small"), Howdah.DEFAULT_CLASS, null);
        stage.ready(ns, "another");
        stage.annotate(stage.classes("standard"), Howdah.DEFAULT_CLASS, null);
        stage.patchSpec(stage.claims(ns, "orders"), "{connections: 3}");
        stage.ready(ns, "orders");
    }

    @Test
    void versionNotOffered() {
        var ns = stage.namespace("version");
        stage.claim(ns, "orders", "standard", "majorVersion: 17");
        var claim = stage.says(ns, "orders", "False", Reason.VersionNotOffered);
        refused(claim, Reason.VersionNotOffered, "`majorVersion`", "[16, 18]", "not 17");
        nothingWasDone(ns, claim);
        stage.patchSpec(stage.claims(ns, "orders"), "{majorVersion: 18}");
        stage.ready(ns, "orders");
    }

    @Test
    void noServerOfTheVersion() {
        var ns = stage.namespace("nowhere");
        stage.claim(ns, "orders", "standard", "majorVersion: 16");
        var claim = stage.says(ns, "orders", "False", Reason.NoMatchingServer);
        waiting(claim, Reason.NoMatchingServer, "PostgreSQL 16", stage.named("standard"), "ask a DBA");
        nothingWasDone(ns, claim);
    }

    @Test
    void extensionThatDoesNotExistOrIsNotTrusted() {
        var ns = stage.namespace("extension");
        stage.claim(ns, "orders", "standard", "extensions: [{name: no_such_thing}, {name: pg_trgm}]");
        var claim = stage.says(ns, "orders", "False", Reason.ExtensionNotAvailable);
        refused(claim, Reason.ExtensionNotAvailable, "`extensions`", "\"no_such_thing\"", "correct the name");
        nothingWasDone(ns, claim);
        stage.claim(ns, "files", "standard", "extensions: [{name: file_fdw}]");
        var untrusted = stage.says(ns, "files", "False", Reason.ExtensionNotAllowed);
        refused(untrusted, Reason.ExtensionNotAllowed, "\"file_fdw\"", "not trusted", "ask a DBA");
        nothingWasDone(ns, untrusted);
        stage.patchSpec(stage.claims(ns, "files"), "{extensions: [{name: hstore}]}");
        stage.ready(ns, "files");

        // On a claim that runs, a refused extension leaves everything as it is.
        stage.patchSpec(stage.claims(ns, "files"), "{extensions: [{name: hstore}, {name: nothing}]}");
        var running = stage.says(ns, "files", "False", Reason.ExtensionNotAvailable);
        refused(running, Reason.ExtensionNotAvailable, "\"nothing\"");
        assertThat(running.getStatus().database()).isEqualTo(ns + "_files");
        assertThat(running.getStatus().extensions()).extracting(e -> e.name()).containsExactly("hstore");
    }

    @Test
    void namespaceNotAdmitted() {
        var ns = stage.namespace("closed-" + stage.id, Map.of("closed", "yes"));
        stage.claim(ns, "orders", "standard");
        var claim = stage.says(ns, "orders", "False", Reason.NoMatchingServer);
        waiting(claim, Reason.NoMatchingServer, "admits this namespace", stage.named("main"));
        nothingWasDone(ns, claim);
        Stage.patch(stage.client.namespaces().withName(ns), "{\"metadata\": {\"labels\": {\"closed\": null}}}");
        stage.ready(ns, "orders");
    }

    @Test
    void noCapacityThenRoomByAServerEdit() {
        var ns = stage.namespace("capacity");
        stage.claim(ns, "big", "small", "connections: 31");
        var big = stage.says(ns, "big", "False", Reason.NoCapacity);
        waiting(big, Reason.NoCapacity, "31 connections", "30 of 30 connections left", "`connections`", "ask a DBA");
        nothingWasDone(ns, big);

        stage.claim(ns, "one", "small", "connections: 10");
        stage.claim(ns, "two", "small", "connections: 10");
        stage.ready(ns, "one");
        stage.ready(ns, "two");
        stage.claim(ns, "three", "small", "connections: 1");
        waiting(stage.says(ns, "three", "False", Reason.NoCapacity), Reason.NoCapacity, stage.named("older"));

        // Growth that does not fit changes nothing; less is always possible.
        stage.patchSpec(stage.claims(ns, "one"), "{connections: 21}");
        var grown = stage.says(ns, "one", "False", Reason.NoCapacity);
        waiting(
                grown,
                Reason.NoCapacity,
                "21 connections",
                "instead of 10",
                "10 of 30 connections left",
                "runs on as it was");
        assertThat(grown.getStatus().connections()).isEqualTo(10);
        assertThat(limit(ns + "_one")).isEqualTo("10");
        stage.patchSpec(stage.claims(ns, "one"), "{connections: 20}");
        stage.ready(ns, "one");
        assertThat(limit(ns + "_one")).isEqualTo("20");

        // What is short is told, but not each move of what others take and give back.
        stage.patchSpec(stage.claims(ns, "one"), "{connections: 15}");
        stage.ready(ns, "one");
        var told = Seen.until(
                stage.claims(ns, "big"),
                claim -> Seen.condition(claim, "Ready").message().contains("0 of 2 databases, "),
                "databases are short, too");
        stage.patchSpec(stage.claims(ns, "one"), "{connections: 12}");
        stage.ready(ns, "one");

        // A retained database counts on; a larger server takes who waits, at once.
        stage.claims(ns, "two").delete();
        Seen.gone(stage.claims(ns, "two"));
        stage.says(ns, "three", "False", Reason.NoCapacity);
        assertThat(stage.claims(ns, "big").get().getMetadata().getResourceVersion())
                .isEqualTo(told.getMetadata().getResourceVersion());
        stage.patchSpec(stage.servers("older"), "{capacity: {databases: 3, connections: 31}}");
        stage.ready(ns, "three");
        Seen.until(
                stage.claims(ns, "big"),
                claim -> Seen.condition(claim, "Ready").message().contains("of 31 connections left"),
                "the capacity of now is told");
    }

    private String limit(String database) {
        return Sql.rows(older, "postgres", "SELECT datconnlimit FROM pg_database WHERE datname = '" + database + "'")
                .getFirst();
    }

    @Test
    void namesThatCannotBe() {
        var ns = stage.namespace("azure", Map.of());
        stage.claim(ns, "maintenance", "standard");
        var reserved = stage.says(ns, "maintenance", "False", Reason.InvalidSpec);
        refused(reserved, Reason.InvalidSpec, "`metadata.name`", "\"azure_maintenance\"", "choose another name");
        nothingWasDone(ns, reserved);
        var pg = stage.namespace("pg", Map.of());
        stage.claim(pg, "orders", "standard");
        var roles = stage.says(pg, "orders", "False", Reason.InvalidSpec);
        refused(roles, Reason.InvalidSpec, "`metadata.namespace`", "pg_", "another namespace");
        assertThat(Sql.databases(postgres)).doesNotContain("pg_orders");
        assertThat(Sql.ledger(postgres, "SELECT 1 FROM howdah.claim WHERE namespace = 'pg'"))
                .isEmpty();
    }

    @Test
    void theLongestNamesFit() {
        var ns = stage.namespace("n".repeat(63 - 7) + "-" + stage.id, Map.of());
        var name = "c".repeat(63);
        stage.claim(ns, name, "standard", "access: [{name: abcdefghijklmnop, role: Owner}]");
        var claim = stage.ready(ns, name);
        assertThat(claim.getStatus().database()).hasSize(44);
        assertThat(claim.getStatus().access())
                .singleElement()
                .satisfies(a -> assertThat(a.username()).hasSize(63));
        var twin = "c".repeat(62) + "d";
        stage.claim(ns, twin, "standard");
        assertThat(stage.ready(ns, twin).getStatus().database())
                .isNotEqualTo(claim.getStatus().database());
    }

    /** CEL looks at the status; the reconciler looks at the ledger. */
    @Test
    void aBoundClaimStaysWhereItIsWhateverItsStatusSays() {
        var ns = stage.namespace("fixed");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        stage.stop();
        stage.forgetStatus(stage.claims(ns, "orders"));
        stage.patchSpec(stage.claims(ns, "orders"), "{className: " + stage.named("small") + ", majorVersion: 17}");
        stage.start();
        var moved = stage.says(ns, "orders", "False", Reason.FieldImmutable);
        refused(moved, Reason.FieldImmutable, "`className`", "`majorVersion`", "set it back");
        assertThat(moved.getStatus().server()).isNotNull();
        assertThat(moved.getStatus().server().name()).isEqualTo(stage.named("main"));
        assertThat(Sql.databases(older)).doesNotContain(ns + "_orders");
    }
}

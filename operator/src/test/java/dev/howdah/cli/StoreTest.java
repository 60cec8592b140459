// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code status}, {@code trace}, {@code plan}, {@code connect} and {@code doctor} over what statuses tell, from files. */
class StoreTest {
    private static final String STORE = "examples/status";

    @TempDir
    Path folder;

    @Test
    void status_of_everything() throws JsonProcessingException {
        var outcome = new Terminal().run("status", "-f", STORE);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("store/orders   True     Provisioned", "1 of 4 claims and 0 of 1 servers")
                .contains("See docs/reasons/DriftFound.md")
                .as("what to do is for one claim")
                .doesNotContain("Run the statement in the message");
        var json = json("status", "-f", STORE, "-o", "json");
        assertThat(json.at("/well").asBoolean(true)).isFalse();
        assertThat(json.at("/claims/2/claim").asText()).isEqualTo("store/orders");
        assertThat(json.at("/claims/2/logins/0/secret").asText()).isEqualTo("orders-db");
    }

    @Test
    void status_of_a_namespace_shows_its_servers_only() {
        var outcome = new Terminal().run("status", "-n", "elsewhere", "-f", STORE);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .contains("There is no claim in namespace \"elsewhere\"")
                .doesNotContain("store-18");
    }

    @Test
    void offer_says_what_room_is_left() throws IOException {
        assertThat(new Terminal().run("offer", "-n", "store", "-f", STORE).out())
                .contains("  room on store-18: 48 of 50 databases, 485Gi of 500Gi storage, 340 of 400\n")
                .doesNotContain("closed for new databases");
        var more = Files.writeString(folder.resolve("servers.yaml"), """
                apiVersion: howdah.dev/v1alpha1
                kind: PostgresServer
                metadata: {name: store-17, labels: {tier: store}}
                spec:
                  external: {host: pg.store.svc, adminSecretRef: {name: store-17-admin}}
                  unschedulable: true
                status: {used: {databases: 2, storage: 15Gi, connections: 60}}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: PostgresServer
                metadata: {name: store-16, labels: {tier: store}}
                spec:
                  external: {host: pg.store.svc, adminSecretRef: {name: store-16-admin}}
                  capacity: {connections: 40}
                """).toString();
        assertThat(new Terminal()
                        .run("offer", "-n", "store", "-f", STORE, "-f", more)
                        .out())
                .contains("room on store-17: no limit (closed for new databases)", "room on store-18: 48 of 50")
                .as("what nobody has counted yet")
                .doesNotContain("store-16");
        assertThat(new Terminal()
                        .run("offer", "-n", "store", "-f", more, "-f", withoutServers())
                        .out())
                .as("nothing is limited")
                .doesNotContain("room on");
        assertThat(json("offer", "-n", "store", "-f", STORE, "-o", "json")
                        .at("/classes/0/room/0/left/2")
                        .asText())
                .isEqualTo("340 of 400 connections");
    }

    private String withoutServers() throws IOException {
        return Files.writeString(folder.resolve("class.yaml"), """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata: {name: store}
                spec: {serverSelector: {matchLabels: {tier: store}}, majorVersions: [18]}
                """).toString();
    }

    @Test
    void status_of_a_claim_says_what_to_do() {
        var stock = new Terminal().run("status", "store/stock", "-f", STORE);
        assertThat(stock.exit()).isEqualTo(1);
        assertThat(stock.out())
                .contains("WaiverExpired (Compliant=False)", "DriftFound (InSync=False)")
                .contains("- Run the statement in the message, or set `spec.drift: Repair` on the");
        var orders = new Terminal().run("status", "orders", "-n", "store", "-f", STORE);
        assertThat(orders.exit()).isZero();
        assertThat(orders.out()).contains("the last one asked for (\"2026-11-20\") is made");
    }

    @Test
    void a_status_of_an_earlier_spec_is_no_good_news() throws IOException {
        var text = Files.readString(Terminal.REPOSITORY.resolve(STORE).resolve("store.yaml"));
        var file = Files.writeString(
                folder.resolve("edited.yaml"),
                text.replace(
                        "{name: orders, namespace: store, generation: 3",
                        "{name: orders, namespace: store, generation: 4"));
        var outcome = new Terminal().run("status", "store/orders", "-f", file.toString());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).contains("ready; its last change was not looked at yet");
    }

    @Test
    void trace_leads_to_the_secrets() throws JsonProcessingException {
        var orders = new Terminal().run("trace", "store/orders", "-f", STORE);
        assertThat(orders.out())
                .contains("DatabaseClaim store/orders: Ready=True, Provisioned")
                .contains("├─ DatabaseClass store: Accepted=True, Valid (the default)")
                .contains("├─ DatabasePolicy store-baseline: Enforce")
                .contains("Secret orders-report: not looked at");
        assertThat(orders.exit()).isZero();
        var stock = json("trace", "store/stock", "-f", STORE, "-o", "json");
        assertThat(stock.at("/well").asBoolean(true)).isFalse();
        assertThat(stock.findValuesAsText("kind"))
                .containsExactly(
                        "DatabaseClaim",
                        "DatabaseClass",
                        "DatabasePolicy",
                        "DatabaseWaiver",
                        "PostgresServer",
                        "database",
                        "login",
                        "Secret");
        assertThat(new Terminal().run("trace", "store/stock", "-f", STORE).out())
                .contains("! DatabasePolicy store-baseline: Enforce, Accepted=True, Valid; minds storage")
                .contains("! DatabaseWaiver stock-take: ended at 2026-11-30T00:00:00Z");
    }

    @Test
    void plan_of_a_new_claim_is_what_the_planner_comes_to() {
        var outcome = new Terminal().run("plan", "store/basket", "-f", STORE);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .startsWith("store/basket: a database would be made on server store-18")
                .contains("create database store_basket", "create schema audit", "limit store_basket to 20 connections")
                .contains("publish Secret basket-db for login app (Owner)", "open login store_basket_app_a");
    }

    @Test
    void plan_of_an_adoption_shows_its_steps_and_how_to_agree() throws JsonProcessingException {
        var outcome = new Terminal().run("plan", "store/archive", "-f", STORE);
        assertThat(outcome.exit()).as("somebody has to agree").isEqualTo(1);
        assertThat(outcome.out())
                .contains("Hash of this plan: 5f0c7a1be29d4c83aa10", "hand 12 × table in schema public")
                .contains("kubectl patch pgserver store-18 --type=json -p '[");
        var json = json("plan", "store/archive", "-f", STORE, "-o", "json");
        assertThat(json.at("/outlook").asText()).isEqualTo("Adopt");
        assertThat(json.at("/steps")).hasSize(3);
        var patch = json.at("/consent").asText();
        var operations = new ObjectMapper().readTree(patch.substring(patch.indexOf('\'') + 1, patch.length() - 1));
        assertThat(operations.at("/1/path").asText()).isEqualTo("/spec/adoptions/0/planHash");
        assertThat(operations.at("/1/value").asText()).isEqualTo("5f0c7a1be29d4c83aa10");
    }

    @Test
    void plan_of_an_edit_says_what_would_change() throws IOException {
        assertThat(new Terminal().run("plan", "store/orders", "-f", STORE).out())
                .startsWith("store/orders: nothing to do");
        var edit = edit("""
                storage: 10Gi
                  access:
                    - {name: app, role: ReadWrite, binding: true}
                    - {name: batch, role: ReadOnly}
                """);
        var outcome = new Terminal().run("plan", "store/orders", "-f", STORE, "--with", edit);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .contains("set storage to 10Gi, which is built-in now")
                .contains("make login \"app\" ReadWrite, which was Owner; its sessions are ended")
                .contains("open a login \"batch\" (ReadOnly) and publish its Secret orders-batch")
                .contains("close login \"report\" and take Secret orders-report away")
                .contains("take extension pg_trgm away, unless");
    }

    @Test
    void plan_of_what_is_refused_or_paused_is_nothing() throws IOException {
        var refused = new Terminal().run("plan", "store/orders", "-f", STORE, "--with", edit("storage: 90Gi"));
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).contains("refused, what runs goes on as last accepted", "must be at most 20Gi");
        var paused = Files.writeString(folder.resolve("paused.yaml"), """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: basket, namespace: store, annotations: {howdah.dev/paused: "true"}}
                spec: {}
                """);
        var outcome = new Terminal().run("plan", "store/basket", "-f", STORE, "--with", paused.toString());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).contains("nothing is done, it is paused", "if it were not paused");
    }

    private String edit(String spec) throws IOException {
        return Files.writeString(folder.resolve("edit.yaml"), """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: orders, namespace: store}
                spec:
                  %s""".formatted(spec))
                .toString();
    }

    @Test
    void connect_shows_lines_and_no_password() {
        var all = new Terminal().run("connect", "store/orders", "-f", STORE);
        assertThat(all.exit()).isZero();
        assertThat(all.out())
                .contains(
                        "No login was tried.", "psql", "Spring Boot", "Quarkus", "Npgsql", "Node.js", "psycopg", "pgx");
        assertThat(all.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        var one = new Terminal().run("connect", "store/orders", "report", "--for", "go", "-f", STORE);
        assertThat(one.out()).contains("orders-report", "pgxpool.New").doesNotContain("Spring");
        var none = new Terminal().run("connect", "store/basket", "-f", STORE);
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.err()).contains("has no login yet; see howdah status store/basket");
    }

    @Test
    void doctor_names_findings_and_their_way_out() throws JsonProcessingException {
        var outcome = new Terminal().run("doctor", "-f", STORE);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("warning  server store-18: Hardened=False", "PROBLEM  server store-18: InSync=False")
                .contains("warning  waiver stock-take: is over since 2026-11-30T00:00:00Z")
                .contains("PROBLEM  claim store/archive: Ready=False, AwaitingConsent")
                .contains("See docs/reasons/DriftFound.md");
        var json = json("doctor", "-f", STORE, "-o", "json");
        assertThat(json.at("/checks"))
                .allSatisfy(check -> assertThat(check.at("/level").asText().equals("Fine") || check.has("wayOut"))
                        .as(check.toString())
                        .isTrue());
    }

    @Test
    void doctor_sees_faults_that_nobody_has_told_yet() throws IOException {
        var file = Files.writeString(folder.resolve("faulty.yaml"), """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata: {name: one, annotations: {howdah.dev/is-default-class: "true"}}
                spec: {serverSelector: {matchLabels: {tier: nowhere}}, majorVersions: [18]}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClass
                metadata: {name: two, annotations: {howdah.dev/is-default-class: "true"}}
                spec: {serverSelector: {matchLabels: {tier: store}}, majorVersions: [18]}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: DatabasePolicy
                metadata: {name: broken}
                spec: {enforcement: Enforce, limits: {parameters: {wrok_mem: {max: 1MB}}}}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: PostgresServer
                metadata: {name: new, labels: {tier: store}}
                spec: {external: {host: pg, adminSecretRef: {name: new}}}
                """);
        var outcome = new Terminal().run("doctor", "-f", file.toString());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("PROBLEM  class one, two: are all marked as the default")
                .contains("warning  class one: its `serverSelector` selects no server")
                .contains("PROBLEM  policy broken:", "wrok_mem")
                .contains("PROBLEM  server new: nobody has looked at it yet");
    }

    private static JsonNode json(String... arguments) throws JsonProcessingException {
        return new ObjectMapper().readTree(new Terminal().run(arguments).out());
    }
}

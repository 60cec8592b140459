// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.howdah.Secrets;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.cli.Documented;
import dev.howdah.cli.Terminal;
import dev.howdah.cli.Terminal.Outcome;
import dev.howdah.testenv.Persona;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestEnvironment;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the verbs about one claim say and do where an operator and a PostgreSQL are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PluginIT {
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Stage stage = Stage.open();
    private String ns = "";
    private String claim = "";

    @BeforeAll
    void publish() throws SQLException {
        stage.server("plug", postgres);
        stage.classOn("plug", "plug");
        ns = stage.namespace("plug");
        claim = ns + "/orders";
        stage.claim(
                ns,
                "orders",
                "plug",
                "access: [{name: app, role: Owner, binding: true}, {name: report, role: ReadOnly, connections: 3}]");
        stage.ready(ns, "orders");
        try (var app = Sql.login(postgres, stage.secret(ns, "orders-db"))) {
            Sql.rows(app, "CREATE TABLE item (n int); SELECT 1");
        }
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
    }

    private static Outcome run(String... arguments) {
        return new Terminal(() -> TestEnvironment.controlPlane().client()).run(arguments);
    }

    private static JsonNode json(Outcome outcome) throws JsonProcessingException {
        assertThat(outcome.err()).isEmpty();
        return new ObjectMapper().readTree(outcome.out());
    }

    private String password(String secret) {
        return Secrets.value(stage.secret(ns, secret), "password");
    }

    @Test
    void status_and_trace_of_what_is_well() {
        var status = run("status", claim);
        assertThat(status.exit()).as(status.out()).isZero();
        assertThat(status.out())
                .contains(claim + ": ready", "(Ready=True,")
                .containsPattern("app +Owner +\\S+_orders_app_a +orders-db ");
        var trace = run("trace", claim);
        assertThat(trace.exit()).as(trace.out()).isZero();
        assertThat(trace.out())
                .contains("Secret orders-db: names this login", "Secret orders-report: names this login");
        assertThat(run("plan", claim).out()).startsWith(claim + ": nothing to do");
    }

    @Test
    void status_of_what_waits_says_for_what() {
        stage.claim(ns, "stuck", "nowhere");
        stage.says(ns, "stuck", "False", Reason.ClassNotFound);
        var status = run("status", "stuck", "-n", ns);
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.out()).contains("not ready, ClassNotFound", "- ", "See docs/reasons/ClassNotFound.md");
        assertThat(run("plan", "stuck", "-n", ns).out()).contains("refused, nothing is made");
        assertThat(run("connect", "stuck", "-n", ns).exit()).isEqualTo(1);
        var rotate = run("rotate", "stuck", "-n", ns, "--wait");
        assertThat(rotate.exit()).isEqualTo(1);
        assertThat(rotate.out()).contains("nothing to rotate");
        assertThat(stage.claims(ns, "stuck").get().getMetadata().getAnnotations())
                .isNullOrEmpty();
    }

    @Test
    void connect_logs_in_and_says_what_the_login_may_do() throws JsonProcessingException {
        var owner = run("connect", claim, "--for", "psql");
        assertThat(owner.exit()).as(owner.out()).isZero();
        assertThat(owner.out())
                .contains("The login works from here: PostgreSQL 18", "20 sessions for all logins of")
                .containsPattern("acts as \\S+_orders_owner")
                .containsPattern("public +yes +1 +1 +1\\n")
                .doesNotContain(password("orders-db"));
        assertThat(Documented.plain(owner.out().replace(ns, "shop")))
                .isEqualTo(Documented.words("howdah connect shop/orders --for psql"));
        var reader = json(run("connect", claim, "report", "-o", "json"));
        assertThat(reader.at("/trial").asText()).isEqualTo("Works");
        assertThat(reader.at("/rights/sessions").asInt()).isEqualTo(3);
        var schema = reader.at("/rights/schemas/1");
        assertThat(schema.at("/name").asText()).isEqualTo("public");
        assertThat(schema.at("/create").asBoolean(true)).isFalse();
        assertThat(schema.at("/readable").asInt()).isEqualTo(1);
        assertThat(schema.at("/writable").asInt()).isZero();
        assertThat(reader.has("password")).isFalse();
        assertThat(run("connect", claim, "--show-password", "--no-login").out())
                .contains("password " + password("orders-db"), "No login was tried.");
    }

    @Test
    void connect_says_when_it_cannot_get_there() {
        var outcome = run("connect", claim, "--via", "127.0.0.1:1");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("127.0.0.1:1 cannot be reached from here", "Check that the way there is still open")
                .doesNotContain(password("orders-db"));
    }

    @Test
    void connect_says_who_may_not_read_the_secret() {
        var developer = TestEnvironment.controlPlane();
        var outcome = new Terminal(() -> developer.client(Persona.DEVELOPER)).run("connect", claim);
        assertThat(outcome.exit()).as("nothing is bound to this persona").isEqualTo(2);
        assertThat(outcome.err())
                .contains("does not let this user list databaseclaims")
                .hasLineCount(1);
    }

    /** As {@code edit} in a namespace gives them; classes and policies belong to the cluster. */
    @Test
    void connect_takes_no_right_beyond_the_namespace() {
        var own = stage.namespace("narrow");
        stage.claim(own, "orders", "plug");
        stage.ready(own, "orders");
        var here = TestEnvironment.controlPlane();
        here.client()
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName("team")
                        .withNamespace(own)
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("howdah.dev")
                        .withResources("databaseclaims")
                        .withVerbs("get", "list")
                        .endRule()
                        .addNewRule()
                        .withApiGroups("")
                        .withResources("secrets")
                        .withVerbs("get")
                        .endRule()
                        .build())
                .create();
        here.client()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("team")
                        .withNamespace(own)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", "team")
                        .addNewSubject("rbac.authorization.k8s.io", "User", Persona.DEVELOPER.user(), null)
                        .build())
                .create();
        var team = new Terminal(() -> here.client(Persona.DEVELOPER));
        var outcome = team.run("connect", own + "/orders", "--for", "psql");
        assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
        assertThat(outcome.out()).contains("The login works from here");
        assertThat(team.run("offer", "-n", own).err())
                .as("what takes howdah-view")
                .contains("does not let this user list databaseclasses");
    }

    /** Of Spring and Quarkus. */
    @Test
    void the_url_that_connect_names_logs_in() throws SQLException {
        var variable = run("connect", claim, "--for", "spring").out();
        assertThat(variable).contains("name: orders-db, key: jdbc-url");
        try (var session = DriverManager.getConnection(Secrets.value(stage.secret(ns, "orders-db"), "jdbc-url"))) {
            assertThat(Sql.rows(session, "SELECT 1")).containsExactly("1");
        }
    }

    @Test
    void the_line_that_connect_shows_for_psql_logs_in() throws IOException, InterruptedException {
        assumeTrue(!shell("command -v psql").isBlank(), "no psql on PATH: the line that connect shows was not run");
        var lines = json(run("connect", claim, "report", "--for", "psql", "-o", "json"))
                .at("/forms/0/lines");
        var line = lines.get(0).asText() + "\n" + lines.get(1).asText() + " -Atc 'SELECT current_user'";
        assertThat(shell(line)).contains("_orders_report_");
    }

    private static String shell(String line) throws IOException, InterruptedException {
        var here = TestEnvironment.controlPlane();
        var builder = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", here.kubeconfig().toString());
        builder.environment()
                .merge("PATH", here.kubectl().getParent().toString(), (path, folder) -> folder + ":" + path);
        var process = builder.start();
        process.getOutputStream().close();
        var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return answer;
    }

    @Test
    void rotate_waits_for_what_comes_of_it() throws JsonProcessingException {
        stage.claim(ns, "turned", "plug");
        stage.ready(ns, "turned");
        var turned = ns + "/turned";
        var first = json(run("rotate", turned, "--wait", "--timeout", "40s", "-o", "json"));
        assertThat(first.at("/outcome").asText()).as(first.toString()).isEqualTo("Rotated");
        assertThat(first.at("/logins/0/before").asText()).endsWith("_turned_app_a");
        assertThat(first.at("/logins/0/after").asText()).endsWith("_turned_app_b");
        assertThat(first.at("/annotation").asText()).isEqualTo("howdah.dev/rotate");

        var second = run("rotate", turned, "--wait", "--timeout", "40s");
        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.out())
                .contains("the rotation waits:", "which is not before", "--now does not wait")
                .contains("docs/reasons/RotationPending.md");
        assertThat(run("status", turned).out()).contains("Rotation: asked for, and waits for the login before");

        var third = run("rotate", turned, "--now", "--wait", "--timeout", "40s");
        assertThat(third.exit()).as(third.out()).isZero();
        assertThat(Documented.plain(third.out()
                        .replace(ns, "shop")
                        .replace("turned", "orders")
                        .replace("_app_b", "_app_?")
                        .replace("_app_a", "_app_b")
                        .replace("_app_?", "_app_a")))
                .isEqualTo(Documented.words("howdah rotate shop/orders --now --wait"));
        assertThat(third.out()).contains("the ones before are").containsPattern("_turned_app_b +\\S+_turned_app_a");
        assertThat(run("connect", turned, "--for", "go").exit()).isZero();
    }

    @Test
    void plan_of_an_adoption_and_its_consent() throws JsonProcessingException {
        var database = "legacy_" + stage.id;
        Sql.run(postgres, "postgres", "CREATE DATABASE \"" + database + "\"");
        stage.pair("plug", database, ns, "legacy", "");
        stage.claim(ns, "legacy", "plug");
        stage.says(ns, "legacy", "False", Reason.AwaitingConsent);
        var plan = json(run("plan", ns + "/legacy", "-o", "json"));
        assertThat(plan.at("/outlook").asText()).isEqualTo("Adopt");
        assertThat(plan.at("/steps")).isNotEmpty();
        var consent = plan.at("/consent").asText();
        stage.servers("plug")
                .patch(
                        PatchContext.of(PatchType.JSON),
                        consent.substring(consent.indexOf('\'') + 1, consent.lastIndexOf('\'')));
        stage.ready(ns, "legacy");
        assertThat(run("connect", ns + "/legacy", "--for", "go").exit()).isZero();
        stage.noPair("plug");
    }

    @Test
    void a_team_may_rotate_only_with_the_verb() {
        var outcome = new Terminal(() -> TestEnvironment.controlPlane().client(Persona.ATTACKER)).run("rotate", claim);
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(List.of(outcome.out())).containsExactly("");
        assertThat(outcome.err()).hasLineCount(1).contains("does not let this user");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.gitops.CapturedObjects;
import dev.howdah.gitops.HealthCheck;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Flux (by kstatus) and Argo CD (by our script) make of each state that the operator brings about. The two agree: nobody is
 * told that all is well by one of them while the other waits or complains. Only what is paused has no word of its own in kstatus.
 */
class GitOpsHealthIT {
    private static final Map<String, String> SAME = Map.of(
            "Healthy", "Current",
            "Progressing", "InProgress",
            "Degraded", "Failed");

    private static final Map<String, String> PAUSED = Map.of(
            "paused", "InProgress",
            "paused-while-ready", "Current");

    @Test
    void flux_and_argo_see_the_same(@TempDir Path folder) {
        var check = HealthCheck.orSkip();
        var captured = captured(folder);
        var answers = check.ask(
                captured.states().stream().map(CapturedObjects.State::file).toList());
        for (int i = 0; i < answers.size(); i++) {
            var state = captured.states().get(i);
            var answer = answers.get(i);
            assertThat(answer.health()).as("%s", state).isEqualTo(state.health());
            assertThat(answer.kstatus()).as("%s", state).isEqualTo(kstatus(state));
            if (state.health().equals("Degraded")) {
                assertThat(answer.kstatusMessage()).as("%s", state).isEqualTo(answer.healthMessage());
            }
        }
        captured.writeTestdata(answers);
    }

    private static CapturedObjects captured(Path folder) {
        try (var stage = Stage.installed();
                var postgres = TestPostgres.start(PostgresOptions.major(18))) {
            var captured = new CapturedObjects(folder, stage.id);
            born(captured, stage, postgres);
            stage.start();
            working(captured, stage);
            troubled(captured, stage, postgres);
            waiting(captured, stage, postgres);
            return captured;
        }
    }

    private static String kstatus(CapturedObjects.State state) {
        if (state.deleted()) {
            return "Terminating";
        }
        return Objects.requireNonNull(
                state.health().equals("Suspended") ? PAUSED.get(state.name()) : SAME.get(state.health()));
    }

    /** Nobody has looked at anything yet. */
    private static void born(CapturedObjects captured, Stage stage, TestPostgres postgres) {
        var ns = stage.namespace("shop");
        stage.server("main", postgres);
        stage.defaultClassOn("standard", "main", "defaults: {parameters: {work_mem: 32MB}}");
        stage.claim(ns, "orders", "standard");
        stage.policy("baseline", "Enforce", target(ns), "limits: {parameters: {work_mem: {max: 64MB}}}");
        waiver(stage, "closing", ns, "orders", Duration.ofHours(100));
        captured.add("born", "Progressing", stage.claims(ns, "orders"));
        captured.add("born", "Progressing", stage.classes("standard"));
        captured.add("born", "Progressing", stage.servers("main"));
        captured.add("born", "Progressing", stage.policies("baseline"));
        captured.add("born", "Progressing", stage.waivers("closing"));
    }

    private static String target(String namespace) {
        return "target: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " + namespace + "}}}";
    }

    private static void waiver(Stage stage, String name, String namespace, String claim, Duration left) {
        stage.waiver(
                name, namespace, claim, stage.clock.instant().plus(left), "{parameters: {work_mem: {max: 256MB}}}");
    }

    private static void working(CapturedObjects captured, Stage stage) {
        var ns = "shop-" + stage.id;
        stage.ready(ns, "orders");
        captured.add("ready", "Healthy", stage.claims(ns, "orders"));
        stage.annotate(stage.claims(ns, "orders"), Howdah.PAUSED, "true");
        Seen.until(
                stage.claims(ns, "orders"),
                claim -> Seen.condition(claim, "Ready").reason().equals(Reason.Paused.name()),
                "it is paused");
        captured.add("paused-while-ready", "Suspended", stage.claims(ns, "orders"));
        stage.annotate(stage.claims(ns, "orders"), Howdah.PAUSED, null);
        stage.ready(ns, "orders");
        stage.serverSays("main", "True", Reason.Connected);
        captured.add("ready", "Healthy", stage.servers("main"));
        captured.add("ready", "Healthy", says(stage.classes("standard"), "Accepted", "True"));
        captured.add("ready", "Healthy", says(stage.policies("baseline"), "Programmed", "True"));
        captured.add("ready", "Healthy", says(stage.waivers("closing"), "Programmed", "True"));
        stage.policy("nobody", "Audit", target("nowhere"), "limits: {connections: {max: 9}}");
        captured.add("for-nobody-yet", "Healthy", says(stage.policies("nobody"), "Accepted", "True"));
        waiver(stage, "early", ns, "later", Duration.ofHours(100));
        captured.add("for-no-claim-yet", "Healthy", says(stage.waivers("early"), "Accepted", "True"));
        waiver(stage, "over", ns, "orders", Duration.ofHours(-1));
        captured.add("over", "Healthy", says(stage.waivers("over"), "Accepted", "False"));
    }

    /** Somebody has to act. */
    private static void troubled(CapturedObjects captured, Stage stage, TestPostgres postgres) {
        var ns = "shop-" + stage.id;
        stage.claim(ns, "typo", "standard", "parameters: {wrok_mem: 1MB}");
        stage.says(ns, "typo", "False", Reason.ParameterUnknown);
        captured.add("refused", "Degraded", stage.claims(ns, "typo"));
        stage.patchSpec(stage.claims(ns, "orders"), "{parameters: {work_mem: 1GB}}");
        stage.says(ns, "orders", "False", Reason.ParameterOutOfRange);
        captured.add("edit-refused", "Degraded", stage.claims(ns, "orders"));
        stage.patchSpec(stage.claims(ns, "orders"), "{parameters: null}");
        stage.ready(ns, "orders");
        stage.client
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("taken-db")
                        .withNamespace(ns)
                        .endMetadata()
                        .build())
                .create();
        stage.claim(ns, "taken", "standard");
        stage.says(ns, "taken", "False", Reason.SecretConflict);
        captured.add("conflict", "Degraded", stage.claims(ns, "taken"));

        stage.patchSpec(stage.policies("nobody"), "{limits: {parameters: {work_memm: {max: 64MB}}}}");
        captured.add("invalid", "Degraded", says(stage.policies("nobody"), "Accepted", "False"));
        stage.patchSpec(stage.waivers("early"), "{limits: {parameters: {work_memm: {max: 64MB}}}}");
        captured.add("invalid", "Degraded", says(stage.waivers("early"), "Accepted", "False"));
        stage.patchSpec(stage.classes("standard"), "{defaults: {parameters: {work_mem: 512MB}}}");
        captured.add("conflicted", "Degraded", says(stage.classes("standard"), "Accepted", "False"));

        stage.adminSecret("locked", postgres.superuser(), "wrong", null);
        stage.serverObject("locked", postgres.host(), postgres.port(), "disable");
        stage.serverSays("locked", "False", Reason.AuthenticationFailed);
        captured.add("refused", "Degraded", stage.servers("locked"));
    }

    /** Something may come by itself, somebody said to wait, or it is going. */
    private static void waiting(CapturedObjects captured, Stage stage, TestPostgres postgres) {
        var ns = "shop-" + stage.id;
        stage.adminSecret("away", "admin", "x", null);
        stage.serverObject("away", "127.0.0.1", 1, "disable");
        stage.classOn("away", "away");
        stage.serverSays("away", "False", Reason.Unreachable);
        captured.add("unreachable", "Progressing", stage.servers("away"));
        stage.claim(ns, "early", "away");
        Seen.until(
                stage.claims(ns, "early"),
                claim -> is(claim.getStatus().conditions(), "Reconciling", "True"),
                "it waits for its server");
        captured.add("waiting", "Progressing", stage.claims(ns, "early"));

        stage.annotate(stage.claims(ns, "taken"), Howdah.PAUSED, "true");
        Seen.until(
                stage.claims(ns, "taken"),
                claim -> Seen.condition(claim, "Ready").reason().equals(Reason.Paused.name()),
                "it is paused");
        captured.add("paused", "Suspended", stage.claims(ns, "taken"));
        stage.claims(ns, "taken").delete();
        captured.add("going-while-paused", "Progressing", stage.claims(ns, "taken"));
        stage.annotate(stage.servers("locked"), Howdah.PAUSED, "true");
        stage.serverSays("locked", "False", Reason.Paused);
        captured.add("paused", "Suspended", stage.servers("locked"));

        stage.servers("main").delete();
        Seen.until(
                stage.servers("main"),
                server -> is(server.getStatus().conditions(), "Stalled", "True"),
                "it stays while it holds databases");
        captured.add("going-with-databases", "Progressing", stage.servers("main"));

        postgres.stop();
        Seen.until(
                stage.claims(ns, "orders"),
                claim -> is(claim.getStatus().conditions(), "Ready", "Unknown"),
                "nobody knows whether its login works");
        captured.add("out-of-sight", "Progressing", stage.claims(ns, "orders"));

        stage.stop();
        stage.patchSpec(stage.claims(ns, "orders"), "{connections: 5}");
        captured.add("edited", "Progressing", stage.claims(ns, "orders"));
        stage.patchSpec(stage.policies("baseline"), "{enforcement: Warn}");
        captured.add("edited", "Progressing", stage.policies("baseline"));
    }

    private static boolean is(List<Condition> conditions, String type, String status) {
        return conditions.stream()
                .anyMatch(c -> c.type().equals(type) && c.status().equals(status));
    }

    /** Waits until it says so about its latest generation. */
    private static <T extends HasMetadata> Resource<T> says(Resource<T> resource, String type, String status) {
        Seen.until(
                resource,
                object -> {
                    var seen = CapturedObjects.conditions(object);
                    return CapturedObjects.isObserved(object) && is(seen, type, status);
                },
                "it says %s=%s".formatted(type, status));
        return resource;
    }
}

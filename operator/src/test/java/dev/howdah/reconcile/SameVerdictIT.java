// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.howdah.api.v1alpha1.Condition;
import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.policy.Violation;
import dev.howdah.policy.review.ClaimJudge.Judgement;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The door and the reconciler judge the same 500 claims, and judge them alike: agreed to or not, and why. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameVerdictIT {
    private static final int TOGETHER = 400;
    private static final int ONE_BY_ONE = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final long seed = Long.getLong("howdah.seed", 1795545892462L);
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Stage stage = Stage.open();
    private final GeneratedSpecs specs =
            new GeneratedSpecs(seed, List.of(stage.named("standard"), stage.named("plain"), "no-such-class"));

    @BeforeAll
    void offer() throws Exception {
        System.out.println("SameVerdictIT: -Dhowdah.seed=" + seed);
        stage.server("main", postgres);
        stage.classOn("standard", "main", "majorVersions: [17, 18]", "defaults: {majorVersion: 18}");
        // An admin that is no superuser cannot do all that a policy lets through.
        var other = TestPostgres.start(PostgresOptions.major(18).with("cluster_name", "plain"));
        stage.plainServer("plain", other);
        stage.classOn("plain", "plain", "majorVersions: [18]");
        plain = other;

        policy("strict", "Enforce", "target: {}", """
                limits:
                  parameters: {work_mem: {max: 64MB}, statement_timeout: {min: 1s, max: 1h}}
                  extensions: [{name: pg_trgm, retireTime: "2099-01-01T00:00:00Z"}, {name: hstore, retireTime: "2026-01-01T00:00:00Z"}, {name: dblink}, {name: nosuchthing}]
                  storage: {max: 20Gi}
                  connections: {max: 50}""");
        policy("gentle", "Warn", "target: {}", """
                limits: {storage: {max: 10Gi}, accessRoles: [Owner, ReadOnly], deletionPolicies: [Retain]}""");
        policy("silent", "Audit", "target: {}", "limits: {connections: {max: 5}}");
        policy("offer", "Enforce", "target: {}", """
                defaults: {parameters: {idle_in_transaction_session_timeout: 5min}}
                limits: {parameters: {log_min_duration_statement: {min: 100ms}}}""");
        policy(
                "quota",
                "Enforce",
                "target: {namespaceSelector: {matchLabels: {quota: %s}}}".formatted(stage.id),
                "quota: {databases: 12, storage: 60Gi, connections: 150}");
        stage.serverSays("main", "True", dev.howdah.api.v1alpha1.Reason.Connected);
        stage.serverSays("plain", "True", dev.howdah.api.v1alpha1.Reason.Connected);
    }

    private TestPostgres plain = postgres;

    private void policy(String name, String enforcement, String target, String spec) {
        stage.policy(name, enforcement, target, spec.lines().toArray(String[]::new));
        Seen.until(
                stage.policies(name),
                policy -> policy.getStatus() != null
                        && Seen.is(
                                policy.getStatus().conditions(),
                                "Accepted",
                                "True",
                                dev.howdah.api.v1alpha1.Reason.Valid),
                name + " is valid");
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
        plain.close();
    }

    private DatabaseClaim claim(String namespace, String name, String spec) {
        return Serialization.unmarshal("""
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: %s, namespace: %s, uid: %s}
                spec: %s
                """.formatted(name, namespace, UUID.randomUUID(), spec), DatabaseClaim.class);
    }

    /** The API server gives it a UID of its own, as it does before it asks a webhook. */
    private void create(DatabaseClaim claim) {
        claim.getMetadata().setUid(null);
        stage.client.resource(claim).create();
    }

    private Judgement judge(DatabaseClaim claim) {
        var judgement = new ArrayList<Judgement>();
        await().atMost(Stage.LONG).until(() -> {
            stage.judge().judge(claim).ifPresent(judgement::add);
            return !judgement.isEmpty();
        });
        return judgement.getFirst();
    }

    @Test
    void claims_that_are_new() {
        var namespace = stage.namespace("verdict");
        var judged = new LinkedHashMap<String, Judgement>();
        var asked = new LinkedHashMap<String, String>();
        for (int i = 0; i < TOGETHER; i++) {
            var spec = specs.next();
            var claim = claim(namespace, "c" + i, spec);
            asked.put("c" + i, spec);
            judged.put("c" + i, judge(claim));
        }
        asked.forEach((name, spec) -> create(claim(namespace, name, spec)));
        var decided = decided(namespace, asked.size());
        assertAlike(judged, decided, asked);
        assertThat(judged.values().stream().filter(Judgement::admitted).count())
                .as("a fair part of the generated claims is agreed to")
                .isBetween(TOGETHER / 10L, TOGETHER * 9L / 10);
    }

    @Test
    void claims_under_a_quota_and_their_changes() {
        var namespace = stage.namespace("quota-" + stage.id, Map.of("quota", stage.id));
        for (int i = 0; i < ONE_BY_ONE; i++) {
            var spec = specs.next();
            // Every third is a change of an earlier one.
            var earlier = i % 3 == 2;
            var name = "c" + (earlier ? i - 2 : i);
            var claim = claim(namespace, name, spec);
            Judgement judgement;
            if (earlier) {
                var changed = stage.claims(namespace, name).get();
                if (changed.getStatus().server() != null && fixed(changed, claim)) {
                    continue;
                }
                changed.setSpec(claim.getSpec());
                judgement = judge(changed);
                stage.claims(namespace, name).edit(c -> {
                    c.setSpec(claim.getSpec());
                    return c;
                });
            } else {
                judgement = judge(claim);
                create(claim);
            }
            var decided =
                    Seen.until(stage.claims(namespace, name), SameVerdictIT::isDecided, name + " is decided about");
            assertAlike(Map.of(name, judgement), Map.of(name, decided), Map.of(name, spec));
        }
    }

    /** What the schema itself refuses on a bound claim never gets to either. */
    private static boolean fixed(DatabaseClaim before, DatabaseClaim after) {
        return !java.util.Objects.equals(
                        before.getSpec().className(), after.getSpec().className())
                || !java.util.Objects.equals(
                        before.getSpec().majorVersion(), after.getSpec().majorVersion());
    }

    private Map<String, DatabaseClaim> decided(String namespace, int claims) {
        var decided = new TreeMap<String, DatabaseClaim>();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            stage.client.resources(DatabaseClaim.class).inNamespace(namespace).list().getItems().stream()
                    .filter(SameVerdictIT::isDecided)
                    .forEach(claim -> decided.put(claim.getMetadata().getName(), claim));
            assertThat(decided).hasSize(claims);
        });
        return decided;
    }

    private static boolean isDecided(DatabaseClaim claim) {
        var status = claim.getStatus();
        return status != null
                && claim.getMetadata().getGeneration().equals(status.observedGeneration())
                && status.conditions() != null
                && status.conditions().stream().anyMatch(c -> c.type().equals("Accepted"));
    }

    private void assertAlike(
            Map<String, Judgement> judged, Map<String, DatabaseClaim> decided, Map<String, String> asked) {
        var different = new ArrayList<String>();
        judged.forEach((name, judgement) -> {
            var claim = decided.get(name);
            var atTheDoor = words(judgement);
            var inside = words(Seen.condition(claim, "Accepted"));
            if (!atTheDoor.equals(inside)) {
                different.add("%s %s: at the door %s %s, inside %s"
                        .formatted(name, asked.get(name), atTheDoor, reasons(judgement.refused()), inside));
            } else if (judgement.admitted()
                    && Seen.condition(claim, "Compliant").status().equals("True")
                            != judgement.warned().isEmpty()) {
                different.add("%s %s: warned of %s, but Compliant=%s"
                        .formatted(
                                name,
                                asked.get(name),
                                reasons(judgement.warned()),
                                Seen.condition(claim, "Compliant")));
            }
        });
        assertThat(different).as("seed " + seed).isEmpty();
    }

    private static String words(Judgement judgement) {
        return judgement.admitted()
                ? "True"
                : "False " + judgement.refused().getFirst().reason();
    }

    private static String words(Condition accepted) {
        return accepted.status().equals("True") ? "True" : "False " + accepted.reason();
    }

    private static List<String> reasons(List<Violation> violations) {
        return violations.stream().map(v -> v.reason() + " " + v.path()).toList();
    }
}

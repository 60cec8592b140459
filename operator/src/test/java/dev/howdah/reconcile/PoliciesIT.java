// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Howdah;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Policies and waivers as a DBA writes them and a team meets them, on a running operator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoliciesIT {
    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Stage stage = Stage.open();

    @BeforeAll
    void offer() {
        stage.server("main", postgres);
        stage.classOn("standard", "main");
    }

    @AfterEach
    void withdraw() {
        stage.withdrawPolicies();
    }

    @AfterAll
    void end() {
        stage.close();
        postgres.close();
    }

    private String labelled(String name) {
        return stage.namespace(name + "-" + stage.id, Map.of("policy", stage.named(name)));
    }

    private void policy(String name, String enforcement, String... spec) {
        stage.policy(
                name,
                enforcement,
                "target: {namespaceSelector: {matchLabels: {policy: %s}}}".formatted(stage.named(name)),
                spec);
    }

    private DatabasePolicy says(String name, String accepted, Reason reason) {
        return Seen.until(
                stage.policies(name),
                policy -> policy.getStatus() != null
                        && policy.getMetadata()
                                .getGeneration()
                                .equals(policy.getStatus().observedGeneration())
                        && Seen.is(policy.getStatus().conditions(), "Accepted", accepted, reason),
                name + " says " + reason);
    }

    private DatabaseClaim complies(String ns, String name, String status, Reason reason) {
        return Seen.until(
                stage.claims(ns, name),
                claim -> claim.getStatus() != null
                        && Seen.is(claim.getStatus().conditions(), "Compliant", status, reason),
                name + " is Compliant=" + status + " because of " + reason);
    }

    private String shows(String ns, String claim, String parameter) throws Exception {
        var secret =
                stage.client.secrets().inNamespace(ns).withName(claim + "-db").get();
        try (var session = Sql.login(postgres, secret);
                var statement = session.createStatement();
                var result = statement.executeQuery("SHOW " + parameter)) {
            result.next();
            return result.getString(1);
        }
    }

    @Test
    void valuesOfAllLayersAreInForceAndSayWhereTheyComeFrom() throws Exception {
        var ns = labelled("layers");
        policy(
                "layers",
                "Enforce",
                "defaults: {parameters: {idle_in_transaction_session_timeout: 5min}}",
                "overrides: {parameters: {log_min_duration_statement: 500ms, maintenance_work_mem: 65536kB}}");
        stage.claim(
                ns, "orders", "standard", "storage: 2Gi", "parameters: {work_mem: 32768, maintenance_work_mem: 1GB}");
        var claim = stage.ready(ns, "orders");
        assertThat(claim.getStatus().effective())
                .contains(
                        new EffectiveValue("parameters.work_mem", "32MB", "DatabaseClaim"),
                        new EffectiveValue(
                                "parameters.maintenance_work_mem", "64MB", "DatabasePolicy/" + stage.named("layers")),
                        new EffectiveValue(
                                "parameters.log_min_duration_statement",
                                "500ms",
                                "DatabasePolicy/" + stage.named("layers")),
                        new EffectiveValue(
                                "parameters.idle_in_transaction_session_timeout",
                                "5min",
                                "DatabasePolicy/" + stage.named("layers")),
                        new EffectiveValue("storage", "2Gi", "DatabaseClaim"));
        assertThat(shows(ns, "orders", "work_mem")).isEqualTo("32MB");
        assertThat(shows(ns, "orders", "maintenance_work_mem")).isEqualTo("64MB");
        assertThat(shows(ns, "orders", "log_min_duration_statement")).isEqualTo("500ms");
        assertThat(says("layers", "True", Reason.Valid).getStatus().targets()).isEqualTo(1);
        assertThat(Sql.ledger(
                        postgres,
                        "SELECT DISTINCT policies ->> 'DatabasePolicy/%s' FROM howdah.journal WHERE claim = '%s/orders'"
                                .formatted(stage.named("layers"), ns)))
                .containsExactly("1");

        // Parameters are live: an edit of the policy reaches the running database, and its end gives the claim its
        // word.
        stage.patchSpec(stage.policies("layers"), "{overrides: {parameters: {maintenance_work_mem: 32MB}}}");
        Seen.until(
                stage.claims(ns, "orders"),
                c -> c.getStatus().effective().stream()
                        .anyMatch(v -> v.path().equals("parameters.maintenance_work_mem")
                                && v.value().equals("32MB")),
                "the override of the edited policy");
        assertThat(shows(ns, "orders", "maintenance_work_mem")).isEqualTo("32MB");
        stage.withdrawPolicies();
        Seen.until(
                stage.claims(ns, "orders"),
                c -> c.getStatus()
                        .effective()
                        .contains(new EffectiveValue("parameters.maintenance_work_mem", "1GB", "DatabaseClaim")),
                "the claim's own value again");
        assertThat(shows(ns, "orders", "maintenance_work_mem")).isEqualTo("1GB");
        assertThat(shows(ns, "orders", "log_min_duration_statement")).isEqualTo("-1");
    }

    @Test
    void aNewSpecThatBreaksALimitIsRefusedAndWhatRunsGoesOn() throws Exception {
        var ns = labelled("refusal");
        policy("refusal", "Enforce", "limits: {parameters: {work_mem: {max: 64MB}}, extensions: [{name: pg_trgm}]}");
        stage.claim(ns, "bad", "standard", "parameters: {work_mem: 128MB}", "extensions: [{name: hstore}]");
        var bad = stage.says(ns, "bad", "False", Reason.ParameterOutOfRange);
        assertThat(Seen.condition(bad, "Accepted").message())
                .contains("`parameters.work_mem`: 128MB, must be at most 64MB (policy \"" + stage.named("refusal")
                        + "\")")
                .contains("`extensions`: \"hstore\" is not allowed here");
        assertThat(Seen.condition(bad, "Stalled").status()).isEqualTo("True");
        assertThat(bad.getStatus().violations())
                .hasSize(2)
                .allSatisfy(violation -> assertThat(violation.mode()).isEqualTo(Enforcement.Enforce));
        assertThat(Sql.databases(postgres)).noneMatch(name -> name.startsWith(ns + "_"));

        stage.claim(ns, "orders", "standard", "parameters: {work_mem: 32MB}");
        stage.ready(ns, "orders");
        stage.patchSpec(stage.claims(ns, "orders"), "{parameters: {work_mem: 1GB}}");
        stage.says(ns, "orders", "False", Reason.ParameterOutOfRange);
        assertThat(shows(ns, "orders", "work_mem")).isEqualTo("32MB");
        // The Secret of what runs is still kept.
        stage.client.secrets().inNamespace(ns).withName("orders-db").delete();
        Seen.until(stage.client.secrets().inNamespace(ns).withName("orders-db"), secret -> true, "the Secret again");
        assertThat(shows(ns, "orders", "work_mem")).isEqualTo("32MB");
        stage.patchSpec(stage.claims(ns, "orders"), "{parameters: {work_mem: 64MB}}");
        stage.ready(ns, "orders");
        assertThat(shows(ns, "orders", "work_mem")).isEqualTo("64MB");
    }

    @Test
    void tighteningTakesNothingAwayAndOnlyWhatCompliesIsAppliedFromThenOn() throws Exception {
        var ns = labelled("tighten");
        stage.claim(ns, "orders", "standard", "parameters: {work_mem: 256MB}", "connections: 30");
        stage.ready(ns, "orders");
        policy("tighten", "Enforce", "limits: {parameters: {work_mem: {max: 64MB}}, connections: {max: 10}}");
        var claim = complies(ns, "orders", "False", Reason.PolicyViolation);
        assertThat(Seen.condition(claim, "Ready").status()).isEqualTo("True");
        assertThat(Seen.condition(claim, "Accepted").status()).isEqualTo("True");
        assertThat(shows(ns, "orders", "work_mem")).isEqualTo("256MB");
        assertThat(claim.getStatus().connections()).isEqualTo(30);
        assertThat(says("tighten", "True", Reason.Valid).getStatus().violating())
                .isEqualTo(1);

        stage.patchSpec(stage.claims(ns, "orders"), "{schemas: [public, audit]}");
        stage.ready(ns, "orders");
        stage.patchSpec(stage.claims(ns, "orders"), "{parameters: {work_mem: 512MB}}");
        stage.says(ns, "orders", "False", Reason.ParameterOutOfRange);
        assertThat(shows(ns, "orders", "work_mem")).isEqualTo("256MB");
        stage.patchSpec(stage.claims(ns, "orders"), "{parameters: {work_mem: 128MB}}");
        stage.ready(ns, "orders");
        assertThat(shows(ns, "orders", "work_mem")).isEqualTo("128MB");
        stage.patchSpec(stage.claims(ns, "orders"), "{parameters: {work_mem: 64MB}, connections: 10}");
        complies(ns, "orders", "True", Reason.Valid);
    }

    @Test
    void aWaiverLiftsUntilItEndsAndThenValuesGoBackToTheLimit() throws Exception {
        var ns = labelled("waived");
        policy("waived", "Enforce", "limits: {parameters: {work_mem: {max: 64MB}}, connections: {max: 10}}");
        stage.claim(ns, "orders", "standard", "parameters: {work_mem: 200MB}", "connections: 15");
        stage.says(ns, "orders", "False", Reason.ParameterOutOfRange);
        stage.waiver(
                "quarter-end",
                ns,
                "orders",
                stage.clock.instant().plus(Duration.ofHours(100)),
                "{parameters: {work_mem: {max: 256MB}}, connections: {max: 20}}");
        stage.ready(ns, "orders");
        complies(ns, "orders", "True", Reason.Valid);
        assertThat(shows(ns, "orders", "work_mem")).isEqualTo("200MB");

        stage.stop();
        stage.clock.advance(Duration.ofHours(101));
        stage.start();
        var claim = complies(ns, "orders", "False", Reason.WaiverExpired);
        assertThat(Seen.condition(claim, "Accepted").status()).isEqualTo("True");
        Seen.until(
                stage.claims(ns, "orders"),
                c -> c.getStatus()
                        .effective()
                        .contains(new EffectiveValue("parameters.work_mem", "64MB", "DatabaseClaim")),
                "the value at the limit");
        assertThat(shows(ns, "orders", "work_mem")).isEqualTo("64MB");
        assertThat(stage.claims(ns, "orders").get().getStatus().connections()).isEqualTo(10);

        // A policy that does not bite for a while does not make good what only the waiver allowed.
        stage.patchSpec(stage.policies("waived"), "{enforcement: Warn}");
        says("waived", "True", Reason.Valid);
        stage.patchSpec(stage.policies("waived"), "{enforcement: Enforce}");
        says("waived", "True", Reason.Valid);
        Seen.until(
                stage.claims(ns, "orders"),
                c -> c.getStatus()
                        .effective()
                        .contains(new EffectiveValue("parameters.work_mem", "64MB", "DatabaseClaim")),
                "the value at the limit again");
        complies(ns, "orders", "False", Reason.WaiverExpired);
    }

    @Test
    void aFaultyEditChangesNothing() throws Exception {
        var ns = labelled("typo");
        policy(
                "typo",
                "Enforce",
                "limits: {parameters: {work_mem: {max: 64MB}}}",
                "overrides: {parameters: {lock_timeout: 7s}}");
        stage.claim(ns, "orders", "standard");
        stage.ready(ns, "orders");
        stage.patchSpec(stage.policies("typo"), "{limits: {parameters: {work_memm: {max: 64MB}}}}");
        says("typo", "False", Reason.Invalid);
        stage.claim(ns, "greedy", "standard", "parameters: {work_mem: 8GB}");
        stage.says(ns, "greedy", "False", Reason.ParameterOutOfRange);
        assertThat(shows(ns, "orders", "lock_timeout")).isEqualTo("7s");
    }

    @Test
    void whoSaysRetainLastKeepsTheDatabaseThoughTheSpecIsRefused() throws Exception {
        var ns = labelled("keep");
        stage.classOn("brief", "main", "retainFor: \"0\"");
        stage.claim(ns, "orders", "brief", "deletionPolicy: Delete");
        stage.ready(ns, "orders");
        stage.patchSpec(stage.claims(ns, "orders"), "{deletionPolicy: Retain, parameters: {nosuch: 1}}");
        stage.says(ns, "orders", "False", Reason.ParameterUnknown);
        stage.claims(ns, "orders").delete();
        Seen.gone(stage.claims(ns, "orders"));
        Thread.sleep(3000);
        assertThat(Sql.databases(postgres)).contains(ns + "_orders");
        assertThat(Sql.ledger(postgres, "SELECT drop_after FROM howdah.claim WHERE namespace = '" + ns + "'"))
                .containsExactly("null");
    }

    @Test
    void warnLetsThroughAndAuditOnlyCounts() {
        var ns = labelled("watch");
        policy(
                "watch",
                "Audit",
                "limits: {parameters: {work_mem: {max: 64MB}}}",
                "overrides: {parameters: {work_mem: 1MB}}");
        stage.claim(ns, "orders", "standard", "parameters: {work_mem: 100MB}");
        var claim = stage.ready(ns, "orders");
        assertThat(Seen.condition(claim, "Compliant").status()).isEqualTo("True");
        assertThat(claim.getStatus().violations()).isNullOrEmpty();
        Seen.until(
                stage.policies("watch"),
                policy -> policy.getStatus() != null
                        && Integer.valueOf(1).equals(policy.getStatus().violating()),
                "counts the claim");
        stage.patchSpec(stage.policies("watch"), "{enforcement: Warn}");
        var warned = complies(ns, "orders", "False", Reason.PolicyViolation);
        assertThat(Seen.condition(warned, "Ready").status()).isEqualTo("True");
        assertThat(warned.getStatus().violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.reason()).isEqualTo(Reason.ParameterOutOfRange));
    }

    /** Pausing lets a claim out of a policy until it goes on, so the policy does not say that it is in force. */
    @Test
    void aPausedClaimIsToldAsNotReached() throws Exception {
        var ns = labelled("paused");
        for (var name : List.of("orders", "bills")) {
            stage.claim(ns, name, "standard");
            stage.ready(ns, name);
        }
        stage.annotate(stage.claims(ns, "orders"), Howdah.PAUSED, "true");
        Seen.until(
                stage.claims(ns, "orders"),
                claim -> Seen.is(claim.getStatus().conditions(), "Ready", "True", Reason.Paused),
                "it says that it is paused");
        policy("paused", "Enforce", "overrides: {parameters: {lock_timeout: 7s}}");
        var partly = programmed("paused", "False", Reason.PartiallyProgrammed);
        assertThat(partly.getStatus().targets()).isEqualTo(2);
        assertThat(Seen.condition(partly.getStatus().conditions(), "Programmed").message())
                .contains("1 of 2 claims in its target are paused", Howdah.PAUSED);
        assertThat(Seen.condition(partly.getStatus().conditions(), "Accepted").status())
                .isEqualTo("True");
        assertThat(shows(ns, "orders", "lock_timeout")).isEqualTo("0");
        stage.annotate(stage.claims(ns, "orders"), Howdah.PAUSED, null);
        programmed("paused", "True", Reason.Valid);
        stage.ready(ns, "orders");
        assertThat(shows(ns, "orders", "lock_timeout")).isEqualTo("7s");
    }

    private DatabasePolicy programmed(String name, String status, Reason reason) {
        return Seen.until(
                stage.policies(name),
                policy -> policy.getStatus() != null
                        && Seen.is(policy.getStatus().conditions(), "Programmed", status, reason),
                name + " is Programmed=" + status + " because of " + reason);
    }

    @Test
    void anInvalidPolicyNamesEveryFaultAndChangesNothing() {
        var ns = labelled("faulty");
        policy(
                "faulty",
                "Enforce",
                "limits: {parameters: {work_mme: {max: 64MB}, work_mem: {min: 2GB, max: 64MB}, statement_timeout: {max: 30MB}}}",
                "overrides: {parameters: {shared_buffers: 1GB}}");
        var policy = says("faulty", "False", Reason.Invalid);
        assertThat(Seen.condition(policy.getStatus().conditions(), "Accepted").message())
                .contains("work_mme", "did you mean work_mem", "min", "statement_timeout", "shared_buffers", "restart");
        stage.claim(ns, "orders", "standard", "parameters: {work_mem: 1GB}");
        stage.ready(ns, "orders");
    }

    @Test
    void aQuotaIsHeldByTheFirstAndGivesWayWhenItIsRaised() {
        var ns = labelled("quota");
        policy("quota", "Enforce", "quota: {databases: 2, storage: 30Gi}");
        stage.claim(ns, "a", "standard", "storage: 10Gi");
        stage.ready(ns, "a");
        stage.claim(ns, "b", "standard", "storage: 25Gi");
        var b = stage.says(ns, "b", "False", Reason.QuotaExceeded);
        assertThat(Seen.condition(b, "Ready").message()).contains("`storage`: 25Gi wanted", "has 20Gi of 30Gi left");
        // One that does not fit does not block a smaller one.
        stage.claim(ns, "c", "standard", "storage: 5Gi");
        stage.ready(ns, "c");
        stage.claims(ns, "c").delete();
        Seen.gone(stage.claims(ns, "c"));
        stage.claim(ns, "d", "standard");
        var d = stage.says(ns, "d", "False", Reason.QuotaExceeded);
        assertThat(Seen.condition(d, "Ready").message()).contains("1 retained database holds", ": c");
        stage.patchSpec(stage.policies("quota"), "{quota: {databases: 4, storage: 100Gi}}");
        stage.ready(ns, "b");
        stage.ready(ns, "d");
    }
}

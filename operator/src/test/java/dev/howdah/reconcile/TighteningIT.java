// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaim;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.testenv.PostgresOptions;
import dev.howdah.testenv.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A policy edit over many live claims drops, closes and shrinks nothing; and a database that fills its budget is told of.
 * {@code -Dhowdah.tighten.claims=1000} asks for more claims than the usual run has time for.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TighteningIT {
    private static final int CLAIMS = Integer.getInteger("howdah.tighten.claims", 60);

    private final TestPostgres postgres = TestPostgres.start(PostgresOptions.major(18));
    private final Stage stage = Stage.open(new Settings(
            "", Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofSeconds(1), 90));

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

    private List<DatabaseClaim> claims(String ns) {
        return stage.client
                .resources(DatabaseClaim.class)
                .inNamespace(ns)
                .list()
                .getItems();
    }

    /** Whatever PostgreSQL keeps about databases, roles, settings and memberships. */
    private List<String> state() {
        return Sql.rows(postgres, "postgres", """
                SELECT concat_ws(' ', 'database', datname, datconnlimit, datallowconn, datacl) FROM pg_database
                UNION ALL SELECT concat_ws(' ', 'role', rolname, rolcanlogin, rolconnlimit) FROM pg_roles
                UNION ALL SELECT concat_ws(' ', 'setting', setdatabase, setrole, setconfig) FROM pg_db_role_setting
                UNION ALL SELECT concat_ws(' ', 'member', roleid, member) FROM pg_auth_members ORDER BY 1""");
    }

    @Test
    void aPolicyEditTakesNothingAwayFromAnyLiveClaim() {
        var ns = stage.namespace("many-" + stage.id, Map.of("policy", stage.named("many")));
        for (int i = 0; i < CLAIMS; i++) {
            stage.claim(ns, "c" + i, "standard", "parameters: {work_mem: 128MB}", "connections: 7", "storage: 4Gi");
        }
        Seen.untilTrue(
                () -> claims(ns).stream()
                        .allMatch(claim -> claim.getStatus() != null
                                && Seen.is(claim.getStatus().conditions(), "Ready", "True", Reason.Provisioned)),
                "all are ready");
        var before = state();
        stage.policy(
                "many",
                "Enforce",
                "target: {namespaceSelector: {matchLabels: {policy: %s}}}".formatted(stage.named("many")),
                "limits: {parameters: {work_mem: {max: 64MB}}, connections: {max: 5}, storage: {max: 1Gi}, accessRoles: [ReadOnly], majorVersions: [17], classNames: [none], extensions: [], deletionPolicies: [Delete]}",
                "quota: {databases: 1}");
        Seen.untilTrue(
                () -> {
                    var status = stage.policies("many").get().getStatus();
                    return status != null && Objects.equals(status.violating(), CLAIMS);
                },
                "every claim is counted");
        Seen.untilTrue(
                () -> claims(ns).stream()
                        .allMatch(claim ->
                                Seen.is(claim.getStatus().conditions(), "Compliant", "False", Reason.PolicyViolation)),
                "every claim says so");
        for (var claim : claims(ns)) {
            assertThat(Seen.condition(claim, "Ready").status()).isEqualTo("True");
            assertThat(Seen.condition(claim, "Accepted").status()).isEqualTo("True");
            assertThat(claim.getStatus().effective())
                    .contains(new EffectiveValue("parameters.work_mem", "128MB", "DatabaseClaim"));
        }
        assertThat(state()).isEqualTo(before);
        assertThat(stage.policies("many").get().getStatus().violations()).hasSize(20);
    }

    @Test
    void aDatabaseThatFillsItsBudgetIsToldOfAtEightyAndAtAHundredPercent() {
        var ns = stage.namespace("budget");
        stage.claim(ns, "orders", "standard", "storage: 12Mi");
        stage.ready(ns, "orders");
        fill(ns, "first", 3);
        var most = stage.says(ns, "orders", "True", Reason.StorageBudgetExceeded);
        assertThat(Seen.condition(most, "Ready").message()).contains("80 % or more", "12Mi", "`storage`");
        fill(ns, "second", 3);
        Seen.until(
                stage.claims(ns, "orders"),
                claim -> Seen.condition(claim, "Ready").message().contains("all or more"),
                "the budget is used up");
        assertThat(stage.reasons(stage.claims(ns, "orders").get()))
                .filteredOn(reason -> reason.equals(Reason.StorageBudgetExceeded.name()))
                .hasSize(2);
        stage.patchSpec(stage.claims(ns, "orders"), "{storage: 1Gi}");
        stage.ready(ns, "orders");
    }

    private void fill(String ns, String table, int megabytes) {
        Sql.run(
                postgres,
                ns + "_orders",
                "CREATE TABLE %s AS SELECT repeat('x', 1000) FROM generate_series(1, %d)"
                        .formatted(table, megabytes * 1000));
    }
}

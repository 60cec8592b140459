// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims with a database, as their status tells: a rule that comes later takes nothing away. */
class BoundClaimsTest {
    private static final String THERE = """
            apiVersion: howdah.dev/v1alpha1
            kind: DatabaseClass
            metadata: {name: standard, annotations: {howdah.dev/is-default-class: "true"}}
            spec: {serverSelector: {}, majorVersions: [17, 18]}
            ---
            apiVersion: howdah.dev/v1alpha1
            kind: DatabaseClaim
            metadata: {name: orders, namespace: shop, generation: 2, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec:
              storage: 40Gi
              parameters: {work_mem: %s}
            status:
              className: standard
              connections: 20
              server: {name: pg, version: "17.2"}
              conditions:
              - {type: Ready, status: "True", reason: Provisioned, message: "", lastTransitionTime: "2026-01-01T00:00:00Z"}
              - {type: Accepted, status: "%s", observedGeneration: 2, reason: ParameterOutOfRange, message: said, lastTransitionTime: "2026-01-01T00:00:00Z"}
              effective:
              - {path: storage, value: 40Gi, source: DatabaseClaim}
              - {path: parameters.work_mem, value: 64MB, source: DatabaseClaim}
            """;

    private static final String POLICY = """
            apiVersion: howdah.dev/v1alpha1
            kind: DatabasePolicy
            metadata: {name: tight}
            spec:
              enforcement: Enforce
              overrides: {parameters: {log_min_duration_statement: 1s}}
              limits:
                storage: {max: 10Gi}
                parameters: {work_mem: {max: 32MB}}
            """;

    @TempDir
    Path folder;

    private String there = "";
    private String policy = "";

    @BeforeEach
    void files() throws IOException {
        there = Files.writeString(folder.resolve("there.yaml"), THERE.formatted("64MB", "True"))
                .toString();
        policy = Files.writeString(folder.resolve("policy.yaml"), POLICY).toString();
    }

    @Test
    void a_running_claim_stands_and_no_longer_complies() {
        var outcome = new Terminal().run("impact", "-f", policy, "--against", there);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("shop/orders goes on, but would no longer comply")
                .contains("`storage`: 40Gi, must be at most 10Gi")
                .contains("parameters.log_min_duration_statement  built-in  1s  a reconnect")
                .doesNotContain("parameters.work_mem  64MB");
    }

    @Test
    void each_claim_counts_once_in_the_sum() throws IOException {
        var audit = Files.writeString(
                        folder.resolve("audit.yaml"), POLICY.replace("enforcement: Enforce", "enforcement: Audit"))
                .toString();
        assertThat(new Terminal()
                        .run("impact", "-f", policy, "--against", there)
                        .out()
                        .replaceAll("\\s+", " "))
                .contains("Of 1 claim: 0 would be denied, 1 would no longer comply, 0 would be accepted, "
                        + "0 would have other values, 0 untouched.");
        assertThat(new Terminal()
                        .run("impact", "-f", audit, "--against", there)
                        .out()
                        .replaceAll("\\s+", " "))
                .contains("0 would have other values, 1 would break other rules, 0 untouched.");
    }

    @Test
    void a_quota_counts_what_is_there_and_what_is_kept_and_not_what_waits() throws IOException {
        var more = Files.writeString(folder.resolve("more.yaml"), """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabaseClaim
                metadata: {name: waits, namespace: shop, generation: 1, creationTimestamp: "2026-01-02T00:00:00Z"}
                spec: {connections: 30}
                status:
                  observedGeneration: 1
                  conditions:
                  - {type: Ready, status: "False", reason: NoCapacity, message: "", lastTransitionTime: "2026-01-01T00:00:00Z"}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: DatabasePolicy
                metadata: {name: quota}
                spec: {enforcement: Enforce, target: {}, quota: {databases: 10, connections: 100}}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: PostgresServer
                metadata: {name: pg}
                spec: {external: {host: pg, adminSecretRef: {name: pg}}}
                status:
                  systemIdentifier: "7"
                  retainedDatabases: 1
                  retained:
                  - {database: shop_old, claimRef: {namespace: shop, name: old}, because: ClaimDeleted, sinceTime: "2026-01-01T00:00:00Z"}
                """).toString();
        var offer = new Terminal().run("offer", "-n", "shop", "-f", there, "-f", more);
        assertThat(offer.out().replaceAll("\\s+", " "))
                .contains("databases 2 10 8 quota", "connections 20 100 80 quota")
                .contains("databases whose claims were deleted count too: shop_old;")
                .contains("claims that wait and would fit are not counted yet: waits")
                .doesNotContain("less may be left");
    }

    @Test
    void the_version_is_that_of_its_server() {
        assertThat(new Terminal().run("why", "shop/orders", "-f", there).out())
                .contains("class standard, PostgreSQL 17, on server pg");
    }

    @Test
    void what_is_in_force_and_what_comes() {
        var outcome = new Terminal().run("why", "shop/orders", "-f", there, "-f", policy);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .startsWith("shop/orders: agreed to, but does not comply")
                .contains("log_min_duration_statement: in force now: built-in; after the next")
                .contains("Goes through, but breaks");
    }

    @Test
    void a_refused_change_leaves_what_runs() throws IOException {
        Files.writeString(Path.of(there), THERE.formatted("128MB", "False"));
        var outcome = new Terminal().run("why", "shop/orders", "-f", there, "-f", policy);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out())
                .startsWith("shop/orders: refused, what runs goes on as last accepted")
                .contains("parameters.work_mem  64MB  DatabaseClaim (as last accepted)")
                .contains("`parameters.work_mem`: 128MB, must be at most 32MB")
                .contains("Accepted=False, ParameterOutOfRange")
                // What stood before is no reason for the refusal.
                .containsSubsequence(
                        "Refused because", "`parameters.work_mem`", "Goes through, but breaks", "`storage`: 40Gi");
        var chain = new Terminal().run("why", "shop/orders", "work_mem", "-f", there, "-f", policy);
        assertThat(chain.out()).contains("in force now: 64MB, as last accepted");
    }

    @Test
    void a_policy_with_faults_or_against_another_is_not_fine() throws IOException {
        var broken = Files.writeString(folder.resolve("broken.yaml"), """
                apiVersion: howdah.dev/v1alpha1
                kind: DatabasePolicy
                metadata: {name: broken}
                spec: {enforcement: Enforce, limits: {parameters: {wrok_mem: {max: 1MB}}}}
                ---
                apiVersion: howdah.dev/v1alpha1
                kind: DatabasePolicy
                metadata: {name: opposite}
                spec: {enforcement: Enforce, limits: {parameters: {work_mem: {min: 64MB}}}}
                """);
        Files.writeString(folder.resolve("there.yaml"), THERE.formatted("64MB", "True") + "---\n" + POLICY);
        var outcome = new Terminal().run("impact", "-f", broken.toString(), "--against", there);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("DatabasePolicy/broken: `limits.parameters.wrok_mem`")
                .contains("Contradictions")
                .contains("DatabasePolicy/opposite: `limits.parameters.work_mem`");
    }
}

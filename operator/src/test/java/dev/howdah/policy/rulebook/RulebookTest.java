// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rulebook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabasePolicySpec;
import dev.howdah.api.v1alpha1.DatabasePolicySpec.Settings;
import dev.howdah.api.v1alpha1.DatabaseWaiver;
import dev.howdah.api.v1alpha1.DatabaseWaiverSpec;
import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.ParameterLimit;
import dev.howdah.api.v1alpha1.PolicyLimits;
import dev.howdah.policy.Guards;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulebookTest {
    private static List<String> faults(String spec) {
        return faults(Guards.policyOf("p", spec));
    }

    private static List<String> faults(DatabasePolicy policy) {
        var rulebook = Rulebook.of(List.of(policy), List.of());
        assertThat(rulebook.policies()).hasSize(rulebook.policyFaults("p").isEmpty() ? 1 : 0);
        return rulebook.policyFaults("p");
    }

    private static List<String> waiverFaults(String until, String limits) {
        var rulebook = Rulebook.of(List.of(), List.of(Guards.waiverOf("w", until, limits)));
        assertThat(rulebook.waiversOf("shop", "orders"))
                .hasSize(rulebook.waiverFaults("w").isEmpty() ? 1 : 0);
        return rulebook.waiverFaults("w");
    }

    @Test
    void one_without_faults() {
        assertThat(faults("""
                        enforcement: Enforce
                        target: {namespaceSelector: {matchLabels: {env: prod}}, classNames: [standard]}
                        priority: 100
                        defaults: {parameters: {idle_in_transaction_session_timeout: 5min}}
                        overrides: {parameters: {log_min_duration_statement: 500ms}}
                        limits:
                          parameters:
                            work_mem: {max: 64MB}
                            statement_timeout: {min: 1s, max: 5min}
                          otherParameters: Deny
                          extensions: [{name: pg_trgm}, {name: hstore, versions: ["1.8"]}]
                          majorVersions: [17, 18]
                          storage: {max: 100Gi}
                          connections: {max: 100}
                        quota: {databases: 0, storage: "0", connections: 400}
                        """)).isEmpty();
        assertThat(faults("limits: {}")).isEmpty();
    }

    @Test
    void every_fault_is_named() {
        assertThat(faults("""
                        target: {namespaceSelector: {matchExpressions: [{key: env, operator: in, values: [prod]}]}}
                        defaults: {parameters: {work_men: 1MB, statement_timeout: 5MB, search_path: x, myapp.x: y}}
                        limits:
                          parameters:
                            work_mem: {min: 2GB, max: 1GB}
                            shared_buffers: {max: 1GB}
                            temp_buffers: {}
                            enable_seqscan: {max: "on"}
                          extensions: [{name: a, versions: []}, {name: b}, {name: b}]
                          storage: {min: 2Gi, max: 1Gi}
                          connections: {min: 9, max: 3}
                        quota: {databases: -1, storage: lots}
                        """))
                .satisfiesExactlyInAnyOrder(
                        fault -> assertThat(fault)
                                .isEqualTo(
                                        "`target.namespaceSelector`: operator \"in\" of label \"env\" is none of In, NotIn, Exists, DoesNotExist"),
                        fault -> assertThat(fault)
                                .startsWith("`defaults.parameters.work_men`: ")
                                .contains("work_mem"),
                        fault -> assertThat(fault)
                                .startsWith("`defaults.parameters.statement_timeout`: \"5MB\" is not a time"),
                        fault -> assertThat(fault)
                                .startsWith("`defaults.parameters.search_path`: ")
                                .contains("cannot be set"),
                        fault -> assertThat(fault).startsWith("`defaults.parameters.myapp.x`: "),
                        fault ->
                                assertThat(fault).isEqualTo("`limits.parameters.work_mem`: min: 2GB is above max: 1GB"),
                        fault -> assertThat(fault)
                                .startsWith("`limits.parameters.shared_buffers`: ")
                                .contains("restart"),
                        fault -> assertThat(fault).startsWith("`limits.parameters.temp_buffers`: nothing is given"),
                        fault -> assertThat(fault)
                                .startsWith("`limits.parameters.enable_seqscan`: max: ")
                                .contains("oneOf"),
                        fault -> assertThat(fault).startsWith("`limits.extensions`: \"a\" allows no version"),
                        fault -> assertThat(fault)
                                .isEqualTo("`limits.extensions`: \"b\" is listed twice; merge the two"),
                        fault -> assertThat(fault)
                                .isEqualTo(
                                        "`limits.storage`: min is above max, so nothing is allowed; lower min or raise max"),
                        fault -> assertThat(fault)
                                .isEqualTo(
                                        "`limits.connections`: min is above max, so nothing is allowed; lower min or raise max"),
                        fault -> assertThat(fault).isEqualTo("`quota.databases`: -1 is below 0"),
                        fault -> assertThat(fault)
                                .isEqualTo("`quota.storage`: \"lots\" is not a size such as 10Gi, 500Mi or 1.5T"));
    }

    @Test
    void a_policy_with_a_fault_says_nothing_and_stops_no_other() {
        var rulebook = Guards.policy("broken", "limits: {parameters: {work_men: {max: 1MB}}, connections: {max: 1}}")
                .and("sound", "limits: {connections: {max: 5}}")
                .rulebook();
        assertThat(rulebook.policies()).extracting(PolicyTerms::name).containsExactly("sound");
        assertThat(rulebook.policyFaults("broken")).hasSize(1);
        assertThat(rulebook.policyFaults("sound")).isEmpty();
        assertThat(rulebook.policy("sound")).isPresent();
        assertThat(rulebook.policy("broken")).isEmpty();
    }

    @Test
    void duplicate_spellings() {
        assertThat(faults("limits: {parameters: {work_mem: {max: 1MB}, Work_Mem: {max: 2MB}}}"))
                .singleElement()
                .asString()
                .contains("is limited twice, in different spellings");
        assertThat(faults("overrides: {parameters: {work_mem: 1MB, WORK_MEM: 2MB}}"))
                .singleElement()
                .asString()
                .contains("is set twice, in different spellings");
    }

    @Test
    void a_policy_that_breaks_its_own_limits() {
        assertThat(faults("overrides: {parameters: {work_mem: 128MB}}\nlimits: {parameters: {work_mem: {max: 64MB}}}"))
                .containsExactly(
                        "`overrides.parameters.work_mem`: 128MB breaks the policy's own limit (at most 64MB); correct one of them");
    }

    @Test
    void a_waiver_has_a_time_and_lifts_something() {
        assertThat(waiverFaults(Guards.TOMORROW, "{connections: {max: 5}}")).isEmpty();
        assertThat(waiverFaults("2026-12-31T00:00:00+02:00", "{connections: {max: 5}}"))
                .isEmpty();
        assertThat(waiverFaults("tomorrow", "{connections: {max: 5}}"))
                .containsExactly("`expirationTime`: \"tomorrow\" is not a time such as 2026-12-31T00:00:00Z");
        assertThat(waiverFaults(Guards.TOMORROW, "{}"))
                .containsExactly("`limits`: nothing is lifted; name at least one limit");
        assertThat(waiverFaults("2026-13-31T00:00:00Z", "{parameters: {work_men: {max: 1MB}}}"))
                .hasSize(2);
    }

    @Test
    void a_waiver_that_ended_is_known_and_lifts_nothing() {
        var rulebook =
                Rulebook.of(List.of(), List.of(Guards.waiverOf("w", Guards.TOMORROW, "{connections: {max: 5}}")));
        assertThat(rulebook.waiversOf("shop", "orders")).hasSize(1);
        assertThat(rulebook.lifted("shop", "orders", Guards.NOW)).isNotEqualTo(Limits.NONE);
        assertThat(rulebook.lifted("shop", "orders", Guards.AFTER_TOMORROW)).isEqualTo(Limits.NONE);
        assertThat(rulebook.lifted("shop", "other", Guards.NOW)).isEqualTo(Limits.NONE);
    }

    @Test
    void the_order_they_come_in_does_not_matter() {
        var one = Guards.policyOf("one", "priority: 1");
        var two = Guards.policyOf("two", "priority: 2");
        var three = Guards.policyOf("three", "priority: 1");
        for (var order : List.of(List.of(one, two, three), List.of(three, two, one), List.of(two, one, three))) {
            assertThat(Rulebook.of(order, List.of()).policies())
                    .extracting(PolicyTerms::name)
                    .containsExactly("two", "one", "three");
        }
    }

    @Test
    void ten_thousand_entries_are_one_fault() {
        var limits = new HashMap<String, ParameterLimit>();
        var settings = new HashMap<String, String>();
        for (int i = 0; i < 10_000; i++) {
            limits.put("work_mem_" + i, new ParameterLimit(null, "1MB", null));
            settings.put("work_mem_" + i, "1MB");
        }
        var policy = new DatabasePolicy();
        policy.setMetadata(new ObjectMetaBuilder().withName("p").build());
        policy.setSpec(new DatabasePolicySpec(
                Enforcement.Enforce,
                null,
                null,
                new Settings(settings, null),
                new Settings(settings, null),
                new PolicyLimits(limits, null, null, null, null, null, null, null, null),
                null));
        assertThat(faults(policy))
                .containsExactly(
                        "`defaults.parameters`: has 10000 entries, at most 256 are taken; make several policies of it",
                        "`overrides.parameters`: has 10000 entries, at most 256 are taken; make several policies of it",
                        "`limits.parameters`: has 10000 entries, at most 256 are taken; make several policies of it");
    }

    @Test
    void nulls_that_only_files_can_have() {
        assertThat(faults("enforcement: null")).containsExactly("`enforcement`: is required");
        assertThat(faults("""
                        target: {namespaceSelector: {matchLabels: {env: null}, matchExpressions: [{operator: In}, null]}, classNames: [null]}
                        defaults: {parameters: {work_mem: null}}
                        overrides: {parameters: null}
                        limits:
                          parameters: {work_mem: null, temp_buffers: {oneOf: [null]}}
                          extensions: [null, {versions: [a]}, {name: b, versions: [null]}]
                          majorVersions: [null]
                          classNames: [null]
                          accessRoles: [null]
                          deletionPolicies: [null]
                          storage: {min: null}
                        quota: {storage: null}
                        """)).hasSizeGreaterThan(10);
        var empty = new DatabasePolicy();
        empty.setMetadata(null);
        assertThat(Rulebook.of(List.of(empty), List.of()).policyFaults("")).containsExactly("`spec`: is required");
        var waiver = new DatabaseWaiver();
        waiver.setMetadata(new ObjectMetaBuilder().withName("w").build());
        assertThat(Rulebook.of(List.of(), List.of(waiver)).waiverFaults("w")).containsExactly("`spec`: is required");
        waiver.setSpec(new DatabaseWaiverSpec(null, null, null, null, null));
        assertThat(Rulebook.of(List.of(), List.of(waiver)).waiverFaults("w"))
                .contains(
                        "`claimRef`: is required",
                        "`owner`: is required",
                        "`reason`: is required",
                        "`expirationTime`: is required");
    }

    @Test
    void a_name_that_is_no_name() {
        assertThat(faults("defaults: {parameters: {" + "x".repeat(1000) + ": a}}"))
                .singleElement()
                .asString()
                .hasSizeLessThan(200)
                .contains("is too long for the name of a parameter");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import static dev.howdah.policy.rule.FindingsOf.broken;
import static dev.howdah.policy.rule.FindingsOf.holds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.ExtensionOffer;
import dev.howdah.policy.Guards;
import dev.howdah.policy.ServerTraits;
import dev.howdah.policy.Violation;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ParameterRulesTest {
    private static final Guards BASELINE = Guards.policy(
            "baseline", "limits: {parameters: {work_mem: {max: 64MB}, statement_timeout: {min: 1s, max: 5min}}}");

    @Test
    void a_value_within_the_limit() {
        holds(BASELINE, "parameters: {work_mem: 64MB, statement_timeout: 5min}");
        holds(BASELINE, "parameters: {WORK_MEM: 65536kB}");
    }

    @Test
    void a_value_beyond_the_limit() {
        var violation = broken(
                BASELINE,
                "parameters: {work_mem: 128MB}",
                Reason.ParameterOutOfRange,
                "parameters.work_mem",
                "`parameters.work_mem`: 128MB, must be at most 64MB (policy \"baseline\"); change it, or ask for a waiver");
        assertThat(violation.policy()).isEqualTo("baseline");
        assertThat(violation.mode()).isEqualTo(Enforcement.Enforce);
        broken(
                BASELINE,
                "parameters: {statement_timeout: 10ms}",
                Reason.ParameterOutOfRange,
                "parameters.statement_timeout",
                "10ms, must be from 1s to 5min");
    }

    @Test
    void without_limit_is_beyond_every_limit() {
        broken(
                BASELINE,
                "parameters: {statement_timeout: \"0\"}",
                Reason.ParameterOutOfRange,
                "parameters.statement_timeout",
                "0 (no limit), must be from 1s to 5min");
    }

    @Test
    void one_of_a_list() {
        var guards = Guards.policy(
                "iso",
                "limits: {parameters: {default_transaction_isolation: {oneOf: [read committed, serializable]}}}");
        holds(guards, "parameters: {default_transaction_isolation: Serializable}");
        broken(
                guards,
                "parameters: {default_transaction_isolation: repeatable read}",
                Reason.ParameterOutOfRange,
                "parameters.default_transaction_isolation",
                "repeatable read, must be one of: read committed, serializable (policy \"iso\")");
    }

    @Test
    void limits_of_all_policies_hold() {
        var guards = BASELINE.and("wide", "priority: 1000\nlimits: {parameters: {work_mem: {max: 1GB}}}");
        broken(
                guards,
                "parameters: {work_mem: 128MB}",
                Reason.ParameterOutOfRange,
                "parameters.work_mem",
                "\"baseline\"");
        assertThat(guards.refused("parameters: {work_mem: 2GB}"))
                .extracting(Violation::policy)
                .containsExactlyInAnyOrder("baseline", "wide");
    }

    @Test
    void two_limits_that_nothing_satisfies_are_both_named() {
        var guards = BASELINE.and("floor", "limits: {parameters: {work_mem: {min: 256MB}}}");
        assertThat(guards.refused("parameters: {work_mem: 128MB}"))
                .extracting(Violation::message)
                .containsExactlyInAnyOrder(
                        "`parameters.work_mem`: 128MB, must be at most 64MB (policy \"baseline\"); policy \"floor\" wants at "
                                + "least 256MB, so no value satisfies both: ask a DBA to correct one of them; change it, or ask "
                                + "for a waiver",
                        "`parameters.work_mem`: 128MB, must be at least 256MB (policy \"floor\"); policy \"baseline\" wants at "
                                + "most 64MB, so no value satisfies both: ask a DBA to correct one of them; change it, or ask "
                                + "for a waiver");
        holds(guards, "{}");
    }

    @Test
    void a_policy_that_only_watches_is_no_contradiction() {
        var guards = BASELINE.and("floor", "enforcement: Audit\nlimits: {parameters: {work_mem: {min: 256MB}}}");
        assertThat(broken(guards, "parameters: {work_mem: 128MB}", Reason.ParameterOutOfRange, "parameters.work_mem")
                        .message())
                .doesNotContain("floor");
    }

    @Test
    void a_parameter_that_does_not_exist() {
        broken(
                Guards.NONE,
                "parameters: {work_men: 1MB}",
                Reason.ParameterUnknown,
                "parameters.work_men",
                "`parameters.work_men`: PostgreSQL 18 has no parameter \"work_men\" (did you mean work_mem",
                "correct the name or leave it out");
        broken(
                Guards.NONE,
                "parameters: {myapp.tenant: a}",
                Reason.ParameterUnknown,
                "parameters.myapp.tenant",
                "belongs to an extension or an application");
    }

    @Test
    void a_parameter_of_another_version() {
        holds(Guards.NONE, "{majorVersion: 17, parameters: {transaction_timeout: 1min}}");
        var old = Guards.ofClass("majorVersions: [15]");
        broken(
                old,
                "parameters: {transaction_timeout: 1min}",
                Reason.ParameterUnknown,
                "parameters.transaction_timeout",
                "PostgreSQL 15 has no parameter \"transaction_timeout\" (17, 18 has); leave it out");
    }

    @Test
    void a_value_that_is_none() {
        broken(
                Guards.NONE,
                "parameters: {work_mem: 5s}",
                Reason.ParameterOutOfRange,
                "parameters.work_mem",
                "\"5s\" is not a size; use a number with one of B, kB, MB, GB, TB, such as 64MB");
        broken(
                Guards.NONE,
                "parameters: {enable_seqscan: maybe}",
                Reason.ParameterOutOfRange,
                "parameters.enable_seqscan",
                "\"maybe\" is neither on nor off");
        broken(
                Guards.NONE,
                "parameters: {work_mem: 99999999999999999999TB}",
                Reason.ParameterOutOfRange,
                "parameters.work_mem",
                "above the largest value PostgreSQL takes");
        broken(
                Guards.NONE,
                "parameters: {work_mem: -1MB}",
                Reason.ParameterOutOfRange,
                "parameters.work_mem",
                "below the smallest value");
    }

    @Test
    void what_nobody_may_set() {
        for (var name : new String[] {"role", "search_path", "session_preload_libraries", "zero_damaged_pages"}) {
            broken(
                    Guards.policy("all", "limits: {otherParameters: Allow}"),
                    "parameters: {" + name + ": \"on\"}",
                    Reason.ParameterNotAllowed,
                    "parameters." + name,
                    "cannot be set",
                    "leave it out");
        }
        broken(
                Guards.NONE,
                "parameters: {shared_buffers: 1GB}",
                Reason.ParameterNotAllowed,
                "parameters.shared_buffers",
                "takes a restart");
    }

    @Test
    void the_same_parameter_in_two_spellings() {
        broken(
                Guards.NONE,
                "parameters: {work_mem: 1MB, Work_Mem: 2MB}",
                Reason.InvalidSpec,
                "parameters.work_mem",
                "\"work_mem\" is there twice, in different spellings; leave one");
    }

    @Test
    void what_takes_a_superuser_needs_somebody_who_names_it() {
        var asked = "parameters: {log_min_duration_statement: 500ms}";
        broken(
                Guards.NONE,
                asked,
                Reason.ParameterNotAllowed,
                "parameters.log_min_duration_statement",
                "only a superuser may set it",
                "ask a DBA to name it");
        holds(Guards.policy("logs", "limits: {parameters: {log_min_duration_statement: {min: 100ms}}}"), asked);
        holds(Guards.policy("logs", "defaults: {parameters: {log_min_duration_statement: 1s}}"), asked);
        holds(Guards.ofClass("majorVersions: [18]\ndefaults: {parameters: {Log_Min_Duration_Statement: 1s}}"), asked);
        holds(
                Guards.NONE.waived("w", Guards.TOMORROW, "{parameters: {log_min_duration_statement: {min: 0ms}}}"),
                asked);
        broken(
                Guards.policy(
                        "logs", "enforcement: Warn\nlimits: {parameters: {log_min_duration_statement: {min: 100ms}}}"),
                asked,
                Reason.ParameterNotAllowed,
                "parameters.log_min_duration_statement");
    }

    @Test
    void what_takes_a_superuser_needs_a_server_that_can() {
        var asked = "parameters: {log_min_duration_statement: 500ms}";
        var guards = Guards.policy("logs", "limits: {parameters: {log_min_duration_statement: {min: 100ms}}}");
        broken(
                guards.on(new ServerTraits("eu", false, Set.of(), ExtensionOffer.NONE)),
                asked,
                Reason.ParameterNotAllowed,
                "parameters.log_min_duration_statement",
                "server \"eu\" may not set it",
                "GRANT SET ON PARAMETER log_min_duration_statement");
        holds(guards.on(new ServerTraits("eu", true, Set.of(), ExtensionOffer.NONE)), asked);
        holds(
                guards.on(new ServerTraits("eu", false, Set.of("log_min_duration_statement"), ExtensionOffer.NONE)),
                asked);
    }

    @Test
    void others_denied() {
        var guards = BASELINE.and("closed", "limits: {otherParameters: Deny}");
        holds(guards, "parameters: {work_mem: 1MB}");
        broken(
                guards,
                "parameters: {temp_buffers: 8MB}",
                Reason.ParameterNotAllowed,
                "parameters.temp_buffers",
                "`parameters.temp_buffers`: is none of those a policy names, and others are denied (policy \"closed\"); leave it "
                        + "out, or ask for a waiver");
    }

    @Test
    void others_denied_is_about_claims_only() {
        var guards = Guards.policy("closed", "limits: {otherParameters: Deny}")
                .withClass("majorVersions: [18]\ndefaults: {parameters: {temp_buffers: 8MB}}");
        assertThat(guards.admitted("{}").parameters()).containsEntry("temp_buffers", "8MB");
    }

    @Test
    void what_only_a_watching_policy_names_is_not_named() {
        var guards = Guards.policy("closed", "limits: {otherParameters: Deny}")
                .and("watch", "enforcement: Audit\nlimits: {parameters: {temp_buffers: {max: 1GB}}}");
        broken(guards, "parameters: {temp_buffers: 8MB}", Reason.ParameterNotAllowed, "parameters.temp_buffers");
    }

    @Test
    void what_an_override_replaces_is_not_held_against_the_claim() {
        var guards = BASELINE.and("fixed", "overrides: {parameters: {work_mem: 16MB}}");
        assertThat(guards.admitted("parameters: {work_mem: 128MB}").parameters())
                .containsEntry("work_mem", "16MB");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.policy.parameter.Parameter.Context;
import dev.howdah.policy.parameter.Parameter.Force;
import dev.howdah.policy.parameter.Parameter.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTest {
    private static Parameter parameter(String name) {
        return ParameterCatalog.findInAny(ParameterCatalog.majors(), name).orElseThrow();
    }

    @Test
    void a_claim_sets_what_any_session_may() {
        assertThat(parameter("work_mem").scope()).isEqualTo(Scope.CLAIM);
        assertThat(parameter("work_mem").binding()).isEqualTo(Force.CONFIGURATION);
        assertThat(parameter("work_mem").refusal()).isEmpty();
    }

    @Test
    void a_policy_sets_what_a_superuser_may_and_a_session_cannot_undo_it() {
        assertThat(parameter("log_min_duration_statement").scope()).isEqualTo(Scope.POLICY);
        assertThat(parameter("log_min_duration_statement").binding()).isEqualTo(Force.SERVER);
        assertThat(parameter("log_min_duration_statement").refusal()).isEmpty();
    }

    @Test
    void what_takes_a_restart_is_refused_with_that_reason() {
        assertThat(parameter("shared_buffers").scope()).isEqualTo(Scope.NEVER);
        assertThat(parameter("shared_buffers").refusal())
                .contains("\"shared_buffers\" takes a restart and is set for the whole server;"
                        + " it cannot be set per database");
    }

    @Test
    void so_is_what_holds_for_the_whole_server_or_from_the_start_of_a_session() {
        assertThat(parameter("fsync").refusal().orElseThrow()).contains("set for the whole server");
        assertThat(parameter("log_connections").refusal().orElseThrow()).contains("decided as a session starts");
        assertThat(parameter("post_auth_delay").refusal().orElseThrow()).contains("decided as a session starts");
        assertThat(parameter("block_size").refusal().orElseThrow()).contains("fixed in the server");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "role",
                "session_authorization",
                "search_path",
                "local_preload_libraries",
                "session_preload_libraries",
                "shared_preload_libraries",
                "session_replication_role",
                "zero_damaged_pages",
                "dynamic_library_path",
                "extension_control_path",
                "allow_system_table_mods",
                "ignore_system_indexes",
                "ignore_checksum_failure",
                "jit_provider",
                "event_triggers",
                "exit_on_error",
                "is_superuser",
                "seed",
                "createrole_self_grant",
                "lo_compat_privileges",
                "restrict_nonsystem_relation_kind",
                "transaction_isolation"
            })
    void what_is_denied_is_known_and_says_why(String name) {
        assertThat(parameter(name).denied()).isTrue();
        assertThat(parameter(name).scope()).isEqualTo(Scope.NEVER);
        assertThat(parameter(name).refusal().orElseThrow()).startsWith("\"" + name + "\" cannot be set: ");
    }

    @Test
    void whatever_loads_libraries_is_denied_in_every_major() {
        for (int major : ParameterCatalog.majors()) {
            assertThat(ParameterCatalog.of(major).all())
                    .filteredOn(parameter -> parameter.name().matches(".*librar(y|ies).*"))
                    .allSatisfy(parameter -> assertThat(parameter.scope()).isEqualTo(Scope.NEVER));
        }
    }

    @Test
    void what_can_be_set_is_what_sessions_and_superusers_may_set() {
        for (int major : ParameterCatalog.majors()) {
            assertThat(ParameterCatalog.of(major).all())
                    .filteredOn(parameter -> parameter.refusal().isEmpty())
                    .hasSizeGreaterThan(150)
                    .allSatisfy(parameter -> assertThat(parameter.context()).isIn(Context.USER, Context.SUPERUSER))
                    .allSatisfy(parameter -> assertThat(parameter.scope()).isNotEqualTo(Scope.NEVER));
        }
    }

    @Test
    void only_the_list_of_temporary_tablespaces_is_quoted_name_by_name() {
        assertThat(parameter("temp_tablespaces").quotedList()).isTrue();
        assertThat(parameter("DateStyle").quotedList()).isFalse();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import java.util.Map;

/**
 * Numbers that stand for "without limit" or "never" and so are more than every other one, although 0 or -1 is the
 * smallest there is. PostgreSQL says so in {@code extra_desc} only. Where 0 is what it looks like (no delay, no
 * workers, a default chosen by PostgreSQL) nothing stands here.
 */
final class UnlimitedValues {
    private static final double ZERO = 0;
    private static final double MINUS_ONE = -1;

    private static final Map<String, Double> BY_NAME = Map.ofEntries(
            // Time that may pass.
            Map.entry("statement_timeout", ZERO),
            Map.entry("lock_timeout", ZERO),
            Map.entry("transaction_timeout", ZERO),
            Map.entry("idle_in_transaction_session_timeout", ZERO),
            Map.entry("idle_session_timeout", ZERO),
            Map.entry("wal_sender_timeout", ZERO),
            // Time until a lost client is noticed: never, or as the operating system has it, which is hours.
            Map.entry("client_connection_check_interval", ZERO),
            Map.entry("tcp_user_timeout", ZERO),
            Map.entry("tcp_keepalives_idle", ZERO),
            Map.entry("tcp_keepalives_interval", ZERO),
            Map.entry("tcp_keepalives_count", ZERO),
            // Space.
            Map.entry("temp_file_limit", MINUS_ONE),
            Map.entry("vacuum_buffer_usage_limit", ZERO),
            Map.entry("backend_flush_after", ZERO),
            Map.entry("gin_fuzzy_search_limit", ZERO),
            // From which duration or size on something is logged: never.
            Map.entry("log_min_duration_statement", MINUS_ONE),
            Map.entry("log_min_duration_sample", MINUS_ONE),
            Map.entry("log_temp_files", MINUS_ONE),
            // How much of a value is logged: all of it.
            Map.entry("log_parameter_max_length", MINUS_ONE),
            Map.entry("log_parameter_max_length_on_error", MINUS_ONE),
            // From which cost on queries are compiled: never, for every negative number.
            Map.entry("jit_above_cost", MINUS_ONE),
            Map.entry("jit_inline_above_cost", MINUS_ONE),
            Map.entry("jit_optimize_above_cost", MINUS_ONE));

    private UnlimitedValues() {}

    static boolean has(String name, double number) {
        var special = BY_NAME.get(name);
        return special != null && (special == ZERO ? number == ZERO : number < ZERO);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What no claim, class or policy sets: it would open a way to other tenants, to the operator, or to damaged data. */
final class DeniedParameters {
    private static final String LIBRARIES = "it chooses code that the server loads";
    private static final String OPERATOR_ROLES = "the operator decides as whom a session acts";
    private static final String DAMAGE = "the server would go on with damaged data";
    private static final String ONE_TRANSACTION = "it belongs to one transaction; %s is for all";
    private static final String PRELOADED = "_preload_libraries";

    private static final Map<String, String> REASONS = Map.ofEntries(
            // Who the session is.
            Map.entry("role", OPERATOR_ROLES),
            Map.entry("session_authorization", OPERATOR_ROLES),
            Map.entry("is_superuser", "it only tells who the session is"),
            Map.entry("createrole_self_grant", "it changes what the operator's own roles are granted"),
            Map.entry("search_path", "the operator sets it from the claim's schemas"),
            // What the server loads and writes.
            Map.entry("dynamic_library_path", LIBRARIES),
            Map.entry("extension_control_path", LIBRARIES),
            Map.entry("output_plugin_libraries", LIBRARIES),
            Map.entry("jit_provider", LIBRARIES),
            Map.entry("jit_dump_bitcode", "it writes files into the server's data directory"),
            Map.entry("allow_in_place_tablespaces", "it is for tests of PostgreSQL itself"),
            Map.entry("backtrace_functions", "it is for debugging the server and fills its log"),
            Map.entry("wal_consistency_checking", "it is for debugging the server and stops standbys"),
            Map.entry("max_stack_depth", "too high a value lets one session crash the whole server"),
            // What keeps data whole.
            Map.entry("zero_damaged_pages", DAMAGE),
            Map.entry("ignore_checksum_failure", DAMAGE),
            Map.entry("ignore_system_indexes", DAMAGE),
            Map.entry("ignore_invalid_pages", DAMAGE),
            Map.entry("allow_system_table_mods", "it opens the system catalogs to changes"),
            Map.entry("session_replication_role", "it switches foreign keys and triggers off"),
            // What guards.
            Map.entry("event_triggers", "it switches off triggers that guard the database"),
            Map.entry("lo_compat_privileges", "it switches off the privileges of large objects"),
            Map.entry("restrict_nonsystem_relation_kind", "it is for tools that dump a database, in their own session"),
            Map.entry("password_encryption", "passwords are kept as SCRAM verifiers only"),
            Map.entry(
                    "standard_conforming_strings", "off makes quoting unsafe for every client that does not expect it"),
            // What disturbs the sessions of others, the operator's included.
            Map.entry("exit_on_error", "it ends sessions at their first error, the operator's too"),
            Map.entry("quote_all_identifiers", "it changes how names read back, the operator's too"),
            Map.entry("transaction_isolation", ONE_TRANSACTION.formatted("default_transaction_isolation")),
            Map.entry("transaction_read_only", ONE_TRANSACTION.formatted("default_transaction_read_only")),
            Map.entry("transaction_deferrable", ONE_TRANSACTION.formatted("default_transaction_deferrable")),
            Map.entry("seed", "it is the state of one session's random()"));

    private DeniedParameters() {}

    static Optional<String> reason(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(PRELOADED) ? Optional.of(LIBRARIES) : Optional.ofNullable(REASONS.get(lower));
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.UnmanagedObject;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parameters of a claim's database: set, kept, given back, and harmless to the operator whatever they are. */
@OnEveryServer
class ParametersIT {
    private static final String SUPERUSERS = "log_min_duration_statement";

    private final Ground ground;
    private HostedServer server;
    private TestClaim claim;

    ParametersIT(Ground ground) {
        this.ground = ground;
    }

    @BeforeEach
    void open() {
        server = ground.open();
        claim = new TestClaim(ground, server, "shop", "params");
    }

    @AfterEach
    void close() {
        assertThat(claim.apply().nothing()).isTrue();
        claim.retain(null);
        claim.drop();
        server.close();
    }

    private void reopen() {
        server.close();
        server = ground.open();
        claim.moveTo(server);
    }

    private Map<String, String> held() {
        return claim.observe().database().parameters();
    }

    @Test
    void every_kind_of_value_arrives_as_it_is_meant() throws SQLException {
        claim.with(Specs.parameters(
                        "DateStyle",
                        "ISO, DMY",
                        "temp_tablespaces",
                        "\"no such\", pg_default",
                        "default_transaction_isolation",
                        "repeatable read",
                        "TimeZone",
                        "Europe/Berlin",
                        "random_page_cost",
                        "1.5",
                        "jit",
                        "off",
                        "application_name",
                        "o'brien \\ \"x\""))
                .apply();
        assertThat(claim.sql("app", "SELECT current_setting('temp_tablespaces')"))
                .isEqualTo("\"no such\", pg_default");
        assertThat(claim.sql("app", "SHOW transaction_isolation")).isEqualTo("repeatable read");
        assertThat(claim.sql("app", "SHOW random_page_cost")).isEqualTo("1.5");
        assertThat(claim.sql("app", "SHOW jit")).isEqualTo("off");
        assertThat(held())
                .containsEntry("DateStyle", "ISO, DMY")
                .containsEntry("TimeZone", "Europe/Berlin")
                .containsEntry("application_name", "o'brien \\ \"x\"");
        assertThat(claim.apply().nothing()).isTrue();

        claim.with(Specs.parameters("temp_tablespaces", "")).apply();
        assertThat(claim.sql("app", "SELECT current_setting('temp_tablespaces')"))
                .isEqualTo("\"\"");
        claim.with(Specs.parameters()).apply();
        assertThat(held()).isEmpty();
    }

    @Test
    void one_that_takes_a_superuser_is_set_where_the_admin_was_granted_it() throws SQLException {
        claim.apply();
        var before = claim.observe().memberships();
        claim.with(Specs.parameters(SUPERUSERS, "500ms", "work_mem", "8MB"));
        if (ground.kind() == AdminKind.PLAIN) {
            assertThat(server.facts().settableParameters()).isEmpty();
            assertThatThrownBy(claim::apply).isInstanceOfSatisfying(SqlFailure.class, e -> {
                assertThat(e.kind()).isEqualTo(SqlFailure.Kind.NeedsAction);
                assertThat(e.explanation())
                        .contains("as a superuser, run: GRANT SET ON PARAMETER \"%s\" TO \"platform admin\""
                                .formatted(SUPERUSERS));
            });
            assertThat(held()).isEmpty();
            assertThat(server.unchanged()).isTrue();
            ground.asSuperuser(
                    "postgres",
                    "GRANT SET ON PARAMETER \"%s\", log_connections TO \"platform admin\"".formatted(SUPERUSERS));
            assertThat(server.unchanged()).isFalse();
            reopen();
            assertThat(server.facts().settableParameters()).containsExactly(SUPERUSERS);
        }
        claim.apply();
        assertThat(claim.sql("app", "SHOW " + SUPERUSERS)).isEqualTo("500ms");
        assertThatThrownBy(() -> claim.sql("app", "SET %s TO -1".formatted(SUPERUSERS)))
                .hasMessageContaining("permission denied");
        assertThat(claim.observe().memberships()).isEqualTo(before);
        claim.with(Specs.parameters()).apply();
        assertThat(held()).isEmpty();
        assertThat(claim.observe().memberships()).isEqualTo(before);

        if (ground.kind() == AdminKind.PLAIN) {
            // The grant is taken back while it is in use: what stays says so and holds up nothing.
            claim.with(Specs.parameters(SUPERUSERS, "1s")).apply();
            ground.asSuperuser(
                    "postgres",
                    "REVOKE SET ON PARAMETER \"%s\", log_connections FROM \"platform admin\"".formatted(SUPERUSERS));
            reopen();
            claim.with(Specs.parameters()).apply();
            assertThat(claim.row().accepted().unmanaged())
                    .extracting(UnmanagedObject::kind, UnmanagedObject::name)
                    .containsExactly(tuple("Parameter", SUPERUSERS));
        }
    }

    @Test
    void a_value_that_postgresql_refuses_is_named() {
        claim.apply();
        for (var wrong : List.of(Specs.parameters("work_mem", "a lot"), Specs.parameters("max_connections", "5"))) {
            var name = wrong.parameters().keySet().iterator().next();
            assertThatThrownBy(() -> claim.with(wrong).apply()).isInstanceOfSatisfying(SqlFailure.class, e -> {
                assertThat(e.kind()).isEqualTo(SqlFailure.Kind.NeedsAction);
                assertThat(e.explanation()).contains("`parameters.%s`".formatted(name));
            });
        }
        claim.with(Specs.parameters()).apply();
    }

    @Test
    void what_others_set_on_the_database_is_reset() {
        claim.with(Specs.parameters("work_mem", "8MB")).apply();
        alter(Map.of("work_mem", "1GB", "statement_timeout", "1ms", "log_statement", "all", "app.tenant", "x"));
        claim.applyUpTo(plan -> plan, plan -> plan);
        if (ground.kind() == AdminKind.SUPERUSER) {
            assertThat(held()).containsOnly(Map.entry("work_mem", "8MB"));
            assertThat(claim.row().accepted().unmanaged()).isEmpty();
        } else {
            assertThat(held()).containsOnlyKeys("work_mem", "log_statement", "app.tenant");
            assertThat(claim.row().accepted().unmanaged())
                    .extracting(UnmanagedObject::name)
                    .containsExactly("app.tenant", "log_statement");
            assertThat(claim.apply().nothing()).isTrue();
            // The way out that it names.
            for (var left : claim.row().accepted().unmanaged()) {
                var statement = left.message().substring(left.message().indexOf("ALTER DATABASE"));
                ground.asSuperuser("postgres", statement);
            }
            claim.apply();
            assertThat(claim.row().accepted().unmanaged()).isEmpty();
        }
    }

    private void alter(Map<String, String> settings) {
        settings.forEach((name, value) -> ground.asSuperuser(
                "postgres",
                "ALTER DATABASE shop_params SET %s TO %s".formatted(Quoting.identifier(name), Quoting.literal(value))));
    }

    /** All that a claim could ask for, or somebody set, and that would break or slow a session that does not mind. */
    private Map<String, String> hostile() {
        var hostile = new LinkedHashMap<String, String>();
        hostile.put("default_transaction_isolation", "serializable");
        hostile.put("default_transaction_deferrable", "on");
        hostile.put("default_transaction_read_only", "on");
        hostile.put("client_encoding", "SQL_ASCII");
        hostile.put("client_min_messages", "error");
        hostile.put("exit_on_error", "on");
        hostile.put("statement_timeout", "1ms");
        hostile.put("lock_timeout", "1ms");
        hostile.put("idle_session_timeout", "1ms");
        hostile.put("idle_in_transaction_session_timeout", "1ms");
        hostile.put("transform_null_equals", "on");
        hostile.put("bytea_output", "escape");
        hostile.put("standard_conforming_strings", "off");
        hostile.put("backslash_quote", "off");
        hostile.put("quote_all_identifiers", "on");
        hostile.put("DateStyle", "SQL, DMY");
        hostile.put("IntervalStyle", "sql_standard");
        hostile.put("array_nulls", "off");
        hostile.put("default_tablespace", "no_such_tablespace");
        hostile.put("temp_tablespaces", "no_such_tablespace");
        hostile.put("default_table_access_method", "no_such_method");
        hostile.put("default_text_search_config", "no_such_configuration");
        hostile.put("row_security", "on");
        hostile.put("check_function_bodies", "off");
        hostile.put("synchronous_commit", "local");
        hostile.put("work_mem", "64kB");
        hostile.put("enable_indexscan", "off");
        hostile.put("enable_indexonlyscan", "off");
        hostile.put("enable_bitmapscan", "off");
        hostile.put("enable_hashjoin", "off");
        hostile.put("enable_sort", "off");
        hostile.put("jit", "on");
        hostile.put("jit_above_cost", "0");
        hostile.put("jit_inline_above_cost", "0");
        hostile.put("jit_optimize_above_cost", "0");
        hostile.put("parallel_setup_cost", "0");
        hostile.put("parallel_tuple_cost", "0");
        hostile.put("min_parallel_table_scan_size", "0");
        hostile.put(ground.postgres().major() < 16 ? "force_parallel_mode" : "debug_parallel_query", "on");
        hostile.put("max_parallel_workers_per_gather", "8");
        hostile.put("tcp_user_timeout", "1");
        hostile.put("client_connection_check_interval", "1");
        hostile.put("search_path", "no_such_schema");
        hostile.put("local_preload_libraries", "no_such_library");
        hostile.put("password_encryption", "md5");
        if (ground.postgres().major() >= 16) {
            hostile.put("createrole_self_grant", "set, inherit");
        }
        if (ground.postgres().major() >= 17) {
            hostile.put("transaction_timeout", "1ms");
        }
        return hostile;
    }

    /** What may bind the operator's session: it reads and makes nothing that these bear upon. */
    private static final List<String> HARMLESS = List.of(
            "IntervalStyle",
            "backslash_quote",
            "bytea_output",
            "check_function_bodies",
            "createrole_self_grant",
            "debug_parallel_query",
            "default_text_search_config",
            "enable_indexonlyscan",
            "enable_sort",
            "force_parallel_mode",
            "jit_above_cost",
            "jit_inline_above_cost",
            "jit_optimize_above_cost",
            "min_parallel_table_scan_size",
            "parallel_setup_cost",
            "parallel_tuple_cost");

    @Test
    void none_breaks_or_slows_the_operators_own_session() throws SQLException {
        claim.with(Specs.extensionsOf(new ExtensionRequest("hstore", "1.7"), new ExtensionRequest("citext", null)))
                .apply();
        claim.sql("app", "CREATE TABLE held AS SELECT 'a=>1'::hstore AS h, 'x'::citext AS c");
        claim.with(new DatabaseClaimSpec(
                null,
                null,
                null,
                null,
                null,
                List.of(new ExtensionRequest("hstore", "1.8"), new ExtensionRequest("pg_trgm", null)),
                List.of("public", "audit"),
                List.of(Specs.OWNER, Specs.READER),
                null));
        alter(hostile());

        // The control: a session that does not mind is lost.
        assertThatThrownBy(() -> {
                    try (var session = ground.postgres().connect("shop_params")) {
                        Ground.first(session, "SELECT pg_sleep(0.1)");
                        Ground.first(session, "CREATE TABLE control ()");
                    }
                })
                .isInstanceOf(SQLException.class);

        try (var session = server.connect("shop_params")) {
            var binding = Ground.first(
                    session.connection(),
                    "SELECT string_agg(name, ' ' ORDER BY name) FROM pg_settings WHERE source = 'database'");
            assertThat(List.of(String.valueOf(binding).split(" "))).isSubsetOf(HARMLESS);
        }
        var started = Instant.now();
        claim.applyUpTo(TestClaim::withoutParameters, plan -> plan);
        assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertThat(held()).containsKeys("statement_timeout", "exit_on_error");
        var contents = claim.contents();
        assertThat(contents.extensions()).containsKeys("hstore", "citext", "pg_trgm");
        assertThat(contents.extensions().get("hstore").version()).isEqualTo("1.8");
        assertThat(contents.schemas()).containsKey("audit");

        claim.apply();
        assertThat(held()).isEmpty();
        assertThat(claim.sql("report", "SELECT h->'a' FROM held")).isEqualTo("1");
        claim.sql("app", "DROP TABLE held");
    }
}

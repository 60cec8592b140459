// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import static dev.howdah.policy.parameter.Values.fault;
import static dev.howdah.policy.parameter.Values.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the server reads and shows values so too is {@link ParameterCatalogIT}'s. */
class ParameterValueTest {
    @ParameterizedTest
    @CsvSource({
        "work_mem, 64MB, 64MB",
        "work_mem, 65536, 64MB",
        "work_mem, 1.5GB, 1536MB",
        "work_mem, 0x40, 64kB",
        "work_mem, 0100, 64kB",
        "temp_buffers, 804kB, 800kB",
        "statement_timeout, 300000, 5min",
        "statement_timeout, 1500, 1500ms",
        "statement_timeout, 0, 0",
        "log_min_duration_statement, -1, -1",
        "vacuum_cost_delay, 1.5, 1500us",
        "random_page_cost, 1.10, 1.1",
        "random_page_cost, 1e20, 1e+20",
        "geqo, tru, on",
        "geqo, OF, off",
        "synchronous_commit, yes, on",
        "synchronous_commit, Remote_Apply, remote_apply",
        "wal_compression, on, pglz",
        "wal_compression, zstd, zstd",
        "client_min_messages, INFO, info"
    })
    void a_value_reads_as_show_prints_it(String name, String text, String shown) {
        assertThat(value(name, text).text()).isEqualTo(shown);
    }

    @Test
    void values_are_equal_however_they_are_written() {
        assertThat(value("work_mem", "1GB")).isEqualTo(value("work_mem", "1048576kB"));
        assertThat(value("statement_timeout", "60s")).isEqualTo(value("statement_timeout", "1 min"));
        assertThat(value("geqo", "yes")).isEqualTo(value("geqo", "1"));
        assertThat(value("random_page_cost", "0")).isEqualTo(value("random_page_cost", "-0.0"));
        assertThat(value("work_mem", "1GB")).isNotEqualTo(value("maintenance_work_mem", "1GB"));
    }

    @Test
    void values_are_equal_across_majors() {
        var old = ParameterValue.parse(
                ParameterCatalog.of(15).find("maintenance_work_mem").orElseThrow(), "1GB");
        assertThat(old).isEqualTo(new ParameterValue.Value(value("maintenance_work_mem", "1024MB")));
    }

    @Test
    void what_show_rounds_is_set_exactly() {
        var value = value("random_page_cost", "1.23456789");
        assertThat(value.text()).isEqualTo("1.23457");
        assertThat(value.setting()).isEqualTo("1.23456789");
        assertThat(value).isNotEqualTo(value("random_page_cost", "1.23457"));
        assertThat(value("vacuum_cost_delay", "0.1s").setting()).isEqualTo("100");
    }

    @Test
    void numbers_compare_by_size() {
        assertThat(value("work_mem", "1GB")).isGreaterThan(value("work_mem", "999MB"));
        assertThat(value("work_mem", "1GB")).isEqualByComparingTo(value("work_mem", "1024MB"));
        assertThatThrownBy(() -> value("work_mem", "1GB").compareTo(value("temp_buffers", "1GB")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "statement_timeout, 0, 24d",
        "lock_timeout, 0, 24d",
        "transaction_timeout, 0, 24d",
        "idle_session_timeout, 0, 24d",
        "idle_in_transaction_session_timeout, 0, 24d",
        "temp_file_limit, -1, 1TB",
        "log_min_duration_statement, -1, 24d",
        "vacuum_buffer_usage_limit, 0, 16GB",
        "jit_above_cost, -1, 1e300",
        "jit_above_cost, -0.5, 1e300"
    })
    void no_limit_is_more_than_any_number(String name, String unlimited, String large) {
        assertThat(value(name, unlimited).unlimited()).isTrue();
        assertThat(value(name, large).unlimited()).isFalse();
        assertThat(value(name, unlimited)).isGreaterThan(value(name, large));
    }

    @Test
    void zero_is_zero_where_it_is_what_it_looks_like() {
        assertThat(value("max_parallel_workers", "0").unlimited()).isFalse();
        assertThat(value("log_min_duration_statement", "0").unlimited()).isFalse();
        assertThat(value("vacuum_cost_delay", "0")).isLessThan(value("vacuum_cost_delay", "1ms"));
    }

    @Test
    void a_wrong_size_or_time_is_told_the_units() {
        assertThat(fault("work_mem", "64 MBytes"))
                .isEqualTo("\"64 MBytes\" is not a size; use a number with one of B, kB, MB, GB, TB, such as 64MB");
        assertThat(fault("work_mem", "64mb")).contains("B, kB, MB, GB, TB");
        assertThat(fault("statement_timeout", "30MB"))
                .isEqualTo("\"30MB\" is not a time; use a number with one of us, ms, s, min, h, d, such as 30s");
    }

    @Test
    void a_number_without_unit_takes_none() {
        assertThat(fault("default_statistics_target", "100ms"))
                .isEqualTo("\"100ms\" is not a whole number; it takes no unit");
        assertThat(fault("random_page_cost", "cheap")).isEqualTo("\"cheap\" is not a number; it takes no unit");
    }

    @Test
    void what_is_out_of_bounds_is_told_the_bound() {
        assertThat(fault("work_mem", "1kB")).isEqualTo("1kB is below the smallest value PostgreSQL takes for it, 64kB");
        assertThat(fault("statement_timeout", "25d"))
                .isEqualTo("25d is above the largest value PostgreSQL takes for it, 2147483647ms");
        assertThat(fault("vacuum_buffer_usage_limit", "64kB"))
                .isEqualTo("64kB is below the smallest value PostgreSQL takes for it besides 0, 128kB");
    }

    @Test
    void a_wrong_word_is_told_the_right_ones() {
        assertThat(fault("geqo", "maybe")).isEqualTo("\"maybe\" is neither on nor off");
        assertThat(fault("geqo", "o")).isEqualTo("\"o\" is neither on nor off");
        assertThat(fault("bytea_output", "base64")).isEqualTo("\"base64\" is none of its values: escape, hex");
    }

    @Test
    void a_string_is_one_line_of_bounded_length_and_stays_as_it_is() {
        assertThat(value("application_name", " Shop ").text()).isEqualTo(" Shop ");
        assertThat(fault("application_name", "a\nb")).contains("must be one line");
        assertThat(fault("application_name", "a\0b")).contains("must be one line");
        assertThat(fault("application_name", "x".repeat(1025))).contains("at most 1024");
    }

    @Test
    void long_or_odd_input_does_not_fill_the_message() {
        assertThat(fault("work_mem", "x".repeat(1000))).hasSizeLessThan(200);
        assertThat(fault("work_mem", "1\u0007\n2")).doesNotContain("\n");
    }
}

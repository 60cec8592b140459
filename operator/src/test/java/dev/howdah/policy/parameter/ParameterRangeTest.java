// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import static dev.howdah.policy.parameter.Values.parameter;
import static dev.howdah.policy.parameter.Values.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.policy.parameter.ParameterRange.Faults;
import dev.howdah.policy.parameter.ParameterRange.Range;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParameterRangeTest {
    private static final String TIMEOUT = "statement_timeout";

    private static ParameterRange range(String name, @Nullable String min, @Nullable String max) {
        return switch (ParameterRange.compile(parameter(name), min, max, null)) {
            case Range(var range) -> range;
            case Faults(var messages) -> throw new AssertionError(messages);
        };
    }

    private static ParameterRange oneOf(String name, String... values) {
        return switch (ParameterRange.compile(parameter(name), null, null, List.of(values))) {
            case Range(var range) -> range;
            case Faults(var messages) -> throw new AssertionError(messages);
        };
    }

    private static List<String> faults(
            String name, @Nullable String min, @Nullable String max, @Nullable List<String> oneOf) {
        return switch (ParameterRange.compile(parameter(name), min, max, oneOf)) {
            case Range(var range) -> throw new AssertionError(range);
            case Faults(var messages) -> messages;
        };
    }

    private static ParameterValue time(String text) {
        return value(TIMEOUT, text);
    }

    @Test
    void bounds_are_included() {
        var range = range(TIMEOUT, "1s", "5min");
        assertThat(range.allows(time("1000"))).isTrue();
        assertThat(range.allows(time("300s"))).isTrue();
        assertThat(range.allows(time("999ms"))).isFalse();
        assertThat(range.allows(time("301s"))).isFalse();
    }

    @Test
    void no_limit_is_above_every_max_and_every_min() {
        assertThat(range(TIMEOUT, null, "5min").allows(time("0"))).isFalse();
        assertThat(range(TIMEOUT, "1s", null).allows(time("0"))).isTrue();
        assertThat(range("temp_file_limit", null, "10GB").allows(value("temp_file_limit", "-1")))
                .isFalse();
        assertThat(range("log_min_duration_statement", null, "500ms").allows(value("log_min_duration_statement", "-1")))
                .isFalse();
    }

    @Test
    void a_list_compares_values_not_texts() {
        var list = oneOf("work_mem", "64MB", "1GB");
        assertThat(list.allows(value("work_mem", "65536kB"))).isTrue();
        assertThat(list.allows(value("work_mem", "128MB"))).isFalse();
    }

    @Test
    void a_max_without_limit_is_no_bound() {
        var range = range(TIMEOUT, "1s", "0");
        assertThat(range.allows(time("0"))).isTrue();
        assertThat(range.describe()).isEqualTo("at least 1s");
        assertThat(range(TIMEOUT, null, "0").describe()).isEqualTo("any value");
    }

    @Test
    void a_min_without_limit_is_a_fault() {
        assertThat(faults(TIMEOUT, "0", "5min", null))
                .containsExactly(
                        "min: 0 means no limit, which is above every max; leave min out, or use oneOf: [\"0\"]");
    }

    @Test
    void every_fault_is_told_at_once() {
        assertThat(faults("work_mem", "64 MBytes", "1kB", null))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("min: \"64 MBytes\" is not a size"),
                        second -> assertThat(second).startsWith("max: 1kB is below the smallest value"));
        assertThat(faults("bytea_output", null, null, List.of("hex", "base64", "raw")))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("oneOf[1]: \"base64\" is none of its values"),
                        second -> assertThat(second).startsWith("oneOf[2]: \"raw\" is none of its values"));
    }

    @Test
    void min_above_max_is_a_fault() {
        assertThat(faults("work_mem", "1GB", "64MB", null)).containsExactly("min: 1GB is above max: 64MB");
    }

    @Test
    void what_has_no_order_has_no_range() {
        assertThat(faults("geqo", "on", null, null))
                .containsExactly("min: \"geqo\" has no smaller and larger values; use oneOf");
        assertThat(faults("bytea_output", null, "hex", null))
                .singleElement()
                .asString()
                .startsWith("max: ");
        assertThat(faults("application_name", null, "z", null)).hasSize(1);
    }

    @Test
    void a_limit_is_either_a_range_or_a_list_of_something() {
        assertThat(faults("work_mem", null, null, null))
                .containsExactly("nothing is given; give min, max or both, or give oneOf");
        assertThat(faults("work_mem", null, "1GB", List.of("64MB")))
                .containsExactly("oneOf and a range exclude each other; give oneOf, or min and max");
        assertThat(faults("work_mem", null, null, List.of()))
                .containsExactly("oneOf: must not be empty; list the values that are allowed");
    }

    @Test
    void what_nobody_sets_has_no_limit_either() {
        assertThat(faults("shared_buffers", null, "1GB", null))
                .singleElement()
                .asString()
                .contains("takes a restart");
        assertThat(faults("role", null, null, List.of("x")))
                .singleElement()
                .asString()
                .contains("cannot be set");
    }

    @Test
    void a_waiver_moves_only_the_bounds_it_gives_and_only_outwards() {
        var limit = range(TIMEOUT, "1s", "5min");
        assertThat(limit.widenedBy(range(TIMEOUT, null, "1h")).describe()).isEqualTo("from 1s to 1h");
        assertThat(limit.widenedBy(range(TIMEOUT, null, "1min")).describe()).isEqualTo("from 1s to 5min");
        assertThat(limit.widenedBy(range(TIMEOUT, "10ms", null)).describe()).isEqualTo("from 10ms to 5min");
        assertThat(limit.widenedBy(range(TIMEOUT, null, "0")).describe()).isEqualTo("at least 1s");
        assertThat(range(TIMEOUT, null, "1h")
                        .alongWith(range(TIMEOUT, "10ms", null))
                        .describe())
                .isEqualTo("from 10ms to 1h");
    }

    @Test
    void two_waivers_that_list_values_lift_their_union() {
        assertThat(oneOf("work_mem", "64MB", "1GB")
                        .alongWith(oneOf("work_mem", "65536kB", "2GB"))
                        .describe())
                .isEqualTo("one of: 64MB, 1GB, 2GB");
    }

    @Test
    void a_range_that_a_waiver_widens_by_a_list_keeps_both() {
        var both = range(TIMEOUT, null, "5min").widenedBy(oneOf(TIMEOUT, "0", "10s"));
        assertThat(both.describe()).isEqualTo("at most 5min, or one of: 0 (no limit)");
        assertThat(both.allows(time("0"))).isTrue();
        assertThat(both.allows(time("5min"))).isTrue();
        assertThat(both.allows(time("6min"))).isFalse();
        assertThat(both.widenedBy(range(TIMEOUT, null, "10min")).describe())
                .isEqualTo("at most 10min, or one of: 0 (no limit)");
    }

    @Test
    void two_ranges_that_meet_leave_what_is_common() {
        assertThat(range(TIMEOUT, "1s", null).intersect(range(TIMEOUT, null, "5min")))
                .map(ParameterRange::describe)
                .contains("from 1s to 5min");
        assertThat(range(TIMEOUT, "1s", "5min").intersect(range(TIMEOUT, "5min", "1h")))
                .map(ParameterRange::describe)
                .contains("exactly 5min");
        assertThat(range(TIMEOUT, null, "5min").intersect(range(TIMEOUT, null, "1min")))
                .map(ParameterRange::describe)
                .contains("at most 1min");
        assertThat(range(TIMEOUT, "1s", "2s").intersect(range(TIMEOUT, "3s", null)))
                .isEmpty();
    }

    @Test
    void a_range_filters_a_list_and_lists_filter_each_other() {
        assertThat(oneOf(TIMEOUT, "0", "1s", "1min").intersect(range(TIMEOUT, null, "30s")))
                .map(ParameterRange::describe)
                .contains("one of: 1s");
        assertThat(oneOf("bytea_output", "hex").intersect(oneOf("bytea_output", "HEX", "escape")))
                .map(ParameterRange::describe)
                .contains("one of: hex");
        assertThat(oneOf("bytea_output", "hex").intersect(oneOf("bytea_output", "escape")))
                .isEmpty();
    }

    @Test
    void alternatives_meet_each_in_its_own_way() {
        var alternatives = range(TIMEOUT, null, "5min").widenedBy(oneOf(TIMEOUT, "0"));
        assertThat(alternatives.intersect(range(TIMEOUT, "1min", null)))
                .map(ParameterRange::describe)
                .contains("from 1min to 5min, or one of: 0 (no limit)");
        assertThat(alternatives.intersect(oneOf(TIMEOUT, "0", "1h")))
                .map(ParameterRange::describe)
                .contains("one of: 0 (no limit)");
    }

    @Test
    void the_nearest_value_is_the_bound_that_is_crossed() {
        var range = range(TIMEOUT, "1s", "5min");
        assertThat(range.nearest(time("2s"))).contains(time("2s"));
        assertThat(range.nearest(time("1ms"))).contains(time("1s"));
        assertThat(range.nearest(time("1h"))).contains(time("5min"));
        assertThat(range.nearest(time("0"))).contains(time("5min"));
    }

    @Test
    void a_list_has_no_nearest_value() {
        assertThat(oneOf("bytea_output", "hex").nearest(value("bytea_output", "escape")))
                .isEmpty();
        assertThat(oneOf("bytea_output", "hex").nearest(value("bytea_output", "hex")))
                .isPresent();
    }

    @Test
    void a_range_says_what_it_is() {
        assertThat(range("work_mem", null, "65536").describe()).isEqualTo("at most 64MB");
        assertThat(range("work_mem", "1MB", null).describe()).isEqualTo("at least 1MB");
        assertThat(oneOf("default_transaction_isolation", "read committed", "SERIALIZABLE")
                        .describe())
                .isEqualTo("one of: read committed, serializable");
    }

    @Test
    void nothing_is_not_a_range() {
        assertThatThrownBy(() -> new ParameterRange("work_mem", null, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.policy.parameter.Parameter.Type;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterCatalogTest {
    private static final ParameterCatalog NEWEST = ParameterCatalog.of(18);

    @Test
    void a_name_is_found_in_whatever_case_and_answered_in_its_own() {
        assertThat(NEWEST.find("datestyle")).map(Parameter::name).contains("DateStyle");
        assertThat(NEWEST.find("WORK_MEM")).map(Parameter::name).contains("work_mem");
        assertThat(NEWEST.find("worc_mem")).isEmpty();
    }

    @Test
    void a_parameter_is_what_pg_settings_says() {
        assertThat(NEWEST.find("work_mem")).hasValueSatisfying(parameter -> {
            assertThat(parameter.type()).isEqualTo(Type.INTEGER);
            assertThat(parameter.context()).isEqualTo(Parameter.Context.USER);
            assertThat(parameter.unit()).isEqualTo("kB");
            assertThat(parameter.min()).isEqualTo("64");
            assertThat(parameter.max()).isEqualTo("2147483647");
        });
    }

    @Test
    void majors_differ() {
        assertThat(ParameterCatalog.majors()).containsExactly(15, 16, 17, 18);
        assertThat(ParameterCatalog.of(16).find("transaction_timeout")).isEmpty();
        assertThat(ParameterCatalog.of(17).find("transaction_timeout")).isPresent();
        assertThat(ParameterCatalog.of(15)
                        .find("maintenance_work_mem")
                        .orElseThrow()
                        .min())
                .isEqualTo("1024");
        assertThat(NEWEST.find("maintenance_work_mem").orElseThrow().min()).isEqualTo("64");
    }

    @Test
    void among_several_majors_the_newest_that_has_it_answers() {
        assertThat(ParameterCatalog.findInAny(List.of(15, 17), "transaction_timeout"))
                .isPresent();
        assertThat(ParameterCatalog.findInAny(List.of(15, 16), "transaction_timeout"))
                .isEmpty();
        assertThat(ParameterCatalog.findInAny(List.of(15, 18), "maintenance_work_mem"))
                .map(Parameter::min)
                .contains("64");
    }

    @Test
    void another_major_is_refused() {
        assertThatThrownBy(() -> ParameterCatalog.of(14))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[15, 16, 17, 18]");
    }

    @Test
    void every_major_has_some_350_parameters() {
        for (int major : ParameterCatalog.majors()) {
            assertThat(ParameterCatalog.of(major).all()).as("%d", major).hasSizeBetween(340, 420);
        }
    }

    @Test
    void what_could_have_been_meant_is_near_first() {
        assertThat(NEWEST.closest("wrok_mem")).first().isEqualTo("work_mem");
        assertThat(NEWEST.closest("statment_timeout")).containsExactly("statement_timeout");
        assertThat(NEWEST.closest("idle_in_transaction_timeout")).isEmpty();
        assertThat(NEWEST.closest("shared_bufers")).containsExactly("shared_buffers");
        assertThat(NEWEST.closest("enable_nestlop")).contains("enable_nestloop").hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void nothing_is_near_to_nonsense() {
        assertThat(NEWEST.closest("the_quick_brown_fox")).isEmpty();
        assertThat(NEWEST.closest("")).isEmpty();
    }

    @Test
    void a_name_with_a_dot_is_an_extensions_and_in_no_catalog() {
        assertThat(ParameterCatalog.isCustom("pg_stat_statements.track")).isTrue();
        assertThat(ParameterCatalog.isCustom("work_mem")).isFalse();
        assertThat(NEWEST.find("pg_stat_statements.track")).isEmpty();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.plan.PlanCase;
import dev.howdah.plan.ServerFacts;
import dev.howdah.plan.Step;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AdviceTest {
    private static final ServerFacts SERVER = PlanCase.server(18, false);
    private static final Step PARAMETER =
            new Step.SetDatabaseParameter("shop_orders", "o", "log_statement", List.of("all"), true);
    private static final Step RESET = new Step.ResetDatabaseParameter("shop_orders", "o", "work_mem", false);
    private static final Step CREATE = new Step.CreateExtension("shop_orders", "postgis", "extensions", "3.5'");
    private static final Step UPDATE = new Step.UpdateExtension("shop_orders", "hstore", "1.8", "1.7");

    private static @Nullable String on(String state, String message) {
        return Advice.on(new SQLException(message, state), List.of(RESET, PARAMETER, CREATE, UPDATE), SERVER);
    }

    @Test
    void the_step_is_the_one_that_the_message_names_in_whatever_language() {
        assertThat(on("42501", "keine Berechtigung, um Parameter »log_statement« zu setzen"))
                .contains("GRANT SET ON PARAMETER \"log_statement\" TO \"platform\"");
        assertThat(on("22023", "invalid value for parameter \"log_statement\": \"al\""))
                .contains("`parameters.log_statement`");
        assertThat(on("55P02", "parameter \"work_mem\" cannot be changed now")).contains("`parameters.work_mem`");
        assertThat(on("42501", "permission denied to create extension \"postgis\""))
                .contains("CREATE EXTENSION \"postgis\" SCHEMA \"extensions\" VERSION '3.5'''");
        assertThat(on("22023", "extension \"postgis\" has no installation script nor update path for version \"3.5'\""))
                .contains("no way to version 3.5'");
        assertThat(on("22023", "extension \"hstore\" has no update path from version \"1.8\" to version \"1.7\""))
                .contains("1.8 is installed", "no update path to 1.7");
        assertThat(on("42501", "must be owner of extension hstore"))
                .contains("ALTER EXTENSION \"hstore\" UPDATE TO '1.7'");
    }

    @Test
    void what_keeps_a_database_from_being_dropped_comes_with_its_way_out() {
        var drop = List.<Step>of(new Step.DropDatabase("shop_orders", "o"));
        assertThat(Advice.on(new SQLException("cannot drop a template database", "42809"), drop, SERVER))
                .contains("ALTER DATABASE \"shop_orders\" IS_TEMPLATE false");
        assertThat(Advice.on(new SQLException("There is 1 prepared transaction using it.", "55006"), drop, SERVER))
                .contains("ALLOW_CONNECTIONS true", "ROLLBACK PREPARED");
        assertThat(Advice.on(new SQLException("being accessed", "55006"), drop, SERVER))
                .isNull();
    }

    @Test
    void where_nothing_more_is_known_the_server_has_the_word() {
        assertThat(on("42501", "permission denied for schema x")).isNull();
        assertThat(on("40001", "log_statement")).isNull();
        assertThat(on("53100", "postgis")).isNull();
        assertThat(Advice.on(new SQLException("hstore"), List.of(UPDATE), SERVER))
                .isNull();
    }

    @Test
    void advice_makes_a_failure_somebodys_to_fix() {
        var unknown = new SQLException("unrecognized configuration parameter \"work_mem\"", "42704");
        assertThat(SqlFailure.of("do", unknown).kind()).isEqualTo(SqlFailure.Kind.Transient);
        var failure = SqlFailure.of("do", unknown, Advice.on(unknown, List.of(RESET), SERVER));
        assertThat(failure.kind()).isEqualTo(SqlFailure.Kind.NeedsAction);
        assertThat(failure.explanation())
                .startsWith(
                        "do: unrecognized configuration parameter \"work_mem\" (SQLSTATE 42704); correct or leave out");
    }
}

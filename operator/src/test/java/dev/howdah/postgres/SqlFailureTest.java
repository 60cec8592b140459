// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.postgres.SqlFailure.Kind;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailureTest {
    @ParameterizedTest
    @CsvSource({
        "08000, Uncertain",
        "08006, Uncertain",
        "08001, Uncertain",
        "40001, Transient",
        "40P01, Transient",
        "53300, Transient",
        "53100, Transient",
        "53400, Transient",
        "55P03, Transient",
        "57P01, Transient",
        "57P02, Transient",
        "57P03, Transient",
        "57P05, Transient",
        "57014, Transient",
        "23505, Transient",
        "42710, Transient",
        "42P04, Transient",
        "3D000, Transient",
        "42704, Transient",
        "42501, NeedsAction",
        "0A000, NeedsAction",
        "58P01, NeedsAction",
        "2BP01, NeedsAction",
        "55006, NeedsAction",
        "55000, NeedsAction",
        "22023, NeedsAction",
        "0LP01, NeedsAction",
        "28000, NeedsAction",
        "28P01, NeedsAction",
        "42601, Bug",
        "42P01, Bug",
        "XX000, Bug",
        "22P02, Bug",
        "'', Bug"
    })
    void every_class_of_sqlstate_has_its_kind(String state, Kind kind) {
        assertThat(SqlFailure.of("do it", new SQLException("no", state)).kind()).isEqualTo(kind);
    }

    @Test
    void two_sessions_at_one_catalog_row_is_no_bug() {
        assertThat(SqlFailure.kind("XX000", "tuple concurrently updated")).isEqualTo(Kind.Transient);
    }

    @Test
    void marks_of_our_own_come_first() {
        assertThat(SqlFailure.of("x", new SQLException("invalid input: \"" + SqlFailure.FENCED_OUT + ", 7\"", "22P02"))
                        .kind())
                .isEqualTo(Kind.FencedOut);
        assertThat(SqlFailure.of("x", new SQLException("invalid input: \"" + SqlFailure.MOVED_ON + ", 0\"", "22P02"))
                        .kind())
                .isEqualTo(Kind.Transient);
    }

    @Test
    void a_warning_is_a_failure() {
        assertThat(SqlFailure.warning("grant", "01007", "no privileges were granted")
                        .kind())
                .isEqualTo(Kind.NeedsAction);
        assertThat(SqlFailure.warning("revoke", "01006", "no privileges could be revoked")
                        .kind())
                .isEqualTo(Kind.NeedsAction);
        // A wait for a standby that was cancelled: the change is there already.
        assertThat(SqlFailure.warning("commit", "01000", "canceling wait").kind())
                .isEqualTo(Kind.Uncertain);
    }

    @Test
    void it_says_what_was_tried_and_what_the_server_said() {
        assertThat(SqlFailure.of("create role x", new SQLException("denied\nsecond line", "42501"))
                        .explanation())
                .isEqualTo("create role x: denied (SQLSTATE 42501)");
        assertThat(SqlFailure.of("x", new SQLException((String) null)).explanation())
                .contains("SQLException");
    }
}

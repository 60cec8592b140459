// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.claim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestValueTest {
    @Test
    void what_is_short_and_plain_is_kept_as_it_is() {
        assertThat(RequestValue.of("2026-11-27 by the DBA")).contains("2026-11-27 by the DBA");
        assertThat(RequestValue.of("x".repeat(128))).contains("x".repeat(128));
    }

    @Test
    void nothing_asks_for_nothing() {
        assertThat(RequestValue.of("")).isEmpty();
    }

    @Test
    void what_a_database_or_a_status_could_not_hold_is_kept_as_its_hash() {
        for (var odd : new String[] {"a\u0000b", "x".repeat(200_000), "grün", "\ud800"}) {
            var kept = RequestValue.of(odd).orElseThrow();
            assertThat(kept).startsWith("sha256:").hasSize(71);
            assertThat(RequestValue.of(odd)).contains(kept);
            assertThat(RequestValue.of(odd + "1")).isNotEqualTo(RequestValue.of(odd));
        }
    }
}

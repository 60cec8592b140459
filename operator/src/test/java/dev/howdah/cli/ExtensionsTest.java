// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code howdah extensions}: the table is in docs/cli.md. */
class ExtensionsTest {
    private static final String FLEET = "examples/extensions";

    @Test
    void what_is_no_longer_allowed_is_a_finding_and_what_will_be_is_none() {
        var outcome = new Terminal().run("extensions", "-f", FLEET, "-o", "yaml");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .containsSubsequence(
                        "extension: citext",
                        "update: \"1.8\"",
                        "retires: 2027-03-01T00:00:00Z",
                        "against: []",
                        "extension: hstore",
                        "policy: fleet-extensions",
                        "mode: Enforce",
                        "retired since 2026-06-01T00:00:00Z",
                        "extension: pg_trgm",
                        "claim: fleet/search",
                        "asked: false",
                        "extension: pg_trgm",
                        "version: \"1.5\"",
                        "update: \"1.6\"",
                        "claim: fleet/stock");
    }

    @Test
    void nothing_in_use_is_fine() {
        var outcome = new Terminal().run("extensions", "-f", FLEET, "-n", "nowhere");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).isEqualTo("No claim has an extension.\n");
    }

    @Test
    void json_has_the_same_facts() {
        assertThat(new Terminal().run("extensions", "-f", FLEET, "-o", "json").out())
                .contains("\"extension\" : \"hstore\"", "\"against\" : [ {");
    }
}

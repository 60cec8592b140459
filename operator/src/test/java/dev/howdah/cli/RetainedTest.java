// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** {@code howdah retained} over what servers say in their statuses. */
class RetainedTest {
    private static final String OBJECTS = "src/test/resources/cli/retained.yaml";

    @Test
    void what_is_kept_why_and_until_when() {
        var outcome = new Terminal().run("retained", "-f", OBJECTS, "--server", "shared-eu");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .contains("shop_old", "shop/old", "for good", "7.6Mi", "spec.adoptions")
                .contains("shop_tmp", "2026-11-27", "with Delete", "1.2Gi")
                .contains("pay_lost", "unknown", "was found")
                .doesNotContain("shop_away", "more are kept");
        var shown = Documented.words("howdah retained");
        assertThat(Documented.plain(outcome.out())).isEqualTo(shown);
    }

    @Test
    void one_namespace() {
        var outcome = new Terminal().run("retained", "-f", OBJECTS, "--server", "shared-eu", "-n", "pay");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("pay_lost").doesNotContain("shop_");
    }

    @Test
    void what_is_not_known_is_a_finding() throws JsonProcessingException {
        var outcome = new Terminal().run("retained", "-f", OBJECTS, "-o", "json");
        assertThat(outcome.exit()).isEqualTo(1);
        var json = new ObjectMapper().readTree(outcome.out());
        assertThat(json.at("/retained")).hasSize(4);
        assertThat(json.at("/retained/0/server").asText()).isEqualTo("away");
        assertThat(json.at("/retained/0/waiting").asText()).contains("another database on server \"shared-eu\"");
        assertThat(json.at("/retained/1/claim").asText()).isEqualTo("shop/old");
        assertThat(json.at("/notAsked/0").asText()).isEqualTo("away");
        assertThat(json.at("/unlisted").asInt()).isEqualTo(119);
        var missing = new Terminal().run("retained", "-f", OBJECTS, "--server", "no-such");
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.out()).contains("there is no PostgresServer \"no-such\"");
    }

    @Test
    void nothing_is_kept() {
        var outcome = new Terminal().run("retained", "-f", "examples/platform/server-shared-18.yaml");
        assertThat(outcome.out()).contains("Nothing is kept that no claim has.");
        assertThat(outcome.exit()).as("it was never asked").isEqualTo(1);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({"0, PT0S", "168h, PT168H", "1h30m, PT1H30M", "90s, PT90S", "1h1m1s, PT1H1M1S", "0h, PT0S"})
    void reads_what_kubernetes_writes(String text, Duration expected) {
        assertThat(DurationText.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1d", "-1h", "1h ", "1m1h", "1.5h", "h", "9999999999h", "ten minutes"})
    void names_what_it_cannot_read(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse(text))
                .withMessageContaining("\"" + text + "\"")
                .withMessageContaining("168h");
    }

    @Test
    void the_longest_fits() {
        assertThat(DurationText.parse("999999999h")).isEqualTo(Duration.ofHours(999_999_999));
    }
}

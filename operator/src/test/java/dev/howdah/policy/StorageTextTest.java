// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StorageTextTest {
    @Test
    void what_is_left_is_told_in_few_digits_and_never_as_more_than_it_is() {
        assertThat(StorageText.floor(0)).isEqualTo("0");
        assertThat(StorageText.floor(5L << 30)).isEqualTo("5Gi");
        assertThat(StorageText.floor(10_000_000_000L - (5L << 30))).isEqualTo("4416Mi");
        assertThat(StorageText.floor((100L << 30) - 1)).isEqualTo("99Gi");
        assertThat(StorageText.floor(10_239)).isEqualTo("10239");
        assertThat(StorageText.floor(Long.MAX_VALUE)).isEqualTo("8191Pi");
    }
}

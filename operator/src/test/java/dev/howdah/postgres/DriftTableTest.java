// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What docs/drift.md says is what {@link DriftTableIT} tries. */
class DriftTableTest {
    @Test
    void the_table_is_that_of_the_cases() {
        assertThat(Path.of("..", "docs", "drift.md")).content().contains(DriftCase.table());
    }
}

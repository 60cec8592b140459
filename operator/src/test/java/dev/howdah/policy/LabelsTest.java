// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelsTest {
    private static final Map<String, String> LABELS = Map.of("tier", "shared", "zone", "b");

    private static LabelSelector expression(String key, String operator, String... values) {
        return new LabelSelectorBuilder()
                .addNewMatchExpression()
                .withKey(key)
                .withOperator(operator)
                .withValues(values)
                .endMatchExpression()
                .build();
    }

    @Test
    void labels_and_expressions_as_the_api_server_reads_them() {
        assertThat(Labels.match(new LabelSelector(), null)).isTrue();
        assertThat(Labels.match(
                        new LabelSelectorBuilder()
                                .addToMatchLabels("tier", "shared")
                                .build(),
                        LABELS))
                .isTrue();
        assertThat(Labels.match(
                        new LabelSelectorBuilder()
                                .addToMatchLabels("tier", "own")
                                .build(),
                        LABELS))
                .isFalse();
        assertThat(Labels.match(expression("zone", "In", "a", "b"), LABELS)).isTrue();
        assertThat(Labels.match(expression("zone", "In", "a"), LABELS)).isFalse();
        assertThat(Labels.match(expression("zone", "NotIn", "b"), LABELS)).isFalse();
        assertThat(Labels.match(expression("none", "NotIn", "b"), LABELS)).isTrue();
        assertThat(Labels.match(expression("zone", "Exists"), LABELS)).isTrue();
        assertThat(Labels.match(expression("zone", "DoesNotExist"), LABELS)).isFalse();
        assertThat(Labels.match(expression("none", "DoesNotExist"), null)).isTrue();
        assertThat(Labels.match(expression("zone", "Sideways"), LABELS)).isFalse();
    }
}

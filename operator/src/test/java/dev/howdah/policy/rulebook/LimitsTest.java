// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rulebook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.policy.Guards;
import dev.howdah.policy.rulebook.Limits.Span;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static Limits limits(String yaml) {
        return Guards.policy("p", "limits: " + yaml)
                .rulebook()
                .policies()
                .getFirst()
                .limits();
    }

    @Test
    void a_range_of_numbers() {
        var span = new Span(10L, 20L);
        assertThat(span.contains(10)).isTrue();
        assertThat(span.contains(20)).isTrue();
        assertThat(span.beyond(7)).isEqualTo(-3);
        assertThat(span.beyond(25)).isEqualTo(5);
        assertThat(span.nearest(7)).isEqualTo(10);
        assertThat(span.nearest(25)).isEqualTo(20);
        assertThat(new Span(null, 20L).beyond(Long.MAX_VALUE)).isPositive();
        assertThat(new Span(1L, null).beyond(Long.MIN_VALUE)).isNegative();
        assertThat(new Span(null, null).describe(String::valueOf)).isEqualTo("anything");
        assertThat(new Span(1L, null).describe(String::valueOf)).isEqualTo("at least 1");
    }

    @Test
    void a_waiver_moves_the_bounds_it_gives_and_makes_lists_longer() {
        var widened = limits("""
                        {parameters: {work_mem: {min: 4MB, max: 64MB}}, extensions: [{name: a, versions: ["1"]}, {name: b}],
                         storage: {min: 2Gi, max: 4Gi}, majorVersions: [17], otherParameters: Deny}""").widenedBy(limits("""
                        {parameters: {work_mem: {max: 256MB}, temp_buffers: {max: 1MB}}, extensions: [{name: a, versions: ["2"]},
                         {name: c}], storage: {max: 9Gi}, majorVersions: [18], connections: {max: 5}, otherParameters: Allow}"""));
        assertThat(widened.parameter(18, "work_mem").describe()).isEqualTo("from 4MB to 256MB");
        assertThat(widened.parameter(18, "temp_buffers")).isNull();
        assertThat(widened.extensions()).isEqualTo(Map.of("a", Set.of("1", "2"), "b", Set.of(), "c", Set.of()));
        assertThat(widened.storage()).isEqualTo(new Span(2L << 30, 9L << 30));
        assertThat(widened.majorVersions()).containsExactly(17, 18);
        assertThat(widened.connections()).isNull();
        assertThat(widened.othersDenied()).isFalse();
    }

    @Test
    void a_waiver_never_narrows() {
        var wide = limits("{storage: {max: 100Gi}, parameters: {work_mem: {max: 1GB}}}");
        var widened = wide.widenedBy(limits("{storage: {max: 1Gi}, parameters: {work_mem: {max: 1MB}}}"));
        assertThat(widened).isEqualTo(wide);
        assertThat(wide.widenedBy(Limits.NONE)).isEqualTo(wide);
    }

    @Test
    void two_waivers_together_allow_what_either_does() {
        var together = Limits.together(List.of(
                limits("{connections: {max: 5}}"), limits("{connections: {min: 2, max: 9}, storage: {max: 1Gi}}")));
        assertThat(together.connections()).isEqualTo(new Span(2L, 9L));
        assertThat(together.storage()).isEqualTo(new Span(null, 1L << 30));
    }
}

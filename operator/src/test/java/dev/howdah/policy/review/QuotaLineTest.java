// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.policy.Charge;
import dev.howdah.policy.Guards;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.merge.Subject;
import dev.howdah.policy.rulebook.Rulebook;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuotaLineTest {
    private static final int CASES = 200;

    private static Subject request(int order, int gibibytes, Rulebook rulebook, List<Charge> charges) {
        var base = Guards.NONE.subject(
                new DatabaseClaimSpec(null, null, gibibytes + "Gi", null, null, null, null, null, null));
        return new Subject(
                "shop",
                Guards.LABELS,
                "claim-" + order,
                base.spec(),
                base.terms(),
                new TreeMap<>(),
                null,
                null,
                rulebook,
                charges,
                Guards.NOW);
    }

    private static boolean admitted(Review review) {
        return review.verdict() instanceof Verdict.Admitted;
    }

    @Test
    void who_comes_first_gets_it_and_one_that_does_not_fit_stops_no_smaller_one() {
        var rulebook = Guards.policy("team", "quota: {storage: 10Gi}").rulebook();
        var first = request(1, 6, rulebook, List.of());
        var large = request(2, 8, rulebook, List.of());
        var small = request(3, 4, rulebook, List.of());
        var next = request(4, 1, rulebook, List.of());
        assertThat(admitted(QuotaLine.review(first, List.of()))).isTrue();
        assertThat(admitted(QuotaLine.review(large, List.of(first)))).isFalse();
        assertThat(admitted(QuotaLine.review(small, List.of(first, large)))).isTrue();
        assertThat(admitted(QuotaLine.review(next, List.of(first, large, small))))
                .isFalse();
    }

    @Test
    void one_that_is_refused_for_something_else_takes_no_place() {
        var rulebook = Guards.policy("team", "quota: {storage: 10Gi}\nlimits: {storage: {max: 9Gi}}")
                .rulebook();
        var refused = request(1, 10, rulebook, List.of());
        assertThat(admitted(QuotaLine.review(request(2, 9, rulebook, List.of()), List.of(refused))))
                .isTrue();
    }

    @Test
    void it_matters_where_a_quota_is_enforced() {
        var spec = DatabaseClaimSpec.EMPTY;
        assertThat(QuotaLine.matters(Guards.policy("p", "quota: {databases: 1}").subject(spec)))
                .isTrue();
        assertThat(QuotaLine.matters(Guards.policy("p", "quota: {}").subject(spec)))
                .isFalse();
        assertThat(QuotaLine.matters(Guards.policy("p", "enforcement: Warn\nquota: {databases: 1}")
                        .subject(spec)))
                .isFalse();
        assertThat(QuotaLine.matters(Guards.policy("p", "target: {classNames: [large]}\nquota: {databases: 1}")
                        .subject(spec)))
                .isFalse();
    }

    /** A growing claim's own charge is replaced, not added to. */
    @Test
    void growth_before_it_in_the_line() {
        var guards = Guards.policy("team", "quota: {storage: 20Gi}").bound("storage: 5Gi");
        var growing = guards.subject(Guards.spec("storage: 15Gi"));
        var charges = List.of(Guards.charge("orders", 5, 20));
        assertThat(admitted(QuotaLine.review(request(2, 5, guards.rulebook(), charges), List.of(growing))))
                .isTrue();
        assertThat(admitted(QuotaLine.review(request(2, 6, guards.rulebook(), charges), List.of(growing))))
                .isFalse();
    }

    @Test
    void the_order_in_which_requests_are_heard_of_does_not_matter() {
        for (int index = 0; index < CASES; index++) {
            var cases = GuardrailCases.of(index);
            var random = cases.random();
            var quota = 1 + random.nextInt(30);
            var rulebook = Guards.policy("team", "quota: {storage: %dGi}".formatted(quota))
                    .rulebook();
            var sizes = IntStream.range(0, 2 + random.nextInt(6))
                    .map(i -> 1 + random.nextInt(12))
                    .toArray();
            var expected = new ArrayList<Integer>();
            int held = 0;
            for (int i = 0; i < sizes.length; i++) {
                if (held + sizes[i] <= quota) {
                    held += sizes[i];
                    expected.add(i);
                }
            }
            assertThat(heard(cases, sizes, rulebook))
                    .as("-Dhowdah.seed=%d, case %d", GuardrailCases.SEED, index)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    /** Each is tried whenever it is heard of, in any order and more than once, until nothing moves. */
    private static List<Integer> heard(GuardrailCases cases, int[] sizes, Rulebook rulebook) {
        var charges = new ArrayList<Charge>();
        var admitted = new ArrayList<Integer>();
        for (int round = 0; round < sizes.length * 4; round++) {
            int heard = round < sizes.length * 3 ? cases.random().nextInt(sizes.length) : round % sizes.length;
            if (admitted.contains(heard)) {
                continue;
            }
            var before = IntStream.range(0, heard)
                    .filter(i -> !admitted.contains(i))
                    .mapToObj(i -> request(i, sizes[i], rulebook, List.of()))
                    .toList();
            if (admitted(QuotaLine.review(request(heard, sizes[heard], rulebook, List.copyOf(charges)), before))) {
                admitted.add(heard);
                charges.add(Guards.charge("claim-" + heard, sizes[heard], 20));
            }
        }
        return admitted;
    }
}

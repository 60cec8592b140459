// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Guards;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.Violation;
import org.junit.jupiter.api.Test;

class ModesTest {
    private static final String ASKED = "parameters: {work_mem: 128MB}";

    private static Guards limit(Enforcement mode) {
        return Guards.policy("baseline", "enforcement: " + mode + "\nlimits: {parameters: {work_mem: {max: 64MB}}}");
    }

    @Test
    void enforce_refuses() {
        var review = limit(Enforcement.Enforce).review(ASKED);
        assertThat(review.verdict()).isInstanceOf(Verdict.Denied.class);
        assertThat(review.told()).hasSize(1);
    }

    @Test
    void warn_lets_through_and_tells() {
        var review = limit(Enforcement.Warn).review(ASKED);
        assertThat(Guards.admitted(review).claim().parameters()).containsEntry("work_mem", "128MB");
        assertThat(review.told()).singleElement().satisfies(violation -> {
            assertThat(violation.mode()).isEqualTo(Enforcement.Warn);
            assertThat(violation.blocks()).isFalse();
        });
        assertThat(review.breach(null)).contains(Reason.PolicyViolation);
    }

    @Test
    void audit_is_between_the_policy_and_its_author() {
        var review = limit(Enforcement.Audit).review(ASKED);
        assertThat(Guards.admitted(review).claim().parameters()).containsEntry("work_mem", "128MB");
        assertThat(review.told()).isEmpty();
        assertThat(review.breach(null)).isEmpty();
        assertThat(review.violations()).extracting(Violation::mode).containsExactly(Enforcement.Audit);
    }

    @Test
    void what_no_policy_says_always_holds() {
        var review = Guards.NONE.review("parameters: {work_men: 1MB}");
        assertThat(review.verdict()).isInstanceOf(Verdict.Denied.class);
        assertThat(review.told()).hasSize(1);
    }

    @Test
    void only_the_claims_of_a_policys_target() {
        var limits = "\nlimits: {parameters: {work_mem: {max: 64MB}}}";
        assertThat(Guards.policy("p", "target: {namespaceSelector: {matchLabels: {env: prod}}}" + limits)
                        .refused(ASKED))
                .hasSize(1);
        assertThat(Guards.policy("p", "target: {namespaceSelector: {matchLabels: {env: dev}}}" + limits)
                        .refused(ASKED))
                .isEmpty();
        assertThat(Guards.policy("p", "target: {classNames: [standard]}" + limits)
                        .refused(ASKED))
                .hasSize(1);
        assertThat(Guards.policy("p", "target: {classNames: [large]}" + limits).refused(ASKED))
                .isEmpty();
        assertThat(Guards.policy("p", "target: {}" + limits).refused(ASKED)).hasSize(1);
        assertThat(Guards.policy(
                                "p",
                                "target: {namespaceSelector: {matchLabels: {env: prod}}, classNames: [large]}" + limits)
                        .refused(ASKED))
                .isEmpty();
    }
}

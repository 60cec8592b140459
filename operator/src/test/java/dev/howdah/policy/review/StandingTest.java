// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Guards;
import dev.howdah.policy.Violation;
import org.junit.jupiter.api.Test;

/** Rules that move under a claim that runs. */
class StandingTest {
    private static final String ASKED = "{storage: 50Gi, connections: 200, parameters: {work_mem: 128MB}, extensions: "
            + "[{name: cube}], deletionPolicy: Delete}";
    private static final String TIGHT =
            "limits: {storage: {max: 20Gi}, connections: {max: 100}, parameters: {work_mem: {min: 1MB, max: 64MB}}, extensions: "
                    + "[], deletionPolicies: [Retain], majorVersions: [17], classNames: [large], accessRoles: [ReadOnly], "
                    + "otherParameters: Deny}\nquota: {databases: 0, storage: 1Gi, connections: 1}";
    private static final Guards TIGHTENED = Guards.NONE.bound(ASKED).and("tight", TIGHT);

    @Test
    void a_limit_that_comes_later_refuses_and_takes_nothing() {
        var review = TIGHTENED.review(ASKED);
        assertThat(Guards.admitted(review).claim()).isEqualTo(Guards.NONE.admitted(ASKED));
        assertThat(review.told())
                .extracting(Violation::path)
                .containsExactlyInAnyOrder(
                        "storage",
                        "connections",
                        "parameters.work_mem",
                        "extensions.cube",
                        "deletionPolicy",
                        "majorVersion",
                        "className",
                        "access.app");
        assertThat(review.breach(TIGHTENED.accepted())).contains(Reason.PolicyViolation);
    }

    @Test
    void changes_elsewhere_go_on() {
        assertThat(TIGHTENED
                        .admitted(ASKED.replace("deletionPolicy: Delete", "schemas: [public, audit]"))
                        .schemas())
                .containsExactly("public", "audit");
    }

    @Test
    void what_gets_better_and_is_not_good_yet_goes_on() {
        assertThat(TIGHTENED.refused(
                        ASKED.replace("128MB", "100MB").replace("50Gi", "30Gi").replace("200", "150")))
                .isEmpty();
        assertThat(TIGHTENED.refused("{}")).isEmpty();
    }

    @Test
    void what_gets_worse_is_refused() {
        assertThat(TIGHTENED.refused(ASKED.replace("128MB", "129MB")))
                .extracting(Violation::path)
                .containsExactly("parameters.work_mem");
        assertThat(TIGHTENED.refused(ASKED.replace("50Gi", "51Gi")))
                .extracting(Violation::reason)
                .containsExactly(Reason.ValueOutOfRange, Reason.QuotaExceeded);
        assertThat(TIGHTENED.refused(ASKED.replace("name: cube", "name: hstore")))
                .extracting(Violation::path)
                .containsExactly("extensions.hstore");
        assertThat(TIGHTENED.refused(ASKED.replace("work_mem: 128MB", "work_mem: 128MB, temp_buffers: 1MB")))
                .extracting(Violation::path)
                .containsExactly("parameters.temp_buffers");
    }

    @Test
    void from_above_a_range_to_below_it_is_no_improvement() {
        assertThat(TIGHTENED.refused(ASKED.replace("128MB", "512kB")))
                .extracting(Violation::path)
                .containsExactly("parameters.work_mem");
    }

    @Test
    void without_limit_to_some_limit_is_an_improvement() {
        var guards = Guards.NONE
                .bound("parameters: {statement_timeout: \"0\"}")
                .and("late", "limits: {parameters: {statement_timeout: {max: 1min}}}");
        assertThat(guards.refused("parameters: {statement_timeout: \"0\"}")).isEmpty();
        assertThat(guards.refused("parameters: {statement_timeout: 10min}")).isEmpty();
        assertThat(guards.bound("parameters: {statement_timeout: 10min}")
                        .refused("parameters: {statement_timeout: \"0\"}"))
                .hasSize(1);
    }

    @Test
    void the_same_value_in_another_spelling_is_the_same() {
        assertThat(TIGHTENED.refused(ASKED.replace("128MB", "131072kB"))).isEmpty();
        var denied =
                Guards.NONE.bound("parameters: {temp_buffers: 8MB}").and("closed", "limits: {otherParameters: Deny}");
        assertThat(denied.refused("parameters: {temp_buffers: 8192kB}")).isEmpty();
        assertThat(denied.refused("parameters: {temp_buffers: 16MB}")).hasSize(1);
    }

    @Test
    void what_was_put_right_cannot_go_back() {
        var better = TIGHTENED.bound(ASKED.replace("128MB", "64MB"));
        assertThat(better.refused(ASKED)).extracting(Violation::path).containsExactly("parameters.work_mem");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Guards;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.Violation;
import dev.howdah.policy.merge.Subject;
import org.junit.jupiter.api.Test;

class ClaimReviewTest {
    private static Review named(String namespace, String name, DatabaseClaimSpec spec) {
        var subject = Guards.NONE.subject(spec);
        return ClaimReview.review(new Subject(
                namespace,
                subject.namespaceLabels(),
                name,
                spec,
                subject.terms(),
                subject.classParameters(),
                null,
                null,
                subject.rulebook(),
                subject.charges(),
                subject.now()));
    }

    private static void refused(Review review, String path) {
        assertThat(review.verdict())
                .isInstanceOfSatisfying(
                        Verdict.Denied.class,
                        denied -> assertThat(denied.violations())
                                .singleElement()
                                .satisfies(violation -> {
                                    assertThat(violation.reason()).isEqualTo(Reason.InvalidSpec);
                                    assertThat(violation.path()).isEqualTo(path);
                                    assertThat(violation.message()).startsWith("`" + path + "`: ");
                                }));
    }

    @Test
    void a_database_name_that_is_taken_by_a_provider() {
        refused(named("azure", "sys", DatabaseClaimSpec.EMPTY), "metadata.name");
        refused(named("pg", "orders", DatabaseClaimSpec.EMPTY), "metadata.namespace");
    }

    @Test
    void all_faults_are_told_at_once() {
        var review = named("pg", "orders", Guards.spec("""
                        majorVersion: 15
                        storage: none
                        connections: -1
                        schemas: [pg_x]
                        access: []
                        parameters: {role: x, work_men: 1MB}
                        extensions: [{name: a}, {name: a}]
                        """));
        assertThat(review.verdict())
                .isInstanceOfSatisfying(
                        Verdict.Denied.class,
                        denied -> assertThat(denied.violations())
                                .extracting(Violation::path)
                                .containsExactly(
                                        "storage",
                                        "connections",
                                        "extensions.a",
                                        "metadata.namespace",
                                        "majorVersion",
                                        "schemas",
                                        "access",
                                        "parameters.role",
                                        "parameters.work_men"));
    }

    @Test
    void the_grounds_name_what_is_behind_them() {
        var guards = Guards.policy("base", "defaults: {parameters: {work_mem: 8MB}}")
                .and("limit", "limits: {parameters: {work_mem: {max: 64MB}}}");
        var grounds = Guards.admitted(guards.review("{}")).grounds();
        assertThat(grounds.behind()).containsOnlyKeys("DatabasePolicy/base");
        assertThat(grounds.spec()).isEqualTo(DatabaseClaimSpec.EMPTY);
        assertThat(Guards.admitted(guards.review("parameters: {work_mem: 1MB}"))
                        .grounds()
                        .behind())
                .isEmpty();
    }

    @Test
    void a_message_fits_the_status() {
        var values = new StringBuilder();
        for (int i = 0; i < 64; i++) {
            values.append("zone").append(i).append("z".repeat(500)).append(", ");
        }
        var guards =
                Guards.policy("long", "limits: {parameters: {application_name: {oneOf: [" + values.append("last]}}}"));
        var violation = guards.refused("parameters: {application_name: other}").getFirst();
        assertThat(violation.message()).hasSizeGreaterThan(2048);
        assertThat(violation.toStatus().message()).hasSize(2048).endsWith("…");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rulebook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.policy.Guards;
import dev.howdah.policy.rulebook.Contradictions.Contradiction;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContradictionsTest {
    private static List<Contradiction> between(String one, String other) {
        return Contradictions.among(
                Guards.policy("one", one).and("other", other).rulebook().policies());
    }

    @Test
    void nothing_satisfies_both() {
        var found = between("""
                limits:
                  parameters: {work_mem: {max: 64MB}}
                  storage: {max: 20Gi}
                  connections: {max: 5}
                  majorVersions: [17]
                  classNames: [small]
                  accessRoles: [Owner]
                  deletionPolicies: [Retain]
                """, """
                limits:
                  parameters: {work_mem: {min: 128MB}}
                  storage: {min: 50Gi}
                  connections: {min: 6}
                  majorVersions: [18]
                  classNames: [large]
                  accessRoles: [ReadOnly]
                  deletionPolicies: [Delete]
                """);
        assertThat(found)
                .extracting(Contradiction::path)
                .containsExactly(
                        "parameters.work_mem",
                        "storage",
                        "connections",
                        "majorVersions",
                        "classNames",
                        "accessRoles",
                        "deletionPolicies");
        var storage = found.get(1);
        assertThat(storage.message(storage.one()))
                .isEqualTo(
                        "`limits.storage`: at most 20Gi, but policy \"other\" for the same claims wants at least 50Gi, and nothing satisfies both; correct one of them");
        assertThat(storage.message(storage.other()))
                .isEqualTo(
                        "`limits.storage`: at least 50Gi, but policy \"one\" for the same claims wants at most 20Gi, and nothing satisfies both; correct one of them");
    }

    @Test
    void those_of_one_policy_come_as_they_do_among_all() {
        var policies = Guards.policy("a", "limits: {connections: {max: 5}}")
                .and("b", "limits: {connections: {min: 6, max: 10}}")
                .and("c", "limits: {connections: {min: 20}}")
                .and("d", "enforcement: Warn\nlimits: {connections: {min: 30}}")
                .rulebook()
                .policies();
        var all = Contradictions.among(policies);
        assertThat(all).hasSize(3);
        assertThat(policies)
                .allSatisfy(policy -> assertThat(Contradictions.of(policy, policies))
                        .containsExactlyElementsOf(all.stream()
                                .filter(pair -> pair.one() == policy || pair.other() == policy)
                                .toList()));
        assertThat(Contradictions.of(policies.getFirst(), policies.subList(1, 4)))
                .isEmpty();
    }

    @Test
    void something_satisfies_both() {
        assertThat(between(
                        "limits: {parameters: {work_mem: {max: 64MB}}, extensions: [{name: a}], majorVersions: [17, 18]}",
                        "limits: {parameters: {work_mem: {min: 64MB}}, extensions: [{name: b}], majorVersions: [18]}"))
                .isEmpty();
    }

    @Test
    void a_policy_that_does_not_enforce_contradicts_nothing() {
        assertThat(between("limits: {connections: {max: 5}}", "enforcement: Warn\nlimits: {connections: {min: 6}}"))
                .isEmpty();
    }
}

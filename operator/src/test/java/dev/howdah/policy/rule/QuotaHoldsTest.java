// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import static dev.howdah.policy.rule.FindingsOf.broken;
import static dev.howdah.policy.rule.FindingsOf.holds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Charge;
import dev.howdah.policy.Demand;
import dev.howdah.policy.Guards;
import dev.howdah.policy.Violation;
import org.junit.jupiter.api.Test;

class QuotaHoldsTest {
    private static final Guards GUARDS =
            Guards.policy("team", "quota: {databases: 3, storage: 50Gi, connections: 100}");

    private static Charge retained(String claim, long gibibytes) {
        return new Charge(claim, "standard", new Demand(gibibytes << 30, 0), true);
    }

    @Test
    void it_fits() {
        holds(
                GUARDS.charged(Guards.charge("a", 20, 40), Guards.charge("b", 20, 40)),
                "{storage: 10Gi, connections: 20}");
        holds(Guards.policy("none", "quota: {}").charged(Guards.charge("a", 2000, 4000)), "{}");
    }

    @Test
    void one_database_too_many() {
        broken(
                GUARDS.charged(Guards.charge("a", 1, 1), Guards.charge("b", 1, 1), Guards.charge("c", 1, 1)),
                "{}",
                Reason.QuotaExceeded,
                "quota.databases",
                "`databases`: 1 wanted, \"shop\" has 0 of 3 left (quota of policy \"team\"); ask for less, delete what is not "
                        + "needed, or ask a DBA for a larger quota");
    }

    @Test
    void retained_databases_count_and_are_named() {
        broken(
                GUARDS.charged(Guards.charge("a", 24, 1), retained("tmp", 10), retained("orders-old", 10))
                        .but("team", "quota: {databases: 10, storage: 50Gi}"),
                "storage: 10Gi",
                Reason.QuotaExceeded,
                "storage",
                "`storage`: 10Gi wanted, \"shop\" has 6Gi of 50Gi left (quota of policy \"team\"; 2 retained databases hold "
                        + "20Gi: orders-old, tmp)");
    }

    @Test
    void every_part_is_told() {
        assertThat(GUARDS.charged(Guards.charge("a", 50, 100), Guards.charge("b", 0, 0), Guards.charge("c", 0, 0))
                        .refused("{}"))
                .extracting(Violation::path)
                .containsExactly("quota.databases", "storage", "connections");
    }

    @Test
    void only_what_it_is_for_is_counted() {
        var guards = Guards.policy("large", "target: {classNames: [standard]}\nquota: {databases: 1}")
                .charged(new Charge("a", "large", Demand.NONE, false));
        holds(guards, "{}");
        broken(
                guards.charged(new Charge("a", null, Demand.NONE, false)),
                "{}",
                Reason.QuotaExceeded,
                "quota.databases");
    }

    @Test
    void a_bound_claim_is_weighed_for_its_growth_only() {
        var bound = GUARDS.bound("{storage: 10Gi, connections: 20}");
        var lowered = bound.but("team", "quota: {databases: 0, storage: 1Gi, connections: 1}");
        holds(lowered, "{storage: 10Gi, connections: 20}");
        holds(lowered, "{storage: 9Gi, connections: 19, parameters: {work_mem: 1MB}}");
        broken(lowered, "{storage: 11Gi, connections: 20}", Reason.QuotaExceeded, "storage");
        broken(
                bound.charged(Guards.charge("a", 20, 81)),
                "{storage: 30Gi, connections: 21}",
                Reason.QuotaExceeded,
                "connections",
                "21 wanted, \"shop\" has 19 of 100 left");
    }

    @Test
    void numbers_beyond_all_bounds_do_not_wrap_around() {
        broken(GUARDS, "storage: 999999999999999Pi", Reason.QuotaExceeded, "storage");
        broken(
                GUARDS.charged(
                        new Charge("a", "standard", new Demand(Long.MAX_VALUE, 1), false),
                        new Charge("b", "standard", new Demand(Long.MAX_VALUE, 1), false)),
                "storage: 1Gi",
                Reason.QuotaExceeded,
                "storage",
                "has 0 of 50Gi left");
    }

    @Test
    void a_quota_of_a_watching_policy_refuses_nothing() {
        var guards = Guards.policy("team", "enforcement: Warn\nquota: {databases: 0}");
        holds(guards, "{}");
        assertThat(guards.review("{}").told()).extracting(Violation::reason).containsExactly(Reason.QuotaExceeded);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.howdah.policy.ExtensionOffer;
import dev.howdah.policy.Guards;
import dev.howdah.policy.ServerTraits;
import dev.howdah.policy.Source;
import dev.howdah.policy.ValueChain;
import dev.howdah.policy.ValueChain.Fate;
import dev.howdah.policy.ValueChain.Link;
import dev.howdah.policy.merge.ObjectConflict.Kind;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ParameterMergeTest {
    private static final String CLASS_16MB = "majorVersions: [17, 18]\ndefaults: {parameters: {work_mem: 16MB}}";

    private static ValueChain chain(Guards guards, String spec, String path) {
        return guards.review(spec).merged().chains().stream()
                .filter(chain -> chain.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static String workMem(Guards guards, String spec) {
        return guards.admitted(spec).parameters().get("work_mem");
    }

    @Test
    void each_layer_wins_over_the_one_below() {
        var defaults = Guards.policy("defaults", "defaults: {parameters: {work_mem: 8MB}}");
        var withClass = defaults.withClass(CLASS_16MB);
        var withOverride = withClass.and("overrides", "overrides: {parameters: {work_mem: 64MB}}");
        assertThat(workMem(Guards.NONE, "{}")).isNull();
        assertThat(workMem(defaults, "{}")).isEqualTo("8MB");
        assertThat(workMem(withClass, "{}")).isEqualTo("16MB");
        assertThat(workMem(withClass, "parameters: {work_mem: 32MB}")).isEqualTo("32MB");
        assertThat(workMem(withOverride, "parameters: {work_mem: 32MB}")).isEqualTo("64MB");
        assertThat(chain(withOverride, "parameters: {work_mem: 32MB}", "parameters.work_mem")
                        .links())
                .extracting(link -> link.source().text(), Link::value, Link::fate)
                .containsExactly(
                        tuple("DatabasePolicy/overrides", "64MB", Fate.InForce),
                        tuple("DatabaseClaim", "32MB", Fate.Outranked),
                        tuple("DatabaseClass/standard", "16MB", Fate.Outranked),
                        tuple("DatabasePolicy/defaults", "8MB", Fate.Outranked));
    }

    @Test
    void between_policies_priority_and_then_the_name() {
        var guards = Guards.policy("a", "defaults: {parameters: {work_mem: 1MB}}")
                .and("c", "priority: 5\ndefaults: {parameters: {work_mem: 3MB}}")
                .and("b", "priority: 5\ndefaults: {parameters: {work_mem: 2MB}}");
        assertThat(chain(guards, "{}", "parameters.work_mem").links())
                .extracting(link -> link.source().name(), Link::fate)
                .containsExactly(tuple("b", Fate.InForce), tuple("c", Fate.Outranked), tuple("a", Fate.Outranked));
        assertThat(guards.review("{}").merged().conflicts()).isEmpty();
    }

    @Test
    void two_policies_that_fight_over_one_override() {
        var guards = Guards.policy("a", "overrides: {parameters: {work_mem: 1MB}}")
                .and("b", "priority: 5\noverrides: {parameters: {work_mem: 2MB}}");
        assertThat(workMem(guards, "{}")).isEqualTo("2MB");
        assertThat(guards.review("{}").merged().conflicts()).singleElement().satisfies(conflict -> {
            assertThat(conflict.author().text()).isEqualTo("DatabasePolicy/a");
            assertThat(conflict.kind()).isEqualTo(Kind.Outranked);
            assertThat(conflict.message())
                    .isEqualTo(
                            "policy \"b\" overrides `parameters.work_mem` too and ranks higher; agree on one, or set priority");
        });
    }

    @Test
    void policies_that_do_not_enforce_are_previewed() {
        for (var mode : new String[] {"Warn", "Audit"}) {
            var guards = Guards.policy(
                    "later",
                    "enforcement: " + mode
                            + "\ndefaults: {parameters: {temp_buffers: 16MB}}\noverrides: {parameters: {work_mem: 64MB}}");
            assertThat(guards.admitted("parameters: {work_mem: 1MB}").parameters())
                    .containsEntry("work_mem", "1MB")
                    .doesNotContainKey("temp_buffers");
            assertThat(chain(guards, "parameters: {work_mem: 1MB}", "parameters.work_mem")
                            .links())
                    .extracting(Link::fate)
                    .containsExactly(Fate.Preview, Fate.InForce);
            assertThat(chain(guards, "{}", "parameters.temp_buffers").inForce()).isEmpty();
        }
    }

    @Test
    void a_class_value_that_breaks_a_limit_is_passed_over_and_is_the_fault_of_the_class() {
        var guards = Guards.policy(
                        "baseline",
                        "defaults: {parameters: {work_mem: 2MB}}\nlimits: {parameters: {work_mem: {max: 4MB}}}")
                .withClass(CLASS_16MB);
        assertThat(workMem(guards, "{}")).isEqualTo("2MB");
        var merged = guards.review("{}").merged();
        assertThat(merged.conflicts())
                .containsExactly(new ObjectConflict(
                        Source.ofClass("standard"),
                        "parameters.work_mem",
                        Kind.BreaksLimit,
                        "`parameters.work_mem`: 16MB breaks the limit of policy \"baseline\" (at most 4MB)"));
        assertThat(chain(guards, "{}", "parameters.work_mem").links())
                .extracting(Link::fate)
                .containsExactly(Fate.Conflicts, Fate.InForce);
    }

    @Test
    void an_override_that_breaks_the_limit_of_another_policy_is_passed_over() {
        var guards = Guards.policy("baseline", "limits: {parameters: {work_mem: {max: 4MB}}}")
                .and("wild", "overrides: {parameters: {work_mem: 1GB}}");
        assertThat(workMem(guards, "parameters: {work_mem: 3MB}")).isEqualTo("3MB");
        assertThat(guards.review("{}").merged().conflicts())
                .extracting(conflict -> conflict.author().text())
                .containsExactly("DatabasePolicy/wild");
    }

    @Test
    void a_value_of_the_class_that_stands_already_is_not_taken_away() {
        var bound = Guards.ofClass(CLASS_16MB).bound("{}");
        var tightened = bound.and("baseline", "limits: {parameters: {work_mem: {max: 4MB}}}");
        assertThat(workMem(tightened, "{}")).isEqualTo("16MB");
        assertThat(workMem(tightened, "connections: 5")).isEqualTo("16MB");
    }

    @Test
    void values_are_compared_truly() {
        var guards = Guards.policy("exact", "limits: {parameters: {maintenance_work_mem: {min: 1GB, max: 1GB}}}");
        assertThat(guards.admitted("parameters: {maintenance_work_mem: 1048576kB}")
                        .parameters())
                .containsEntry("maintenance_work_mem", "1GB");
        assertThat(Guards.policy("list", "limits: {parameters: {maintenance_work_mem: {oneOf: [1GB]}}}")
                        .refused("parameters: {maintenance_work_mem: 1024MB}"))
                .isEmpty();
        assertThat(guards.refused("parameters: {maintenance_work_mem: 1048577kB}"))
                .hasSize(1);
    }

    @Test
    void names_are_postgresqls_own() {
        assertThat(Guards.ofClass("majorVersions: [18]\ndefaults: {parameters: {Work_Mem: 16MB}}")
                        .admitted("parameters: {WORK_MEM: 1MB, datestyle: ISO}")
                        .parameters())
                .containsEntry("work_mem", "1MB")
                .containsEntry("DateStyle", "ISO")
                .hasSize(2);
    }

    @Test
    void what_the_version_does_not_have_is_not_applicable() {
        var guards = Guards.policy("new", "defaults: {parameters: {transaction_timeout: 1min}}")
                .withClass("majorVersions: [16]");
        assertThat(guards.admitted("{}").parameters()).isEmpty();
        assertThat(chain(guards, "{}", "parameters.transaction_timeout").links())
                .extracting(Link::fate)
                .containsExactly(Fate.NotApplicable);
        assertThat(guards.review("{}").merged().conflicts()).isEmpty();
    }

    @Test
    void what_the_server_cannot_set_is_not_applicable_and_told_to_the_author() {
        var guards = Guards.policy("logs", "overrides: {parameters: {log_min_duration_statement: 500ms}}");
        var plain = guards.on(new ServerTraits("eu", false, Set.of(), ExtensionOffer.NONE));
        assertThat(plain.admitted("{}").parameters()).isEmpty();
        assertThat(chain(plain, "{}", "parameters.log_min_duration_statement").links())
                .extracting(Link::fate)
                .containsExactly(Fate.NotApplicable);
        assertThat(plain.review("{}").merged().conflicts())
                .extracting(ObjectConflict::kind)
                .containsExactly(Kind.ServerCannot);
        assertThat(guards.admitted("{}").parameters()).containsEntry("log_min_duration_statement", "500ms");
        assertThat(guards.on(new ServerTraits("eu", false, Set.of("log_min_duration_statement"), ExtensionOffer.NONE))
                        .admitted("{}")
                        .parameters())
                .containsEntry("log_min_duration_statement", "500ms");
    }

    @Test
    void a_value_of_the_class_that_nobody_can_read_is_the_fault_of_the_class() {
        var guards = Guards.ofClass(
                "majorVersions: [18]\ndefaults: {parameters: {work_mem: plenty, work_men: 1MB, search_path: evil}}");
        assertThat(guards.admitted("{}").parameters()).isEmpty();
        assertThat(guards.review("{}").merged().conflicts())
                .extracting(ObjectConflict::path)
                .containsExactly("parameters.search_path", "parameters.work_mem", "parameters.work_men");
    }

    @Test
    void bounds_and_force_are_told() {
        var guards = Guards.policy("baseline", "limits: {parameters: {work_mem: {max: 64MB}}}")
                .and("watch", "enforcement: Audit\nlimits: {parameters: {work_mem: {max: 8MB}}}")
                .waived("w", Guards.TOMORROW, "{parameters: {work_mem: {max: 256MB}}}");
        var chain = chain(guards, "parameters: {work_mem: 100MB}", "parameters.work_mem");
        assertThat(chain.binding()).isEqualTo("configuration");
        assertThat(chain.bounds())
                .containsExactly(
                        new ValueChain.Bound("baseline", "Enforce", "at most 256MB", "w"),
                        new ValueChain.Bound("watch", "Audit", "at most 256MB", "w"));
    }
}

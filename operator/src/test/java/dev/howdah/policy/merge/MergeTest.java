// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.api.v1alpha1.DatabaseLocale;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.Guards;
import dev.howdah.policy.ValueChain.Fate;
import dev.howdah.policy.ValueChain.Link;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MergeTest {
    private static final long GIBIBYTE = 1L << 30;
    private static final Guards LARGE =
            Guards.ofClass("majorVersions: [17, 18]\ndefaults: {storage: 50Gi, connections: 200}");

    private static List<String> conflicts(Guards guards, String spec) {
        return guards.review(spec).merged().conflicts().stream()
                .map(ObjectConflict::message)
                .toList();
    }

    @Test
    void an_empty_spec_is_what_is_built_in() {
        assertThat(Guards.NONE.admitted("{}"))
                .isEqualTo(new EffectiveClaim(
                        "standard",
                        18,
                        5 * GIBIBYTE,
                        20,
                        new TreeMap<>(),
                        new DatabaseLocale(null, null, null),
                        List.of("public"),
                        List.of(),
                        List.of(new EffectiveClaim.Access("app", AccessRole.Owner, true, null, "orders-db")),
                        DeletionPolicy.Retain,
                        false,
                        CredentialTerms.NONE));
        assertThat(Guards.NONE.review("{}").merged().values())
                .containsExactly(new EffectiveValue("majorVersion", "18", "DatabaseClass/standard"));
    }

    @Test
    void a_claim_wins_over_its_class() {
        var guards = Guards.ofClass(
                "majorVersions: [17, 18]\ndefaults: {majorVersion: 18, storage: 1Gi, connections: 3, extensions: [{name: cube}], schemas: [a], deletionPolicy: Delete}");
        var silent = guards.admitted("{}");
        assertThat(silent.storage()).isEqualTo(GIBIBYTE);
        assertThat(silent.connections()).isEqualTo(3);
        assertThat(silent.extensionNames()).containsExactly("cube");
        assertThat(silent.schemas()).containsExactly("a");
        assertThat(silent.deletionPolicy()).isEqualTo(DeletionPolicy.Delete);
        var claim = guards.admitted("""
                majorVersion: 17
                storage: 2Gi
                connections: 5
                extensions: [{name: hstore, version: "1.8"}]
                schemas: [audit]
                access:
                  - {name: app, role: Owner, binding: true, connections: 3}
                  - {name: report, role: ReadOnly}
                  - {name: batch, role: ReadWrite, binding: false, secretName: elsewhere}
                deletionPolicy: Retain
                """);
        assertThat(claim.majorVersion()).isEqualTo(17);
        assertThat(claim.storage()).isEqualTo(2 * GIBIBYTE);
        assertThat(claim.connections()).isEqualTo(5);
        assertThat(claim.extensions()).containsExactly(new ExtensionRequest("hstore", "1.8"));
        assertThat(claim.schemas()).containsExactly("audit");
        assertThat(claim.deletionPolicy()).isEqualTo(DeletionPolicy.Retain);
        assertThat(claim.access())
                .extracting(EffectiveClaim.Access::secretName, EffectiveClaim.Access::binding)
                .containsExactly(tuple("orders-db", true), tuple("orders-report", false), tuple("elsewhere", false));
    }

    @Test
    void a_number_of_the_class_beyond_a_limit_is_passed_over_for_the_built_in_one() {
        var guards = LARGE.and("small", "limits: {storage: {max: 10Gi}, connections: {max: 100}}");
        var claim = guards.admitted("{}");
        assertThat(claim.storage()).isEqualTo(5 * GIBIBYTE);
        assertThat(claim.connections()).isEqualTo(20);
        assertThat(conflicts(guards, "{}"))
                .containsExactly(
                        "`defaults.storage`: 50Gi breaks the limit of policy \"small\" (at most 10Gi)",
                        "`defaults.connections`: 200 breaks the limit of policy \"small\" (at most 100)");
    }

    @Test
    void numbers_of_a_silent_claim_are_brought_within_the_limits() {
        var tiny = Guards.policy("tiny", "limits: {storage: {max: 2Gi}, connections: {max: 4}}");
        assertThat(tiny.admitted("{}").storage()).isEqualTo(2 * GIBIBYTE);
        assertThat(tiny.admitted("{}").connections()).isEqualTo(4);
        var huge = LARGE.and("huge", "limits: {storage: {min: 1Ti}, connections: {min: 500}}");
        assertThat(huge.admitted("{}").storage()).isEqualTo(1024 * GIBIBYTE);
        assertThat(huge.admitted("{}").connections()).isEqualTo(500);
    }

    @Test
    void a_bound_claim_that_is_silent_keeps_what_it_got() {
        var bound = LARGE.and("small", "limits: {storage: {max: 10Gi}, connections: {max: 30}}")
                .bound("{}");
        assertThat(bound.but("small", null).admitted("{}").demand())
                .isEqualTo(bound.admitted("{}").demand());
        var tightened = bound.but("small", "limits: {storage: {max: 1Gi}, connections: {max: 1}}");
        assertThat(tightened.admitted("schemas: [a]").demand())
                .isEqualTo(bound.admitted("{}").demand());
        assertThat(tightened.admitted("connections: 1").storage()).isEqualTo(5 * GIBIBYTE);
    }

    @Test
    void a_number_that_the_claim_takes_back_is_the_class_s_again() {
        var bound = LARGE.bound("connections: 5");
        assertThat(bound.admitted("{}").connections()).isEqualTo(200);
        assertThat(bound.and("small", "limits: {connections: {max: 10}}")
                        .admitted("{}")
                        .connections())
                .isEqualTo(10);
    }

    @Test
    void losing_numbers_are_in_the_chain() {
        assertThat(LARGE.review("connections: 5").merged().chains().stream()
                        .filter(chain -> chain.path().equals("connections"))
                        .findFirst()
                        .orElseThrow()
                        .links())
                .extracting(link -> link.source().text(), Link::value, Link::fate)
                .containsExactly(
                        tuple("DatabaseClaim", "5", Fate.InForce),
                        tuple("DatabaseClass/standard", "200", Fate.Outranked));
    }

    @Test
    void a_silent_claim_takes_another_version_where_the_preferred_one_is_not_allowed() {
        var guards = Guards.policy("old", "limits: {majorVersions: [15, 17]}");
        assertThat(guards.admitted("{}").majorVersion()).isEqualTo(17);
        assertThat(conflicts(guards, "{}"))
                .containsExactly("`defaults.majorVersion`: 18 is not a version that the policies for this claim allow");
    }

    @Test
    void a_silent_claim_is_kept_where_deleting_is_not_allowed() {
        var guards = Guards.policy("keep", "limits: {deletionPolicies: [Retain]}")
                .withClass("majorVersions: [18]\ndefaults: {deletionPolicy: Delete}");
        assertThat(guards.admitted("{}").deletionPolicy()).isEqualTo(DeletionPolicy.Retain);
        assertThat(conflicts(guards, "{}"))
                .containsExactly("`defaults.deletionPolicy`: Delete is not allowed by the policies for this claim");
    }

    @Test
    void extensions_of_the_class_that_are_not_allowed_are_passed_over() {
        var ofClass = Guards.ofClass("majorVersions: [18]\ndefaults: {extensions: [{name: cube}, {name: hstore}]}");
        var guards = ofClass.and("list", "limits: {extensions: [{name: hstore}]}");
        assertThat(guards.admitted("{}").extensionNames()).containsExactly("hstore");
        assertThat(conflicts(guards, "{}"))
                .containsExactly("`defaults.extensions`: \"cube\": the policies for this claim do not allow it");
        assertThat(ofClass.bound("{}")
                        .and("list", "limits: {extensions: [{name: hstore}]}")
                        .admitted("{}")
                        .extensionNames())
                .containsExactly("cube", "hstore");
    }

    @Test
    void an_extension_of_the_class_in_any_version_is_not_one_in_a_listed_version() {
        var guards = Guards.ofClass("majorVersions: [18]\ndefaults: {extensions: [{name: hstore}]}")
                .and("list", "limits: {extensions: [{name: hstore, versions: [\"1.7\"]}]}");
        assertThat(guards.refused("{}")).isEmpty();
        assertThat(guards.admitted("{}").extensionNames()).isEmpty();
    }

    @Test
    void what_comes_from_elsewhere_than_built_in_is_listed_with_its_source() {
        var guards = LARGE.and("base", "defaults: {parameters: {work_mem: 8MB}}");
        assertThat(guards.review("{connections: 7, parameters: {temp_buffers: 1MB}}")
                        .merged()
                        .values())
                .containsExactly(
                        new EffectiveValue("parameters.temp_buffers", "1MB", "DatabaseClaim"),
                        new EffectiveValue("parameters.work_mem", "8MB", "DatabasePolicy/base"),
                        new EffectiveValue("storage", "50Gi", "DatabaseClass/standard"),
                        new EffectiveValue("connections", "7", "DatabaseClaim"),
                        new EffectiveValue("majorVersion", "18", "DatabaseClass/standard"));
    }

    @Test
    void what_a_class_states_is_its_word_though_it_equals_the_built_in_value() {
        var stating = Guards.ofClass(
                "majorVersions: [18]\ndefaults: {storage: 5Gi, connections: 20, schemas: [public], deletionPolicy: Retain}");
        var ofClass = List.of(
                new EffectiveValue("storage", "5Gi", "DatabaseClass/standard"),
                new EffectiveValue("connections", "20", "DatabaseClass/standard"),
                new EffectiveValue("majorVersion", "18", "DatabaseClass/standard"),
                new EffectiveValue("deletionPolicy", "Retain", "DatabaseClass/standard"),
                new EffectiveValue("schemas", "[public]", "DatabaseClass/standard"));
        assertThat(stating.review("{}").merged().values()).isEqualTo(ofClass);
        assertThat(stating.bound("{}").review("{}").merged().values()).isEqualTo(ofClass);
        assertThat(stating.bound("{}")
                        .withClass("majorVersions: [18]")
                        .review("{}")
                        .merged()
                        .values())
                .as("pinned at binding, and so is who said it")
                .isEqualTo(ofClass);
        assertThat(Guards.ofClass("majorVersions: [18]")
                        .bound("{}")
                        .withClass("majorVersions: [18]\ndefaults: {storage: 5Gi, connections: 20}")
                        .review("{}")
                        .merged()
                        .values())
                .as("what was built in at binding is not the class's for saying the same later")
                .containsExactly(new EffectiveValue("majorVersion", "18", "DatabaseClass/standard"));
    }

    @Test
    void the_built_in_number_in_place_of_the_class_s_stays_built_in() {
        var bound = LARGE.and("small", "limits: {storage: {max: 10Gi}, connections: {max: 30}}")
                .bound("{}");
        assertThat(bound.review("{}").merged().values())
                .containsExactly(new EffectiveValue("majorVersion", "18", "DatabaseClass/standard"));
    }

    @Test
    void values_fit_the_status() {
        var many = new StringBuilder("schemas: [");
        for (int i = 0; i < 32; i++) {
            many.append("s".repeat(60)).append(i).append(", ");
        }
        assertThat(Guards.NONE.review(many.append("]").toString()).merged().values())
                .allSatisfy(value -> assertThat(value.value()).hasSizeLessThanOrEqualTo(1024));
    }
}

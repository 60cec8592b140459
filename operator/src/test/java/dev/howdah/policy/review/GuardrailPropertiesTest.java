// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabasePolicy;
import dev.howdah.api.v1alpha1.DatabasePolicySpec;
import dev.howdah.api.v1alpha1.DatabasePolicySpec.Settings;
import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.OtherParameters;
import dev.howdah.api.v1alpha1.PolicyLimits;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.ClassChoice;
import dev.howdah.policy.EffectiveClaim;
import dev.howdah.policy.Guards;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.Violation;
import dev.howdah.policy.rulebook.Rulebook;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds of every claim under every set of guardrails, on generated ones. */
class GuardrailPropertiesTest {
    private static final int CASES = 400;

    @BeforeAll
    static void tell() {
        System.out.printf("GuardrailPropertiesTest: -Dhowdah.seed=%d%n", GuardrailCases.SEED);
    }

    private static void each(Consumer<GuardrailCases> property) {
        for (int i = 0; i < CASES; i++) {
            try {
                property.accept(GuardrailCases.of(i));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dhowdah.seed=%d, case %d".formatted(GuardrailCases.SEED, i), e);
            }
        }
    }

    private static Review review(Guards guards, DatabaseClaimSpec spec) {
        return ClaimReview.review(guards.subject(spec));
    }

    private static boolean admitted(Review review) {
        return review.verdict() instanceof Verdict.Admitted;
    }

    private static Guards with(Guards guards, List<DatabasePolicy> policies) {
        return new Guards(
                guards.databaseClass(),
                policies,
                guards.waivers(),
                guards.accepted(),
                guards.server(),
                guards.charges(),
                guards.now());
    }

    private static <T> List<T> shuffled(GuardrailCases cases, List<T> list) {
        var copy = new ArrayList<>(list);
        Collections.shuffle(copy, cases.random());
        return copy;
    }

    private static <V> Map<String, V> reversed(Map<String, V> map) {
        var copy = new LinkedHashMap<String, V>();
        map.entrySet().stream().toList().reversed().forEach(entry -> copy.put(entry.getKey(), entry.getValue()));
        return copy;
    }

    private static DatabasePolicy reversed(DatabasePolicy policy) {
        var spec = policy.getSpec();
        var limits = spec.limits();
        var copy = new DatabasePolicy();
        copy.setMetadata(policy.getMetadata());
        copy.setSpec(new DatabasePolicySpec(
                spec.enforcement(),
                spec.target(),
                spec.priority(),
                spec.defaults() == null
                        ? null
                        : new Settings(
                                reversed(spec.defaults().parameters()),
                                spec.defaults().credentials()),
                spec.overrides() == null
                        ? null
                        : new Settings(
                                reversed(spec.overrides().parameters()),
                                spec.overrides().credentials()),
                limits == null || limits.parameters() == null ? limits : ranged(limits, reversed(limits.parameters())),
                spec.quota()));
        return copy;
    }

    private static PolicyLimits ranged(
            PolicyLimits limits, Map<String, dev.howdah.api.v1alpha1.ParameterLimit> parameters) {
        return new PolicyLimits(
                parameters,
                limits.otherParameters(),
                limits.extensions(),
                limits.majorVersions(),
                limits.classNames(),
                limits.storage(),
                limits.connections(),
                limits.accessRoles(),
                limits.deletionPolicies());
    }

    private static DatabaseClaimSpec reversed(DatabaseClaimSpec spec) {
        return spec.parameters() == null ? spec : with(spec, reversed(spec.parameters()));
    }

    private static DatabaseClaimSpec with(DatabaseClaimSpec spec, Map<String, String> parameters) {
        return new DatabaseClaimSpec(
                spec.className(),
                spec.majorVersion(),
                spec.storage(),
                spec.connections(),
                parameters,
                spec.extensions(),
                spec.schemas(),
                spec.access(),
                spec.deletionPolicy());
    }

    @Test
    void the_order_in_which_anything_comes_does_not_matter() {
        each(cases -> {
            var guards = cases.guards();
            var spec = cases.spec();
            var other = new Guards(
                    guards.databaseClass(),
                    shuffled(cases, guards.policies()).stream()
                            .map(GuardrailPropertiesTest::reversed)
                            .toList(),
                    shuffled(cases, guards.waivers()),
                    null,
                    guards.server(),
                    shuffled(cases, guards.charges()),
                    guards.now());
            assertThat(review(other, reversed(spec))).isEqualTo(review(guards, spec));
            var classes = List.of(guards.databaseClass(), Guards.databaseClass("large", "majorVersions: [18]"));
            assertThat(ClassChoice.choose(spec.className(), shuffled(cases, classes)))
                    .isEqualTo(ClassChoice.choose(spec.className(), classes));
        });
    }

    /**
     * Of what the claim says itself. A limit on what it leaves open may make a smaller claim of it, and one that names an
     * extension or a parameter may be what makes it available.
     */
    @Test
    void one_more_limit_never_admits_what_was_refused() {
        each(cases -> {
            var spec = cases.spec();
            var limits = cases.limits();
            var guards = cases.guards();
            guards = with(
                    guards,
                    guards.policies().stream()
                            .filter(policy -> policy.getSpec().limits() == null
                                    || policy.getSpec().limits().otherParameters() != OtherParameters.Deny)
                            .toList());
            var parameters = limits.parameters() == null ? null : new LinkedHashMap<>(limits.parameters());
            if (parameters != null) {
                parameters.remove("log_min_duration_statement");
            }
            var extensions = limits.extensions() == null
                            || limits.extensions().stream()
                                    .anyMatch(e -> e.name().equals("dblink"))
                    ? null
                    : limits.extensions();
            var more = new PolicyLimits(
                    parameters,
                    limits.otherParameters(),
                    spec.extensions() == null ? null : extensions,
                    spec.majorVersion() == null ? null : limits.majorVersions(),
                    limits.classNames(),
                    spec.storage() == null ? null : limits.storage(),
                    spec.connections() == null ? null : limits.connections(),
                    limits.accessRoles(),
                    spec.deletionPolicy() == null ? null : limits.deletionPolicies());
            var stricter = guards.and(cases.policy(
                    "more", new DatabasePolicySpec(Enforcement.Enforce, null, null, null, null, more, null)));
            assertThat(admitted(review(stricter, spec)) && !admitted(review(guards, spec)))
                    .isFalse();
        });
    }

    @Test
    void a_policy_that_only_watches_changes_nothing() {
        each(cases -> {
            var guards = cases.guards();
            var spec = cases.spec();
            var watched = guards.and(cases.policy("watch", Enforcement.Audit));
            assertThat(review(watched, spec).verdict())
                    .isEqualTo(review(guards, spec).verdict());
            assertThat(review(watched, spec).merged().claim())
                    .isEqualTo(review(guards, spec).merged().claim());
            assertThat(review(watched, spec).told())
                    .isEqualTo(review(guards, spec).told());
        });
    }

    private record Finding(Reason reason, String path, String policy, Violation.Offence offence) {
        static Finding of(Violation violation) {
            return new Finding(
                    violation.reason(), violation.path(), String.valueOf(violation.policy()), violation.offence());
        }
    }

    @Test
    void a_waiver_changes_only_what_it_names() {
        each(cases -> {
            var guards = cases.guards().withoutWaivers();
            var spec = cases.spec();
            var waiver = cases.waiver("w");
            var waived = new Guards(
                    guards.databaseClass(),
                    guards.policies(),
                    List.of(waiver),
                    null,
                    guards.server(),
                    guards.charges(),
                    guards.now());
            var terms = Rulebook.of(List.of(), List.of(waiver)).waiversOf("shop", "orders");
            if (!terms.isEmpty() && terms.getFirst().lifts("majorVersion") && spec.majorVersion() == null) {
                return; // Another version has other parameters.
            }
            var named = (java.util.function.Predicate<String>)
                    path -> terms.stream().anyMatch(w -> w.lifts(path));
            var with = review(waived, spec);
            var without = review(guards, spec);
            assertThat(with.violations().stream()
                            .filter(v -> !named.test(v.path()))
                            .map(Finding::of))
                    .containsExactlyElementsOf(without.violations().stream()
                            .filter(v -> !named.test(v.path()))
                            .map(Finding::of)
                            .toList());
            assertThat(changed(without.merged().claim(), with.merged().claim())).allMatch(named);
        });
    }

    private static List<String> changed(EffectiveClaim one, EffectiveClaim other) {
        var parameters = Stream.concat(one.parameters().keySet().stream(), other.parameters().keySet().stream())
                .filter(name -> !Objects.equals(
                        one.parameters().get(name), other.parameters().get(name)))
                .map(name -> "parameters." + name);
        var extensions = Stream.concat(
                        one.extensions().stream()
                                .filter(e -> !other.extensions().contains(e)),
                        other.extensions().stream()
                                .filter(e -> !one.extensions().contains(e)))
                .map(e -> "extensions." + e.name());
        var fields = Stream.of(
                        one.storage() == other.storage() ? "" : "storage",
                        one.connections() == other.connections() ? "" : "connections",
                        one.majorVersion() == other.majorVersion() ? "" : "majorVersion",
                        one.deletionPolicy() == other.deletionPolicy() ? "" : "deletionPolicy")
                .filter(path -> !path.isEmpty());
        return Stream.of(parameters, extensions, fields).flatMap(paths -> paths).toList();
    }

    @Test
    void a_waiver_that_is_over_is_none() {
        each(cases -> {
            var guards = cases.guards();
            var spec = cases.spec();
            assertThat(review(guards.at(Guards.AFTER_TOMORROW), spec).verdict())
                    .isEqualTo(review(guards.withoutWaivers(), spec).verdict());
        });
    }

    /** An unchanged spec is agreed to again and again, whatever became of the rules, and soon stays as it is. */
    @Test
    void what_was_agreed_to_is_agreed_to() {
        each(cases -> {
            var spec = cases.spec();
            var guards = cases.guards();
            if (!(review(guards, spec).verdict() instanceof Verdict.Admitted first)) {
                return;
            }
            var bound = guards.accepted(first);
            same(review(bound, spec), first.claim(), first.grounds());
            var others = cases.guards();
            var moved = new Guards(
                    cases.databaseClass(),
                    others.policies(),
                    others.waivers(),
                    bound.accepted(),
                    bound.server(),
                    others.charges(),
                    cases.random().nextBoolean() ? Guards.NOW : Guards.AFTER_TOMORROW);
            var after = review(moved, spec);
            if (after.verdict() instanceof Verdict.Admitted next) {
                assertThat(next.claim().storage()).isEqualTo(first.claim().storage());
                var again = moved.accepted(next);
                same(review(again, spec), next.claim(), next.grounds());
            } else {
                assertThat(after.violations()).extracting(Violation::reason).contains(Reason.QuotaExceeded);
            }
        });
    }

    private static void same(Review review, EffectiveClaim claim, Accepted.Grounds grounds) {
        assertThat(review.verdict()).isInstanceOfSatisfying(Verdict.Admitted.class, admitted -> {
            assertThat(admitted.claim()).isEqualTo(claim);
            assertThat(admitted.grounds()).isEqualTo(grounds);
        });
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Enforcement;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.ExtensionOffer;
import dev.howdah.policy.Guards;
import dev.howdah.policy.ServerTraits;
import dev.howdah.policy.Violation;
import dev.howdah.policy.review.Review;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A policy takes an extension out of use by a date. */
class RetirementTest {
    private static final String ASKED = "extensions: [{name: hstore}]";
    private static final Instant DATE = Instant.parse("2027-01-01T00:00:00Z");
    private static final Guards BEFORE = retiring("Enforce", DATE.toString());
    private static final Guards AFTER = BEFORE.at(DATE);

    private static Guards retiring(String enforcement, String date) {
        return Guards.policy(
                "list",
                "enforcement: %s\nlimits: {extensions: [{name: hstore, retireTime: \"%s\"}, {name: pg_trgm}]}"
                        .formatted(enforcement, date));
    }

    @Test
    void before_the_date_it_is_a_warning_with_the_date() {
        var review = BEFORE.review(ASKED);
        Guards.admitted(review);
        assertThat(review.told()).singleElement().satisfies(warned -> {
            assertThat(warned.mode()).isEqualTo(Enforcement.Warn);
            assertThat(warned.reason()).isEqualTo(Reason.ExtensionNotAllowed);
            assertThat(warned.path()).isEqualTo("extensions.hstore");
            assertThat(warned.policy()).isEqualTo("list");
            assertThat(warned.message())
                    .isEqualTo(
                            "`extensions`: \"hstore\" will be retired at 2027-01-01T00:00:00Z: no claim is given it from then on, and what has it keeps it (policy \"list\"); plan to do without it");
        });
        assertThat(review.breach(null)).contains(Reason.PolicyViolation);
    }

    @Test
    void what_does_not_ask_for_it_is_told_nothing() {
        var review = BEFORE.review("extensions: [{name: pg_trgm}]");
        assertThat(review.told()).isEmpty();
        assertThat(review.changesAt()).isNull();
    }

    @Test
    void time_alone_changes_it() {
        assertThat(BEFORE.review(ASKED).changesAt()).isEqualTo(DATE);
        assertThat(BEFORE.at(DATE.minusMillis(1)).refused(ASKED)).isEmpty();
        assertThat(AFTER.review(ASKED).changesAt()).isNull();
        // A waiver that ends before comes first.
        assertThat(BEFORE.waived("w", Guards.TOMORROW, "{storage: {max: 1Ti}}")
                        .review(ASKED)
                        .changesAt())
                .isEqualTo(Instant.parse(Guards.TOMORROW));
    }

    @Test
    void from_the_date_on_it_is_refused_to_who_has_it_not() {
        assertThat(AFTER.refused(ASKED)).singleElement().satisfies(refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.ExtensionNotAllowed);
            assertThat(refused.message())
                    .isEqualTo(
                            "`extensions`: \"hstore\" is retired since 2027-01-01T00:00:00Z, so no claim is given it any more; what has it keeps it (policy \"list\"); leave it out, or ask for a waiver");
        });
        var bound = AFTER.bound("extensions: [{name: pg_trgm}]");
        assertThat(bound.refused("extensions: [{name: pg_trgm}, {name: hstore}]"))
                .hasSize(1);
    }

    @Test
    void who_has_it_keeps_it_and_may_change_the_rest() {
        var bound = BEFORE.bound(ASKED).at(DATE);
        var review = bound.review(ASKED);
        assertThat(Guards.admitted(review).claim().extensionNames()).containsExactly("hstore");
        assertThat(review.breach(bound.accepted())).contains(Reason.PolicyViolation);
        assertThat(bound.refused(ASKED + "\nconnections: 7")).isEmpty();
        assertThat(bound.refused("extensions: [{name: hstore}, {name: pg_trgm}]"))
                .isEmpty();
    }

    @Test
    void what_comes_along_is_retired_too() {
        var cube = new ExtensionOffer.Extension("cube", "1.5", List.of("1.5"), true, List.of(), null);
        var earth = new ExtensionOffer.Extension("earthdistance", "1.2", List.of("1.2"), true, List.of("cube"), null);
        var guards = Guards.policy(
                        "list",
                        "limits: {extensions: [{name: earthdistance}, {name: cube, retireTime: \"%s\"}]}"
                                .formatted(DATE))
                .on(new ServerTraits(
                        "eu", true, Set.of(), new ExtensionOffer(Map.of("cube", cube, "earthdistance", earth))));
        assertThat(guards.at(DATE).refused("extensions: [{name: earthdistance}]"))
                .extracting(Violation::path)
                .containsExactly("extensions.cube");
    }

    @Test
    void a_policy_that_does_not_enforce_never_refuses() {
        var warning = retiring("Warn", DATE.toString()).at(DATE).review(ASKED);
        assertThat(Guards.admitted(warning).claim().extensionNames()).containsExactly("hstore");
        assertThat(warning.told()).hasSize(1);
        for (var time : List.of(Guards.NOW, DATE)) {
            var audit = retiring("Audit", DATE.toString()).at(time).review(ASKED);
            assertThat(audit.told()).isEmpty();
            assertThat(audit.violations()).hasSize(1);
        }
    }

    @Test
    void a_class_no_longer_brings_it() {
        var guards = AFTER.withClass("majorVersions: [18]\ndefaults: {extensions: [{name: hstore}, {name: pg_trgm}]}");
        assertThat(guards.admitted("{}").extensionNames()).containsExactly("pg_trgm");
        assertThat(guards.at(Guards.NOW).admitted("{}").extensionNames()).containsExactly("hstore", "pg_trgm");
    }

    @Test
    void a_waiver_that_names_it_lifts_it() {
        var far = "2028-01-01T00:00:00Z";
        assertThat(told(AFTER.waived("w", far, "{extensions: [{name: hstore}]}")))
                .isEmpty();
        assertThat(told(AFTER.waived("w", far, "{extensions: [{name: hstore, retireTime: \"2027-06-01T00:00:00Z\"}]}")))
                .singleElement()
                .satisfies(left -> assertThat(left.mode()).isEqualTo(Enforcement.Warn));
        assertThat(told(AFTER.waived("w", far, "{extensions: [{name: pg_trgm}]}")))
                .hasSize(1);
        // Of two waivers the widest holds.
        assertThat(told(AFTER.waived("v", far, "{extensions: [{name: hstore, retireTime: \"2027-06-01T00:00:00Z\"}]}")
                        .waived("w", far, "{extensions: [{name: hstore}]}")))
                .isEmpty();
    }

    private static List<Violation> told(Guards guards) {
        Review review = guards.review(ASKED);
        return review.told();
    }

    @Test
    void a_time_that_is_none_is_the_policys_fault() {
        var guards = retiring("Enforce", "2027-01-01 at noon exactly");
        assertThat(guards.rulebook().policyFaults("list"))
                .containsExactly(
                        "`limits.extensions.hstore.retireTime`: \"2027-01-01 at noon exactly\" is not a time such as 2026-12-31T00:00:00Z");
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Guards;
import dev.howdah.policy.Violation;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaiverTest {
    private static final Guards GUARDS = Guards.policy(
            "baseline",
            "limits: {parameters: {work_mem: {max: 64MB}, temp_buffers: {max: 64MB}, default_transaction_isolation: {oneOf: "
                    + "[serializable]}}, storage: {max: 20Gi}, connections: {max: 100}, extensions: [{name: cube}]}");
    private static final Guards WAIVED = GUARDS.waived(
            "quarter-end",
            Guards.TOMORROW,
            "{parameters: {work_mem: {max: 256MB}}, storage: {max: 100Gi}, connections: {max: 300}, extensions: [{name: hstore}]}");
    private static final String ASKED =
            "{storage: 50Gi, connections: 200, parameters: {work_mem: 128MB}, extensions: [{name: hstore}]}";

    @Test
    void it_lifts_what_it_names() {
        var admitted = Guards.admitted(WAIVED.review(ASKED));
        assertThat(admitted.claim().connections()).isEqualTo(200);
        assertThat(admitted.grounds().waived())
                .containsOnlyKeys("storage", "connections", "parameters.work_mem", "extensions.hstore")
                .containsValue("quarter-end");
        assertThat(admitted.grounds().behind()).containsEntry("DatabaseWaiver/quarter-end", 1L);
        assertThat(WAIVED.review(ASKED).changesAt()).isEqualTo(Instant.parse(Guards.TOMORROW));
        assertThat(WAIVED.review(ASKED).told()).isEmpty();
    }

    @Test
    void it_lifts_nothing_else() {
        assertThat(WAIVED.refused("parameters: {temp_buffers: 65MB}")).hasSize(1);
        assertThat(WAIVED.refused("parameters: {work_mem: 257MB}")).hasSize(1);
        assertThat(WAIVED.refused("extensions: [{name: pg_trgm}]")).hasSize(1);
        assertThat(WAIVED.refused("parameters: {work_men: 1MB}"))
                .extracting(Violation::reason)
                .containsExactly(Reason.ParameterUnknown);
    }

    @Test
    void it_is_for_one_claim() {
        var subject = WAIVED.subject(Guards.spec(ASKED));
        var other = new dev.howdah.policy.merge.Subject(
                "shop",
                subject.namespaceLabels(),
                "invoices",
                subject.spec(),
                subject.terms(),
                subject.classParameters(),
                null,
                null,
                subject.rulebook(),
                subject.charges(),
                subject.now());
        assertThat(ClaimReview.review(other).told()).hasSize(4);
    }

    @Test
    void what_is_within_the_limit_anyway_is_not_waived() {
        assertThat(Guards.admitted(WAIVED.review("connections: 100")).grounds().waived())
                .isEmpty();
    }

    @Test
    void of_two_waivers_the_widest_holds_and_each_answers_for_its_own() {
        var guards = GUARDS.waived("a", Guards.TOMORROW, "{parameters: {work_mem: {max: 100MB}}}")
                .waived("b", Guards.TOMORROW, "{parameters: {work_mem: {max: 200MB}}, connections: {max: 150}}");
        var grounds = Guards.admitted(guards.review("{connections: 150, parameters: {work_mem: 200MB}}"))
                .grounds();
        assertThat(grounds.waived()).isEqualTo(Map.of("parameters.work_mem", "a, b", "connections", "b"));
    }

    @Test
    void when_it_is_over_what_can_go_back_does_and_the_rest_stays() {
        var over = WAIVED.bound(ASKED).at(Guards.AFTER_TOMORROW);
        var review = over.review(ASKED);
        var admitted = Guards.admitted(review);
        assertThat(admitted.claim().parameters()).containsEntry("work_mem", "64MB");
        assertThat(admitted.claim().connections()).isEqualTo(100);
        assertThat(admitted.claim().storage()).isEqualTo(50L << 30);
        assertThat(admitted.claim().extensionNames()).containsExactly("hstore");
        assertThat(review.breach(over.accepted())).contains(Reason.WaiverExpired);
        assertThat(review.told())
                .extracting(Violation::path)
                .containsExactlyInAnyOrder("storage", "connections", "parameters.work_mem", "extensions.hstore");
        assertThat(review.changesAt()).isNull();
    }

    @Test
    void when_it_is_over_another_look_changes_nothing() {
        var over = WAIVED.bound(ASKED).at(Guards.AFTER_TOMORROW);
        var first = Guards.admitted(over.review(ASKED));
        var again = over.accepted(first);
        var second = Guards.admitted(again.review(ASKED));
        assertThat(second.claim()).isEqualTo(first.claim());
        assertThat(second.grounds().sameAs(first.grounds())).isTrue();
        assertThat(again.review(ASKED).breach(again.accepted())).contains(Reason.WaiverExpired);
        var gone = again.withoutWaivers();
        assertThat(Guards.admitted(gone.review(ASKED)).claim()).isEqualTo(first.claim());
        assertThat(gone.review(ASKED).breach(gone.accepted())).contains(Reason.WaiverExpired);
    }

    @Test
    void once_it_is_put_right_the_waiver_is_forgotten() {
        var over = WAIVED.bound(ASKED).at(Guards.AFTER_TOMORROW).bound("connections: 100");
        assertThat(over.accepted().grounds().waived()).isEmpty();
        assertThat(over.review("connections: 100").breach(over.accepted())).isEmpty();
        assertThat(over.refused("connections: 101")).hasSize(1);
    }

    @Test
    void a_later_waiver_gives_it_back_as_far_as_the_quota_goes() {
        var over = WAIVED.bound(ASKED).at(Guards.AFTER_TOMORROW);
        var again = over.accepted(Guards.admitted(over.review(ASKED)))
                .waived("more-time", "2027-01-01T00:00:00Z", "{connections: {max: 300}}");
        assertThat(again.admitted(ASKED).connections()).isEqualTo(200);
        assertThat(again.and("team", "quota: {connections: 150}").refused(ASKED))
                .extracting(Violation::reason)
                .containsExactly(Reason.QuotaExceeded);
    }

    @Test
    void a_choice_without_a_nearest_one_falls_to_the_next_below() {
        var asked = "parameters: {default_transaction_isolation: repeatable read}";
        var guards = GUARDS.waived(
                "iso", Guards.TOMORROW, "{parameters: {default_transaction_isolation: {oneOf: [repeatable read]}}}");
        var over = guards.bound(asked).at(Guards.AFTER_TOMORROW);
        assertThat(over.admitted(asked).parameters()).isEmpty();
        assertThat(over.and("base", "defaults: {parameters: {default_transaction_isolation: serializable}}")
                        .admitted(asked)
                        .parameters())
                .containsEntry("default_transaction_isolation", "serializable");
    }

    @Test
    void values_of_the_class_that_only_a_waiver_allows_go_back_too() {
        var guards =
                WAIVED.withClass("majorVersions: [18]\ndefaults: {connections: 200, parameters: {work_mem: 128MB}}");
        var bound = guards.bound("{}");
        assertThat(bound.accepted().claim().connections()).isEqualTo(200);
        assertThat(bound.accepted().grounds().waived()).containsOnlyKeys("connections", "parameters.work_mem");
        assertThat(Guards.admitted(bound.review("{}"))
                        .grounds()
                        .sameAs(bound.accepted().grounds()))
                .isTrue();
        var over = bound.at(Guards.AFTER_TOMORROW);
        assertThat(over.admitted("{}").connections()).isEqualTo(20);
        assertThat(over.admitted("{}").parameters()).isEmpty();
        var next = over.accepted(Guards.admitted(over.review("{}")));
        assertThat(next.admitted("{}")).isEqualTo(over.admitted("{}"));
        assertThat(next.accepted().grounds().waived()).isEmpty();
    }

    @Test
    void an_expired_waiver_is_none_for_a_new_claim() {
        var late = WAIVED.at(Guards.AFTER_TOMORROW);
        assertThat(late.review(ASKED).violations())
                .isEqualTo(GUARDS.review(ASKED).violations());
        assertThat(WAIVED.at(Instant.parse(Guards.TOMORROW)).refused(ASKED)).hasSize(4);
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.admission;

import static dev.howdah.admission.ReviewRequests.claim;
import static dev.howdah.admission.ReviewRequests.create;
import static dev.howdah.admission.ReviewRequests.update;
import static dev.howdah.admission.ReviewRequests.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaimAdmissionTest {
    private final StrictJudge judge = new StrictJudge();
    private final ClaimAdmission admission = new ClaimAdmission(judge);

    private JsonNode response(ObjectNode request) {
        try {
            return ReviewRequests.JSON.readTree(ReviewJson.response(request, admission.answer(request)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void nothing_to_say() {
        assertThat(response(create(claim("shop", "orders", "{}")))).isEqualTo(yaml("""
                apiVersion: admission.k8s.io/v1
                kind: AdmissionReview
                response: {uid: 705ab4f5-6393-11e8-b7cc-42010a800002, allowed: true}
                """));
    }

    @Test
    void a_refusal_names_every_violation() {
        assertThat(response(create(claim("shop", "orders", "{connections: 200, className: forbidden}"))))
                .isEqualTo(yaml("""
                        apiVersion: admission.k8s.io/v1
                        kind: AdmissionReview
                        response:
                          uid: 705ab4f5-6393-11e8-b7cc-42010a800002
                          allowed: false
                          status:
                            status: Failure
                            code: 403
                            reason: Forbidden
                            message: |-
                              ValueOutOfRange: `connections`: must be at most 100 (policy "strict"); ask for less
                              ValueOutOfRange: `className`: must be standard (policy "strict"); take that class
                            details:
                              group: howdah.dev
                              kind: DatabaseClaim
                              name: orders
                              causes:
                              - reason: ValueOutOfRange
                                field: spec.connections
                                message: '`connections`: must be at most 100 (policy "strict"); ask for less'
                              - reason: ValueOutOfRange
                                field: spec.className
                                message: '`className`: must be standard (policy "strict"); take that class'
                        """));
    }

    @Test
    void a_warning_goes_along_with_both() {
        var allowed =
                response(create(claim("shop", "orders", "{connections: 60}"))).path("response");
        assertThat(allowed.path("allowed").asBoolean()).isTrue();
        assertThat(allowed.path("warnings").get(0).asText()).startsWith("ValueOutOfRange: `connections`: should be");
        var refused = response(create(claim("shop", "orders", "{connections: 60, className: forbidden}")))
                .path("response");
        assertThat(refused.path("allowed").asBoolean()).isFalse();
        assertThat(refused.path("warnings")).hasSize(1);
    }

    @Test
    void what_leaves_the_spec_alone_is_not_judged() {
        var before = claim("shop", "orders", "{connections: 200}");
        var after = before.deepCopy();
        after.withObject("/metadata").putArray("finalizers").add("howdah.dev/finalizer");
        assertThat(admission.answer(update(after, before))).isEqualTo(Answer.ALLOWED);

        var bare = claim("shop", "orders", "null");
        var without = bare.deepCopy();
        without.remove("spec");
        assertThat(admission.answer(update(bare, without))).isEqualTo(Answer.ALLOWED);
        assertThat(judge.asked).hasValue(0);
    }

    @Test
    void a_changed_spec_is_judged() {
        var request =
                update(claim("shop", "orders", "{connections: 201}"), claim("shop", "orders", "{connections: 200}"));
        assertThat(admission.answer(request).outcome()).isEqualTo(Outcome.Refused);
    }

    @Test
    void what_is_being_deleted_is_not_judged() {
        var claim = claim("shop", "orders", "{connections: 201}");
        claim.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        assertThat(admission.answer(update(claim, claim("shop", "orders", "{}"))))
                .isEqualTo(Answer.ALLOWED);
        assertThat(judge.asked).hasValue(0);
    }

    @Test
    void other_kinds_and_subresources_are_not_judged() {
        var other = create(claim("shop", "orders", "{connections: 201}"));
        other.withObject("/kind").put("kind", "Pod");
        var status = create(claim("shop", "orders", "{connections: 201}")).put("subResource", "status");
        assertThat(admission.answer(other)).isEqualTo(Answer.ALLOWED);
        assertThat(admission.answer(status)).isEqualTo(Answer.ALLOWED);
        assertThat(judge.asked).hasValue(0);
    }

    @Test
    void the_judge_sees_a_whole_claim() {
        var seen = new ArrayList<String>();
        var noting = new ClaimAdmission(claim -> {
            seen.add(claim.getMetadata().getNamespace() + "/"
                    + claim.getMetadata().getName() + " " + claim.getSpec().parameters());
            return Optional.empty();
        });
        var generated = claim("shop", "orders", "{parameters: {work_mem: 4096, other: {new: shape}}}");
        generated.withObject("/metadata").put("generateName", "orders-").without(List.of("name", "namespace"));
        var request = create(generated).put("namespace", "shop");
        // A shape that no version of the schema has is for the reconciler to wonder about.
        assertThat(noting.answer(request).outcome()).isIn(Outcome.Unchecked, Outcome.Allowed);
        var newer = claim("shop", "orders", "{parameters: {work_mem: 4096}, fieldOfTheFuture: 1}");
        newer.withObject("/metadata").put("generateName", "orders-").without(List.of("name", "namespace"));
        assertThat(noting.answer(create(newer).put("namespace", "shop"))).isEqualTo(Answer.ALLOWED);
        assertThat(seen).contains("shop/orders-00000 {work_mem=4096}");
    }

    @Test
    void no_opinion_is_no_objection() {
        var silent = new ClaimAdmission(_ -> Optional.empty());
        assertThat(silent.answer(create(claim("shop", "orders", "{connections: 200}"))))
                .isEqualTo(Answer.ALLOWED);
    }

    @Test
    void a_fault_of_ours_stands_in_nobodys_way() {
        var broken = new ClaimAdmission(_ -> {
            throw new IllegalStateException("bug");
        });
        var answer = broken.answer(create(claim("shop", "orders", "{}")));
        assertThat(answer.outcome()).isEqualTo(Outcome.Unchecked);
        assertThat(answer.warnings())
                .containsExactly("howdah could not check this claim: an error, which its log tells; the operator will");
        assertThat(new ClaimAdmission(_ -> endless(1))
                        .answer(create(claim("shop", "orders", "{}")))
                        .outcome())
                .isEqualTo(Outcome.Unchecked);
        var strange = create(claim("shop", "orders", "{connections: {}}"));
        assertThat(admission.answer(strange).outcome()).isEqualTo(Outcome.Unchecked);
    }

    private static Optional<dev.howdah.policy.review.ClaimJudge.Judgement> endless(int depth) {
        return depth == 0 ? Optional.empty() : endless(depth + 1);
    }
}

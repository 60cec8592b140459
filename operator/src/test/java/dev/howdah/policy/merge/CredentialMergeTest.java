// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.DatabaseClaimStatus.EffectiveValue;
import dev.howdah.policy.ClassTerms;
import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.Guards;
import dev.howdah.policy.ValueChain;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CredentialMergeTest {
    private static final String OFFER = "majorVersions: [18]\ndefaults: {credentials: %s}";

    private static CredentialTerms terms(Guards guards) {
        return guards.admitted("{}").credentials();
    }

    private static ValueChain chain(Guards guards, String path) {
        return guards.review("{}").merged().chains().stream()
                .filter(chain -> chain.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> words(Guards guards, String path) {
        return chain(guards, path).links().stream()
                .map(link -> "%s %s %s".formatted(link.source().text(), link.value(), link.fate()))
                .toList();
    }

    private static List<EffectiveValue> values(Guards guards) {
        return guards.review("{}").merged().values().stream()
                .filter(value -> value.path().startsWith("credentials."))
                .toList();
    }

    @Test
    void where_nobody_says_anything_only_a_request_rotates() {
        assertThat(terms(Guards.NONE)).isEqualTo(CredentialTerms.NONE);
        assertThat(terms(Guards.NONE).overlapInForce()).isEqualTo(Duration.ofHours(24));
        assertThat(words(Guards.NONE, "credentials.overlap")).containsExactly("built-in 24h InForce");
        assertThat(words(Guards.NONE, "credentials.rotateEvery")).containsExactly("built-in never InForce");
        assertThat(words(Guards.NONE, "credentials.closeAfter")).containsExactly("built-in never InForce");
        assertThat(values(Guards.NONE)).isEmpty();
    }

    @Test
    void each_value_is_that_of_the_highest_who_says_one() {
        var guards = Guards.ofClass(OFFER.formatted("{rotateEvery: 1000h, closeAfter: 200h}"))
                .and("baseline", "defaults: {credentials: {rotateEvery: 720h, overlap: 1h}}")
                .and("strict", "overrides: {credentials: {closeAfter: 90m}}");
        assertThat(terms(guards))
                .isEqualTo(new CredentialTerms(Duration.ofHours(1000), Duration.ofHours(1), Duration.ofMinutes(90)));
        assertThat(words(guards, "credentials.rotateEvery"))
                .containsExactly("DatabaseClass/standard 1000h InForce", "DatabasePolicy/baseline 720h Outranked");
        assertThat(words(guards, "credentials.closeAfter"))
                .containsExactly("DatabasePolicy/strict 1h30m InForce", "DatabaseClass/standard 200h Outranked");
        assertThat(values(guards))
                .containsExactly(
                        new EffectiveValue("credentials.rotateEvery", "1000h", "DatabaseClass/standard"),
                        new EffectiveValue("credentials.overlap", "1h", "DatabasePolicy/baseline"),
                        new EffectiveValue("credentials.closeAfter", "1h30m", "DatabasePolicy/strict"));
    }

    @Test
    void no_overlap_is_a_value() {
        var guards = Guards.policy("baseline", "defaults: {credentials: {overlap: 0s}}");
        assertThat(terms(guards).overlapInForce()).isZero();
        assertThat(values(guards))
                .containsExactly(new EffectiveValue("credentials.overlap", "0s", "DatabasePolicy/baseline"));
    }

    @Test
    void a_policy_that_does_not_enforce_only_previews() {
        var guards = Guards.policy("audit", "enforcement: Audit\noverrides: {credentials: {rotateEvery: 1h}}");
        assertThat(terms(guards)).isEqualTo(CredentialTerms.NONE);
        assertThat(words(guards, "credentials.rotateEvery"))
                .containsExactly("DatabasePolicy/audit 1h Preview", "built-in never InForce");
    }

    @Test
    void of_two_overrides_the_lower_is_told() {
        var guards = Guards.policy("low", "overrides: {credentials: {rotateEvery: 1h}}")
                .and("top", "priority: 5\noverrides: {credentials: {rotateEvery: 2h}}");
        assertThat(terms(guards).rotateEvery()).isEqualTo(Duration.ofHours(2));
        assertThat(guards.review("{}").merged().conflicts())
                .extracting(ObjectConflict::message)
                .containsExactly(
                        "policy \"top\" overrides `credentials.rotateEvery` too and ranks higher; agree on one, or set priority");
    }

    @Test
    void what_a_class_says_reaches_bound_claims() {
        var bound = Guards.ofClass(OFFER.formatted("{rotateEvery: 720h}")).bound("{}");
        var edited = bound.withClass(OFFER.formatted("{overlap: 2h}"));
        assertThat(terms(edited)).isEqualTo(new CredentialTerms(null, Duration.ofHours(2), null));
    }

    @Test
    void what_cannot_be_is_its_objects_fault() {
        for (var wrong : List.of(
                "{rotateEvery: 0s}",
                "{rotateEvery: 24h, overlap: 24h}",
                "{overlap: 2h, closeAfter: 1h}",
                "{overlap: 1d}",
                "{overlap: \"\"}")) {
            assertThat(ClassTerms.faults(Guards.ofClass(OFFER.formatted(wrong)).databaseClass()))
                    .as(wrong)
                    .hasSize(1)
                    .allMatch(fault -> fault.startsWith("`defaults.credentials."));
            var policy = Guards.policy("p", "defaults: {credentials: %s}".formatted(wrong));
            assertThat(policy.rulebook().policyFaults("p")).as(wrong).hasSize(1);
            assertThat(terms(policy)).isEqualTo(CredentialTerms.NONE);
        }
        assertThat(ClassTerms.faults(Guards.ofClass(OFFER.formatted("{rotateEvery: 24h, overlap: 0, closeAfter: 0}"))
                        .databaseClass()))
                .isEmpty();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DatabaseLocale;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.ClaimReview.Subject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClaimReviewTest {
    private static final ClassTerms TERMS = new ClassTerms(
            "standard",
            List.of(17, 18),
            18,
            20,
            List.of("pg_trgm"),
            List.of("public"),
            DeletionPolicy.Retain,
            new DatabaseLocale(null, null, null),
            Duration.ofHours(168),
            false);

    private static Verdict review(DatabaseClaimSpec spec) {
        return ClaimReview.review(new Subject("shop", "orders", spec, TERMS, null));
    }

    private static EffectiveClaim admitted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Admitted.class);
        return ((Verdict.Admitted) verdict).claim();
    }

    private static void denied(Verdict verdict, Reason reason, String path) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Denied.class,
                        denied -> assertThat(denied.violations())
                                .singleElement()
                                .satisfies(violation -> {
                                    assertThat(violation.reason()).isEqualTo(reason);
                                    assertThat(violation.path()).isEqualTo(path);
                                    assertThat(violation.message()).startsWith("`" + path + "`: ");
                                }));
    }

    private static Verdict bound(DatabaseClaimSpec spec) {
        var accepted = new Accepted(admitted(review(DatabaseClaimSpec.EMPTY)), TERMS, 1, List.of(), List.of());
        return ClaimReview.review(new Subject("shop", "orders", spec, TERMS, accepted));
    }

    private static DatabaseClaimSpec spec(@Nullable String className, @Nullable Integer major) {
        return new DatabaseClaimSpec(className, major, null, null, null, null, null);
    }

    private static DatabaseClaimSpec schemas(String... schemas) {
        return new DatabaseClaimSpec(null, null, null, null, List.of(schemas), null, null);
    }

    private static DatabaseClaimSpec access(AccessEntry... entries) {
        return new DatabaseClaimSpec(null, null, null, null, null, List.of(entries), null);
    }

    private static AccessEntry entry(String name, @Nullable Boolean binding) {
        return new AccessEntry(name, AccessRole.Owner, binding, null, null);
    }

    @Test
    void an_empty_spec_is_what_the_class_says() {
        assertThat(admitted(review(DatabaseClaimSpec.EMPTY)))
                .isEqualTo(new EffectiveClaim(
                        "standard",
                        18,
                        20,
                        TERMS.locale(),
                        List.of("public"),
                        List.of("pg_trgm"),
                        List.of(new EffectiveClaim.Access("app", AccessRole.Owner, true, null, "orders-db")),
                        DeletionPolicy.Retain,
                        false));
    }

    @Test
    void a_claim_wins_over_its_class() {
        var claim = admitted(review(new DatabaseClaimSpec(
                "standard",
                17,
                5,
                List.of(new ExtensionRequest("hstore")),
                List.of("audit"),
                List.of(
                        new AccessEntry("app", AccessRole.Owner, true, 3, null),
                        new AccessEntry("report", AccessRole.ReadOnly, null, null, null),
                        new AccessEntry("batch", AccessRole.ReadWrite, false, null, "elsewhere")),
                DeletionPolicy.Delete)));
        assertThat(claim.majorVersion()).isEqualTo(17);
        assertThat(claim.connections()).isEqualTo(5);
        assertThat(claim.extensions()).containsExactly("hstore");
        assertThat(claim.schemas()).containsExactly("audit");
        assertThat(claim.deletionPolicy()).isEqualTo(DeletionPolicy.Delete);
        assertThat(claim.access())
                .extracting(EffectiveClaim.Access::secretName)
                .containsExactly("orders-db", "orders-report", "elsewhere");
    }

    @Test
    void a_database_name_that_is_taken_by_a_provider() {
        denied(
                ClaimReview.review(new Subject("azure", "sys", DatabaseClaimSpec.EMPTY, TERMS, null)),
                Reason.InvalidSpec,
                "metadata.name");
        denied(
                ClaimReview.review(new Subject("pg", "orders", DatabaseClaimSpec.EMPTY, TERMS, null)),
                Reason.InvalidSpec,
                "metadata.namespace");
    }

    @Test
    void a_version_the_class_does_not_offer() {
        denied(review(spec(null, 16)), Reason.VersionNotOffered, "spec.majorVersion");
    }

    @Test
    void what_is_fixed_once_bound() {
        denied(bound(spec("other", null)), Reason.FieldImmutable, "spec.className");
        denied(bound(spec(null, 17)), Reason.FieldImmutable, "spec.majorVersion");
        assertThat(bound(spec("standard", 18))).isInstanceOf(Verdict.Admitted.class);
    }

    @Test
    void a_bound_claim_keeps_a_version_that_is_no_longer_offered() {
        var accepted = new Accepted(admitted(review(spec(null, 17))), TERMS, 1, List.of(), List.of());
        var narrowed = new ClassTerms(
                "standard",
                List.of(18),
                18,
                20,
                List.of(),
                List.of("public"),
                DeletionPolicy.Retain,
                TERMS.locale(),
                Duration.ZERO,
                false);
        assertThat(ClaimReview.review(new Subject("shop", "orders", spec(null, 17), narrowed, accepted)))
                .isInstanceOf(Verdict.Admitted.class);
    }

    @Test
    void schemas_that_are_reserved() {
        denied(review(schemas("pg_mine")), Reason.InvalidSpec, "spec.schemas");
        denied(review(schemas("public", "extensions")), Reason.InvalidSpec, "spec.schemas");
        denied(review(schemas("information_schema")), Reason.InvalidSpec, "spec.schemas");
    }

    @Test
    void access_needs_names_and_one_binding() {
        denied(review(access()), Reason.InvalidSpec, "spec.access");
        denied(review(access(entry("a", true), entry("a", null))), Reason.InvalidSpec, "spec.access");
        denied(review(access(entry("a", null), entry("b", null))), Reason.InvalidSpec, "spec.access");
        denied(review(access(entry("a", true), entry("b", true))), Reason.InvalidSpec, "spec.access");
        assertThat(review(access(entry("a", null)))).isInstanceOf(Verdict.Admitted.class);
    }

    @Test
    void all_faults_are_told_at_once() {
        assertThat(ClaimReview.review(new Subject(
                        "pg",
                        "orders",
                        new DatabaseClaimSpec(null, 15, null, null, List.of("pg_x"), List.of(), null),
                        TERMS,
                        null)))
                .isInstanceOfSatisfying(
                        Verdict.Denied.class,
                        denied -> assertThat(denied.violations()).hasSize(4));
    }
}

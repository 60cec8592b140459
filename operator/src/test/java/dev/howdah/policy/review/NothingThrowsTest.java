// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.AccessEntry;
import dev.howdah.api.v1alpha1.AccessRole;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.DeletionPolicy;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.Guards;
import dev.howdah.policy.Verdict;
import dev.howdah.policy.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Specs as only files hold them, which no API server looked at: there is always a verdict. */
class NothingThrowsTest {
    private static final int CASES = 1000;
    private static final List<String> TEXTS = Arrays.asList(
            null,
            "",
            " ",
            "0",
            "-1",
            "-5Gi",
            "1e999999999",
            "1e-999999999",
            "1E",
            "1e2147483647",
            "99999999999999999999Pi",
            "NaN",
            "0x10",
            "５Gi",
            "\u0000",
            "a\nb",
            "work_mem",
            "WORK_MEM",
            "work_mem.x",
            ".",
            "..",
            "pg_",
            "postgres",
            "\uD800",
            "😀",
            "x".repeat(5000),
            "9".repeat(5000),
            "on",
            "1GB",
            "' OR 1=1; --",
            "search_path",
            "null",
            "%s",
            "$1",
            "-9223372036854775809B",
            "1.5.5",
            "Infinity",
            "DateStyle",
            "temp_tablespaces",
            "extensions",
            "${x}",
            "-");
    private static final List<Integer> NUMBERS =
            Arrays.asList(null, 0, -1, 1, 15, 17, 18, 19, 262_143, 262_144, Integer.MAX_VALUE, Integer.MIN_VALUE);

    private record Hostile(GuardrailCases cases) {
        @Nullable
        String text() {
            return cases.one(TEXTS);
        }

        @Nullable
        Integer number() {
            return cases.one(NUMBERS);
        }

        <T> @Nullable List<T> list(Supplier<@Nullable T> entry) {
            if (cases.random().nextInt(3) == 0) {
                return null;
            }
            var list = new ArrayList<T>();
            for (int i = cases.random().nextInt(4); i > 0; i--) {
                list.add(cases.random().nextInt(5) == 0 ? null : entry.get());
            }
            return list;
        }

        @Nullable
        Map<String, String> map() {
            if (cases.random().nextInt(3) == 0) {
                return null;
            }
            var map = new HashMap<String, String>();
            for (int i = cases.random().nextInt(4); i > 0; i--) {
                map.put(text(), text());
            }
            return map;
        }

        DatabaseClaimSpec spec() {
            var roles = Arrays.asList(null, AccessRole.Owner, AccessRole.ReadOnly);
            var policies = Arrays.asList(null, DeletionPolicy.Retain, DeletionPolicy.Delete);
            return new DatabaseClaimSpec(
                    text(),
                    number(),
                    text(),
                    number(),
                    map(),
                    list(() -> new ExtensionRequest(text(), text())),
                    list(this::text),
                    list(() -> new AccessEntry(text(), cases.one(roles), true, number(), text())),
                    cases.one(policies));
        }
    }

    @Test
    void there_is_always_a_verdict() {
        for (int index = 0; index < CASES; index++) {
            var cases = GuardrailCases.of(index);
            var hostile = new Hostile(cases);
            var guards = cases.guards();
            var spec = hostile.spec();
            try {
                judged(guards, spec);
                if (ClaimReview.review(guards.subject(cases.spec())).verdict() instanceof Verdict.Admitted admitted) {
                    judged(guards.accepted(admitted), spec);
                }
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                throw new AssertionError(
                        "-Dhowdah.seed=%d, case %d: %s".formatted(GuardrailCases.SEED, index, spec), e);
            }
        }
    }

    private static void judged(Guards guards, DatabaseClaimSpec spec) {
        var review = ClaimReview.review(guards.subject(spec));
        assertThat(review.violations()).allSatisfy(violation -> {
            assertThat(violation.path()).isNotBlank().hasSizeLessThanOrEqualTo(256);
            assertThat(violation.message()).startsWith("`").doesNotContain("\u0000", "\n");
            assertThat(violation.toStatus().message()).hasSizeLessThanOrEqualTo(2048);
        });
        switch (review.verdict()) {
            case Verdict.Admitted admitted -> {
                assertThat(admitted.claim().storage()).isPositive();
                assertThat(admitted.claim().connections()).isPositive();
                assertThat(admitted.claim().access()).isNotEmpty();
                assertThat(admitted.grounds().spec()).isSameAs(spec);
            }
            case Verdict.Denied denied -> assertThat(denied.violations()).isNotEmpty();
        }
    }

    @Test
    void no_spec_at_all_is_an_empty_one() {
        assertThat(Guards.admitted(ClaimReview.review(Guards.NONE.subject(null)))
                        .claim())
                .isEqualTo(Guards.NONE.admitted("{}"));
    }

    @Test
    void nulls_are_named() {
        assertThat(
                        Guards.NONE.refused(
                                "{parameters: {work_mem: null}, extensions: [null, {version: \"1\"}], schemas: [null], access: [null, {name: a}]}"))
                .allMatch(violation -> violation.reason() == Reason.InvalidSpec)
                .extracting(Violation::message)
                .containsExactlyInAnyOrder(
                        "`parameters.work_mem`: has no value; give one, or leave it out for the default",
                        "`extensions`: an entry is null; remove it",
                        "`extensions`: null is not the name of an extension; correct it or leave it out",
                        "`schemas`: an entry is null; remove it",
                        "`access`: an entry is null; remove it",
                        "`access.a`: has no role; give it one of Owner, ReadWrite, ReadOnly");
    }

    @Test
    void ten_thousand_entries_are_one_fault_each() {
        var many = IntStream.range(0, 10_000).mapToObj(i -> "n" + i).toList();
        var parameters = new HashMap<String, String>();
        many.forEach(name -> parameters.put("work_mem_" + name, "1MB"));
        var spec = new DatabaseClaimSpec(
                null,
                null,
                null,
                null,
                parameters,
                many.stream().map(name -> new ExtensionRequest(name, null)).toList(),
                many,
                many.stream()
                        .map(name -> new AccessEntry(name, AccessRole.Owner, true, null, null))
                        .toList(),
                null);
        assertThat(ClaimReview.review(Guards.NONE.subject(spec)).violations())
                .extracting(Violation::message)
                .containsExactlyInAnyOrder(
                        "`parameters`: has 10000 entries, at most 64 are taken; remove some",
                        "`extensions`: has 10000 entries, at most 64 are taken; remove some",
                        "`schemas`: has 10000 entries, at most 32 are taken; remove some",
                        "`access`: has 10000 entries, at most 16 are taken; remove some");
    }
}

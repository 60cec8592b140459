// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.policy.ExtensionOffer.Extension;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExtensionOfferTest {
    private static final ExtensionOffer OFFER = of(
            extension("cube", true),
            extension("earthdistance", false, "cube"),
            extension("top", true, "earthdistance", "cube"),
            extension("round", true, "trip"),
            extension("trip", true, "round"),
            extension("half", true, "nowhere"));

    static ExtensionOffer of(Extension... extensions) {
        return new ExtensionOffer(
                Arrays.stream(extensions).collect(Collectors.toMap(Extension::name, Function.identity())));
    }

    static Extension extension(String name, boolean trusted, String... requires) {
        return new Extension(name, "1.0", List.of("1.0"), trusted, List.of(requires), null);
    }

    @Test
    void what_is_required_comes_first_and_once() {
        assertThat(OFFER.withRequired(List.of("top", "cube"))).containsExactly("cube", "earthdistance", "top");
        assertThat(OFFER.withRequired(List.of())).isEmpty();
    }

    @Test
    void a_circle_of_requirements_ends() {
        assertThat(OFFER.withRequired(List.of("round"))).containsExactlyInAnyOrder("round", "trip");
    }

    @Test
    void what_is_missing_or_untrusted_is_found_behind_what_was_asked_for() {
        assertThat(OFFER.missing(List.of("half", "unknown"))).containsExactly("nowhere", "unknown");
        assertThat(OFFER.untrusted(List.of("top"))).containsExactly("earthdistance");
        assertThat(OFFER.untrusted(List.of("cube", "unknown"))).isEmpty();
    }

    @Test
    void the_review_tells_the_missing_before_the_untrusted() {
        assertThat(ExtensionReview.review(List.of("half", "earthdistance"), "eu", OFFER))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.reason()).isEqualTo(Reason.ExtensionNotAvailable);
                    assertThat(violation.message()).contains("\"nowhere\" is not installed on \"eu\"");
                });
        assertThat(ExtensionReview.review(List.of("top"), "eu", OFFER))
                .extracting(Violation::reason)
                .containsExactly(Reason.ExtensionNotAllowed);
        assertThat(ExtensionReview.review(List.of("cube"), "eu", OFFER)).isEmpty();
    }
}

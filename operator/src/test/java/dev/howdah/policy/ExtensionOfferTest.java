// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.policy.ExtensionOffer.Extension;
import dev.howdah.policy.ExtensionOffer.Fault;
import dev.howdah.policy.ExtensionOffer.Obstacle;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
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

    private static ExtensionRequest asked(String name) {
        return new ExtensionRequest(name, null);
    }

    private static List<Fault> faults(Set<String> listed, ExtensionRequest... asked) {
        return OFFER.faults(List.of(asked), listed, false, "\"eu\"");
    }

    @Test
    void what_is_missing_or_untrusted_is_found_behind_what_was_asked_for() {
        assertThat(faults(Set.of(), asked("half"), asked("unknown"), asked("top")))
                .extracting(Fault::obstacle, Fault::extension)
                .containsExactly(
                        tuple(Obstacle.NotAvailable, "nowhere"),
                        tuple(Obstacle.NotAvailable, "unknown"),
                        tuple(Obstacle.NotTrusted, "earthdistance"));
        assertThat(faults(Set.of("earthdistance"), asked("top"))).isEmpty();
        assertThat(faults(Set.of(), asked("cube"))).isEmpty();
    }

    @Test
    void a_version_that_is_not_there() {
        assertThat(faults(Set.of(), new ExtensionRequest("cube", "1.0"))).isEmpty();
        assertThat(faults(Set.of(), new ExtensionRequest("cube", "2.0")))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.obstacle()).isEqualTo(Obstacle.VersionNotAvailable);
                    assertThat(fault.message())
                            .isEqualTo(
                                    "`extensions`: \"eu\" has \"cube\" in 1.0, not 2.0; choose one of these, or leave the version out for 1.0");
                });
    }

    @Test
    void an_untrusted_one_takes_an_admin_who_can_install_it() {
        var plain = new ExtensionOffer(OFFER.byName(), false);
        var listed = Set.of("earthdistance");
        assertThat(plain.faults(List.of(asked("top")), listed, false, "\"eu\""))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.obstacle()).isEqualTo(Obstacle.NotForThisAdmin);
                    assertThat(fault.extension()).isEqualTo("earthdistance");
                    assertThat(fault.message())
                            .isEqualTo(
                                    "`extensions`: \"earthdistance\" takes a superuser to install, which the operator's login on \"eu\" is not, so nothing was tried; leave it out, or ask a DBA for a server whose login is one");
                });
        assertThat(plain.faults(List.of(asked("top")), listed, true, "\"eu\"")).isEmpty();
        assertThat(plain.faults(List.of(asked("cube")), Set.of(), false, "\"eu\""))
                .isEmpty();
    }
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import static dev.howdah.demo.ApiObject.map;
import static dev.howdah.demo.ApiObject.text;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Set;

/**
 * What a waiver says.
 *
 * @param counts whether the operator says that it lifts something
 * @param parameters those whose limit it lifts
 */
record WaiverView(String name, String claim, boolean counts, Set<String> parameters) {
    static WaiverView of(GenericKubernetesResource waiver) {
        var spec = ApiObject.part(waiver, "spec");
        var claim = map(spec.get("claimRef"));
        return new WaiverView(
                waiver.getMetadata().getName(),
                text(claim.get("namespace")) + "/" + text(claim.get("name")),
                "True".equals(ApiObject.condition(waiver, "Accepted").get("status"))
                        && "True"
                                .equals(ApiObject.condition(waiver, "Programmed")
                                        .get("status")),
                Set.copyOf(map(map(spec.get("limits")).get("parameters")).keySet()));
    }
}

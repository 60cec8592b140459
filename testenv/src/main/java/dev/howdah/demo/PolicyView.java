// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import static dev.howdah.demo.ApiObject.maps;
import static dev.howdah.demo.ApiObject.text;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a policy says.
 *
 * @param outcome in one phrase, as the examples promise it
 * @param programmed whether it says that what it sets is in force wherever it is meant to be
 * @param broken by whom, in which field
 */
record PolicyView(
        String name,
        String enforcement,
        String outcome,
        String programmed,
        String targets,
        String violating,
        String broken) {
    private static final String ROW = "%-10s %-12s %-11s %-8s %-10s %s";

    static PolicyView of(GenericKubernetesResource policy) {
        var status = ApiObject.part(policy, "status");
        var accepted = ApiObject.condition(policy, "Accepted");
        var violating = text(status.get("violating"));
        return new PolicyView(
                policy.getMetadata().getName(),
                text(ApiObject.part(policy, "spec").get("enforcement")),
                "Accepted=%s %s, %s violating"
                        .formatted(text(accepted.get("status")), text(accepted.get("reason")), violating),
                text(ApiObject.condition(policy, "Programmed").get("status")),
                text(status.get("targets")),
                violating,
                maps(status.get("violations"))
                        .map(sample ->
                                "%s/%s: %s".formatted(sample.get("namespace"), sample.get("name"), sample.get("path")))
                        .collect(Collectors.joining(", ")));
    }

    static List<String> table(List<PolicyView> policies) {
        var lines = new ArrayList<String>();
        lines.add(ROW.formatted("POLICY", "ENFORCEMENT", "PROGRAMMED", "TARGETS", "VIOLATING", "BY"));
        policies.forEach(policy -> lines.add(ROW.formatted(
                policy.name,
                policy.enforcement,
                policy.programmed,
                policy.targets,
                policy.violating,
                policy.broken.isEmpty() ? ApiObject.NOTHING : policy.broken)));
        return lines;
    }
}

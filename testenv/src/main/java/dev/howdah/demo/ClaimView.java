// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.demo;

import static dev.howdah.demo.ApiObject.map;
import static dev.howdah.demo.ApiObject.maps;
import static dev.howdah.demo.ApiObject.text;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a claim says about itself, as anybody reads it; {@code -} where it says nothing.
 *
 * @param outcome in one phrase, as the examples promise it
 * @param compliant whether it says that it breaks no rule
 * @param decided the parameters that a waiver or a policy had a word in, the most remarkable first
 */
record ClaimView(
        String namespace,
        String name,
        String ready,
        String why,
        String outcome,
        String message,
        String className,
        String version,
        String secret,
        String compliant,
        List<String> decided) {
    private static final String PARAMETER = "parameters.";
    private static final String POLICY = "DatabasePolicy/";

    static ClaimView of(GenericKubernetesResource claim, List<WaiverView> waivers) {
        var status = ApiObject.part(claim, "status");
        var spec = ApiObject.part(claim, "spec");
        var condition = ApiObject.condition(claim, "Ready");
        var ready = text(condition.get("status"));
        var reason = text(condition.get("reason")) + refusedBy(status, condition);
        var ours = waivers.stream()
                .filter(waiver -> waiver.claim().equals(Examples.key(claim)))
                .toList();
        var effective = maps(status.get("effective")).toList();
        var asked = map(spec.get("parameters"));
        var remarkable = Stream.concat(waived(effective, asked, ours), byPolicies(effective, asked, true))
                .toList();
        return new ClaimView(
                claim.getMetadata().getNamespace(),
                claim.getMetadata().getName(),
                ready,
                ready.equals("True") && !remarkable.isEmpty() ? remarkable.getFirst() : reason,
                "Ready=" + ready + " " + reason,
                text(condition.get("message")),
                text(status.containsKey("className") ? status.get("className") : spec.get("className")),
                text(map(status.get("server")).get("version")),
                text(map(status.get("binding")).get("name")),
                text(ApiObject.condition(claim, "Compliant").get("status")),
                Stream.concat(remarkable.stream(), byPolicies(effective, asked, false))
                        .toList());
    }

    String key() {
        return namespace + "/" + name;
    }

    private static String refusedBy(Map<String, Object> status, Map<String, Object> ready) {
        return maps(status.get("violations"))
                .filter(violation -> "False".equals(ready.get("status"))
                        && "Enforce".equals(violation.get("mode"))
                        && text(ready.get("reason")).equals(violation.get("reason")))
                .map(violation -> " by policy \"" + text(violation.get("policy")) + "\"")
                .findFirst()
                .orElse("");
    }

    private static Stream<String> waived(
            List<Map<String, Object>> effective, Map<String, Object> asked, List<WaiverView> waivers) {
        return effective.stream()
                .filter(value -> asked.containsKey(parameter(value)))
                .flatMap(value -> waivers.stream()
                        .filter(waiver -> waiver.counts() && waiver.parameters().contains(parameter(value)))
                        .map(waiver -> "%s %s by waiver \"%s\""
                                .formatted(parameter(value), value.get("value"), waiver.name())));
    }

    /** Those that the claim asked for otherwise, or those that it did not ask for. */
    private static Stream<String> byPolicies(
            List<Map<String, Object>> effective, Map<String, Object> asked, boolean corrected) {
        return effective.stream()
                .filter(value -> text(value.get("path")).startsWith(PARAMETER)
                        && text(value.get("source")).startsWith(POLICY)
                        && asked.containsKey(parameter(value)) == corrected)
                .map(value -> "%s %s by policy \"%s\""
                        .formatted(
                                parameter(value),
                                value.get("value"),
                                text(value.get("source")).substring(POLICY.length())));
    }

    private static String parameter(Map<String, Object> value) {
        var path = text(value.get("path"));
        return path.startsWith(PARAMETER) ? path.substring(PARAMETER.length()) : "";
    }
}

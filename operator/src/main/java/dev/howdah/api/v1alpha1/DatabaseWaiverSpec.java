// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Limits widened for one claim until a date. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.claimRef == oldSelf.claimRef",
        fieldPath = ".claimRef",
        message = "claimRef: a waiver is for one claim and cannot move; delete it and make another")
public record DatabaseWaiverSpec(
        @Required @JsonPropertyDescription("The claim it is for.")
        ClaimReference claimRef,

        @Required
        @JsonPropertyDescription(
                "What the claim may be beyond its policies' limits, in a policy's shape. Of ranges the wider of "
                        + "both holds, of lists the union, of several waivers the widest.")
        PolicyLimits limits,

        @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Who answers for it, such as a team on call.")
        String owner,

        @Required @Size(min = 1, max = 1024) @JsonPropertyDescription("Why it is needed.")
        String reason,

        @Required
        @Size(min = 20, max = 40)
        @ValidationRule(value = Shapes.IS_TIME, message = "expirationTime: " + Shapes.NOT_A_TIME)
        @JsonPropertyDescription(
                "When it ends, such as 2026-12-31T00:00:00Z. Parameters and connections then go back to the limit; "
                        + "what cannot be taken back stays and is reported.")
        String expirationTime) {

    /** A claim in a namespace. */
    public record ClaimReference(
            @Required
            @Size(min = 1, max = 63)
            @Pattern(Shapes.DNS_LABEL)
            @JsonPropertyDescription("Namespace of the claim.")
            String namespace,

            @Required @Size(min = 1, max = 63) @Pattern(Shapes.DNS_LABEL) @JsonPropertyDescription("Name of the claim.")
            String name) {}
}

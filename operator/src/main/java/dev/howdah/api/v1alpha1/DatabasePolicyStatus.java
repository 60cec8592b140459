// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a policy does. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabasePolicyStatus(
        @Min(0) @JsonPropertyDescription("The metadata.generation this status is about.") @Nullable
        Long observedGeneration,

        @Size(max = 16)
        @JsonPropertyDescription(
                "Accepted: the policy holds; else its message names every fault, and it changes nothing. "
                        + "Programmed: what it sets is in force wherever it is meant to be.")
        @Nullable
        List<Condition> conditions,

        @Min(0) @JsonPropertyDescription("How many claims it is for.") @Nullable
        Integer targets,

        @Min(0) @JsonPropertyDescription("How many of them break it now.") @Nullable
        Integer violating,

        @Size(max = 20) @JsonPropertyDescription("Some of those that break it, at most 20.") @Nullable
        List<Sample> violations) {

    /** A claim that breaks the policy. */
    public record Sample(
            @Required @Size(max = 63) @JsonPropertyDescription("Namespace of the claim.")
            String namespace,

            @Required @Size(max = 253) @JsonPropertyDescription("Name of the claim.")
            String name,

            @Required @JsonPropertyDescription("Which kind of rule it breaks.")
            Reason reason,

            @Required @Size(max = 256) @JsonPropertyDescription("The field, such as parameters.work_mem.")
            String path) {}
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a class is used. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseClassStatus(
        @Min(0) @JsonPropertyDescription("The metadata.generation this status is about.") @Nullable
        Long observedGeneration,

        @Size(max = 16)
        @JsonPropertyDescription("Accepted: claims can be served from this class; else its message says why.")
        @Nullable
        List<Condition> conditions,

        @Min(0) @JsonPropertyDescription("How many claims use the class.") @Nullable
        Integer claims,

        @Min(0) @JsonPropertyDescription("How many servers serverSelector selects.") @Nullable
        Integer servers) {}

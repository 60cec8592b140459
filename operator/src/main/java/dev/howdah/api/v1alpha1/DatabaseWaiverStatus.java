// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a waiver stands. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseWaiverStatus(
        @Min(0) @JsonPropertyDescription("The metadata.generation this status is about.") @Nullable
        Long observedGeneration,

        @Size(max = 16)
        @JsonPropertyDescription(
                "Accepted: the waiver holds; else its message says why not. Programmed: there is a claim that it "
                        + "lifts a limit for.")
        @Nullable
        List<Condition> conditions) {}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * One condition after the Kubernetes API conventions.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param lastTransitionTime RFC 3339 in whole seconds; moves only when {@code status} does
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @Required @Size(min = 1, max = 316) @JsonPropertyDescription("What is judged, in CamelCase, such as Ready.")
        String type,

        @Required @Size(max = 7) @Pattern("^(True|False|Unknown)$") @JsonPropertyDescription("True, False or Unknown.")
        String status,

        @Min(0)
        @JsonPropertyDescription(
                "The metadata.generation that was judged; lower than the object's means the condition is about "
                        + "an earlier spec.")
        @Nullable
        Long observedGeneration,

        @Required
        @JsonPropertyDescription("When status last became what it is. It does not move with reason or message.")
        String lastTransitionTime,

        @Required
        @Size(min = 1, max = 1024)
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        @JsonPropertyDescription("Why, as one word of a closed list; docs/reasons has a page for each.")
        String reason,

        @Required @Size(max = 32768) @JsonPropertyDescription("Why, for people: the field, the rule and the way out.")
        String message) {}

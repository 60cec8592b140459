// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a parameter may be: a range, or one of a list. Values carry units as in postgresql.conf. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.oneOf) != (has(self.min) || has(self.max))",
        message = "exactly one of oneOf and a range is required; give min, max or both, or give oneOf")
public record ParameterLimit(
        @Size(min = 1, max = 64)
        @JsonPropertyDescription(
                "Smallest value, such as 1s. A value that means without limit, such as statement_timeout 0, is "
                        + "above every max.")
        @Nullable
        String min,

        @Size(min = 1, max = 64) @JsonPropertyDescription("Largest value, such as 64MB.") @Nullable
        String max,

        @Size(max = 64)
        @ValidationRule(
                value = Shapes.NOT_EMPTY,
                message = "oneOf: must not be empty; list the values that are allowed")
        @JsonPropertyDescription("The values that are allowed, for parameters without an order.")
        @Nullable
        List<@Size(max = Shapes.PARAMETER_VALUE_LENGTH) String> oneOf) {}

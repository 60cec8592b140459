// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * One extension.
 *
 * @param version the exact version; absent: the server's default when it is installed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExtensionRequest(
        @Required
        @Size(min = 1, max = Shapes.SQL_NAME_LENGTH)
        @Pattern(Shapes.EXTENSION_NAME)
        @JsonPropertyDescription("Name of the extension as in pg_available_extensions, such as pg_trgm.")
        String name,

        @Size(min = 1, max = Shapes.VERSION_LENGTH)
        @Pattern(Shapes.VERSION_NAME)
        @JsonPropertyDescription(
                "Exact version, such as \"1.8\"; quote it, or YAML reads a number. It can be raised on a live "
                        + "database, never lowered. Default: the server's default version when it is installed.")
        @Nullable
        String version) {}

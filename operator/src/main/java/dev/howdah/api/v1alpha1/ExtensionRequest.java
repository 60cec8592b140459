// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One extension, at the server's default version. */
public record ExtensionRequest(
        @Required
        @Size(min = 1, max = Shapes.SQL_NAME_LENGTH)
        @Pattern(Shapes.EXTENSION_NAME)
        @JsonPropertyDescription(
                "Name of the extension as in pg_available_extensions, such as pg_trgm. It is installed at the "
                        + "server's default version.")
        String name) {}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Encoding and collation of a database, fixed at its creation. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.provider) == has(self.name)",
        message = "locale: provider and name belong together; give both, or neither for the default")
public record DatabaseLocale(
        @Size(min = 1, max = 32)
        @Pattern(Shapes.ENCODING)
        @JsonPropertyDescription("Character set of new databases, as PostgreSQL names it. Default: UTF8.")
        @Nullable
        String encoding,

        @JsonPropertyDescription(
                "Who collates: builtin (PostgreSQL itself, 17 and newer), icu, or libc (the server's operating "
                        + "system). Given together with name.")
        @Nullable
        Provider provider,

        @Size(min = 1, max = 64)
        @Pattern(Shapes.LOCALE_NAME)
        @JsonPropertyDescription(
                "Locale as the provider names it, such as C.UTF-8 (builtin, libc), en_US.UTF-8 (libc) or "
                        + "en-US (icu). Given together with provider.")
        @Nullable
        String name) {

    /** PostgreSQL's locale providers. */
    public enum Provider {
        @JsonProperty("builtin")
        BUILTIN,
        @JsonProperty("icu")
        ICU,
        @JsonProperty("libc")
        LIBC
    }
}

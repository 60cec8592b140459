// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a class offers.
 *
 * @param retainFor how long a deleted database is kept when its policy is Delete, such as 168h
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.defaults) || !has(self.defaults.majorVersion) || self.defaults.majorVersion in "
                + "self.majorVersions",
        fieldPath = ".defaults.majorVersion",
        message = "defaults.majorVersion: must be one of majorVersions; add it there or choose one of them")
@ValidationRule(
        value = "!has(self.locale) || !has(self.locale.provider) || self.locale.provider != 'builtin' || "
                + "self.majorVersions.all(v, v >= 17)",
        fieldPath = ".locale.provider",
        message = "locale.provider: builtin needs PostgreSQL 17 or newer; take 15 and 16 out of majorVersions, use "
                + "libc or icu, or leave locale out")
public record DatabaseClassSpec(
        @Size(max = 1024)
        @JsonPropertyDescription("What the class is for, in a sentence for the teams that choose it.")
        @Nullable
        String description,

        @Required
        @JsonPropertyDescription(
                "Labels of the PostgresServers that claims of this class may be placed on; {} selects every "
                        + "server. A change affects future claims only: a bound claim never moves by itself.")
        LabelSelector serverSelector,

        @Required
        @Size(max = 8)
        @ValidationRule(
                value = Shapes.NOT_EMPTY,
                message = "majorVersions: must not be empty; name at least one of 15, 16, 17, 18")
        @JsonPropertyDescription(
                "Major versions of PostgreSQL that claims of this class may have. A version that is removed "
                        + "is no longer offered to new claims; bound ones keep it.")
        List<@Min(Shapes.OLDEST_MAJOR) @Max(Shapes.NEWEST_MAJOR) Integer> majorVersions,

        @JsonPropertyDescription("Values for what a claim leaves open.") @Nullable
        Defaults defaults,

        @JsonPropertyDescription(
                "Encoding and collation of new databases; fixed at the creation of a database. Default: UTF8 "
                        + "with provider builtin and C.UTF-8 on 17 and newer, libc with C.UTF-8 (else C) on 15 "
                        + "and 16.")
        @Nullable
        DatabaseLocale locale,

        @Size(min = 1, max = 24)
        @Pattern(Shapes.DURATION)
        @JsonPropertyDescription(
                "How long a database is kept after its claim with deletionPolicy Delete is gone, in hours, "
                        + "minutes and seconds such as 168h, 1h30m or 0. Default: 168h. The time of the drop is "
                        + "fixed at deletion; later edits do not move it.")
        @Nullable
        String retainFor,

        @JsonPropertyDescription(
                "Whether an Owner login may create schemas itself, as some migration tools do; trusted "
                        + "extensions become self-service with it. Default: false.")
        @Nullable
        Boolean ownerMayCreateSchemas) {

    /** Values for what a claim leaves open. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Defaults(
            @Min(Shapes.OLDEST_MAJOR)
            @Max(Shapes.NEWEST_MAJOR)
            @JsonPropertyDescription(
                    "Major version of claims that name none; one of majorVersions. Default: the newest of "
                            + "majorVersions.")
            @Nullable
            Integer majorVersion,

            @Size(min = 1, max = Shapes.QUANTITY_LENGTH)
            @Pattern(Shapes.QUANTITY)
            @JsonPropertyDescription("Storage budget of claims that say nothing, such as 5Gi. Default: 5Gi.")
            @Nullable
            String storage,

            @Min(1)
            @Max(Shapes.MOST_CONNECTIONS)
            @JsonPropertyDescription("Sessions per database of claims that say nothing. Default: 20.")
            @Nullable
            Integer connections,

            @Size(max = Shapes.MOST_PARAMETERS)
            @JsonPropertyDescription(
                    "PostgreSQL parameters of claims that do not set them themselves, by name. A change reaches "
                            + "bound claims too, for new sessions.")
            @Nullable
            Map<String, @Size(max = Shapes.PARAMETER_VALUE_LENGTH) String> parameters,

            @Size(max = Shapes.MOST_EXTENSIONS)
            @JsonPropertyDescription("Extensions of claims that list none. Default: none.")
            @Nullable
            List<ExtensionRequest> extensions,

            @Size(max = Shapes.MOST_SCHEMAS)
            @ValidationRule(value = Shapes.NOT_EMPTY, message = Shapes.SCHEMAS_NOT_EMPTY)
            @ValidationRule(value = Shapes.SCHEMAS_NOT_RESERVED, message = Shapes.SCHEMAS_RESERVED)
            @JsonPropertyDescription("Schemas of claims that list none. Default: [public].")
            @Nullable
            List<@Size(min = 1, max = Shapes.SQL_NAME_LENGTH) @Pattern(Shapes.SCHEMA_NAME) String> schemas,

            @JsonPropertyDescription("Deletion policy of claims that say nothing, Retain or Delete. Default: Retain.")
            @Nullable
            DeletionPolicy deletionPolicy,

            @JsonPropertyDescription(
                    "When logins get new passwords. A change reaches bound claims too. Default: on request only, with "
                            + "an overlap of 24h.")
            @Nullable
            CredentialSettings credentials) {

        public static final Defaults NONE = new Defaults(null, null, null, null, null, null, null, null);
    }
}

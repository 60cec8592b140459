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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a claim may be. What is absent is not limited; of several policies all hold. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyLimits(
        @Size(max = 256)
        @JsonPropertyDescription(
                "Ranges or lists by parameter name. They bind what is configured; a session may still SET a "
                        + "parameter that any user may set.")
        @Nullable
        Map<String, ParameterLimit> parameters,

        @JsonPropertyDescription(
                "Parameters that a claim sets and that no policy for it names. Allow or Deny. Default: Allow.")
        @Nullable
        OtherParameters otherParameters,

        @Size(max = 256)
        @JsonPropertyDescription(
                "The extensions a claim may have, a closed list; [] allows none, absent says nothing. One that is "
                        + "not trusted by PostgreSQL always needs a policy that lists it.")
        @Nullable
        List<AllowedExtension> extensions,

        @Size(max = 8)
        @ValidationRule(value = Shapes.NOT_EMPTY, message = MAJORS_NOT_EMPTY)
        @JsonPropertyDescription("The major versions a claim may have.")
        @Nullable
        List<@Min(Shapes.OLDEST_MAJOR) @Max(Shapes.NEWEST_MAJOR) Integer> majorVersions,

        @Size(max = 64)
        @ValidationRule(value = Shapes.NOT_EMPTY, message = CLASSES_NOT_EMPTY)
        @JsonPropertyDescription("The classes a claim may take.")
        @Nullable
        List<@Size(max = Shapes.DNS_SUBDOMAIN_LENGTH) @Pattern(Shapes.DNS_SUBDOMAIN) String> classNames,

        @JsonPropertyDescription("The storage budget of one claim.") @Nullable
        StorageLimit storage,

        @JsonPropertyDescription("The connections of one claim.") @Nullable
        ConnectionLimit connections,

        @Size(max = 3)
        @ValidationRule(value = Shapes.NOT_EMPTY, message = ROLES_NOT_EMPTY)
        @JsonPropertyDescription("The roles logins may have.")
        @Nullable
        List<AccessRole> accessRoles,

        @Size(max = 2)
        @ValidationRule(value = Shapes.NOT_EMPTY, message = DELETIONS_NOT_EMPTY)
        @JsonPropertyDescription(
                "The deletion policies a claim may have. Where only Retain is allowed, a database is kept at its "
                        + "claim's deletion even if the claim says Delete.")
        @Nullable
        List<DeletionPolicy> deletionPolicies) {

    private static final String MAJORS_NOT_EMPTY =
            "majorVersions: must not be empty, which would refuse every claim; leave it out to allow every version";
    private static final String CLASSES_NOT_EMPTY =
            "classNames: must not be empty, which would refuse every claim; leave it out to allow every class";
    private static final String ROLES_NOT_EMPTY =
            "accessRoles: must not be empty, which would refuse every claim; leave it out to allow every role";
    private static final String DELETIONS_NOT_EMPTY =
            "deletionPolicies: must not be empty, which would allow neither; leave it out to allow both";
    private static final String VERSIONS_NOT_EMPTY =
            "versions: must not be empty, which would allow none; leave it out to allow every version";

    /** One extension of the closed list. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AllowedExtension(
            @Required
            @Size(min = 1, max = Shapes.SQL_NAME_LENGTH)
            @Pattern(Shapes.EXTENSION_NAME)
            @JsonPropertyDescription("Name of the extension.")
            String name,

            @Size(max = 64)
            @ValidationRule(value = Shapes.NOT_EMPTY, message = VERSIONS_NOT_EMPTY)
            @JsonPropertyDescription("The versions that are allowed. Default: every version.")
            @Nullable
            List<@Size(max = Shapes.VERSION_LENGTH) @Pattern(Shapes.VERSION_NAME) String> versions,

            @Size(min = 20, max = 40)
            @ValidationRule(value = Shapes.IS_TIME, message = "retireTime: " + Shapes.NOT_A_TIME)
            @JsonPropertyDescription(
                    "When it is retired, such as 2027-01-01T00:00:00Z: until then claims with it are warned, from then "
                            + "on no claim that has not got it is given it. It is never dropped for that. Default: never.")
            @Nullable
            String retireTime) {
        public AllowedExtension(String name, @Nullable List<String> versions) {
            this(name, versions, null);
        }
    }

    /** Bounds of the storage budget. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(value = "has(self.min) || has(self.max)", message = "min or max: one of them is required")
    @ValidationRule(
            value = "!has(self.min) || !has(self.max) || !quantity(self.min).isGreaterThan(quantity(self.max))",
            message = "min: must not be above max; lower min or raise max")
    public record StorageLimit(
            @Size(min = 1, max = Shapes.QUANTITY_LENGTH)
            @Pattern(Shapes.QUANTITY)
            @JsonPropertyDescription("Smallest budget, such as 1Gi.")
            @Nullable
            String min,

            @Size(min = 1, max = Shapes.QUANTITY_LENGTH)
            @Pattern(Shapes.QUANTITY)
            @JsonPropertyDescription("Largest budget, such as 100Gi.")
            @Nullable
            String max) {}

    /** Bounds of the connections. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(value = "has(self.min) || has(self.max)", message = "min or max: one of them is required")
    @ValidationRule(
            value = "!has(self.min) || !has(self.max) || self.min <= self.max",
            message = "min: must not be above max; lower min or raise max")
    public record ConnectionLimit(
            @Min(1) @Max(Shapes.MOST_CONNECTIONS) @JsonPropertyDescription("Fewest connections.") @Nullable
            Integer min,

            @Min(1) @Max(Shapes.MOST_CONNECTIONS) @JsonPropertyDescription("Most connections.") @Nullable
            Integer max) {}
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a team may ask for. Every field may be absent: the class decides the rest, so the schema has no defaults here.
 *
 * @param storage a budget as a Kubernetes quantity, such as 10Gi
 * @param connections sessions that all logins of the database may hold together
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseClaimSpec(
        @Size(min = 1, max = Shapes.DNS_SUBDOMAIN_LENGTH)
        @Pattern(Shapes.DNS_SUBDOMAIN)
        @JsonPropertyDescription("Name of the DatabaseClass to take. Default: the class annotated "
                + "howdah.dev/is-default-class. Fixed once the claim is bound to a server.")
        @Nullable
        String className,

        @Min(Shapes.OLDEST_MAJOR)
        @Max(Shapes.NEWEST_MAJOR)
        @JsonPropertyDescription(
                "Major version of PostgreSQL, one of those the class offers. Default: the class's. Fixed once "
                        + "the claim is bound to a server.")
        @Nullable
        Integer majorVersion,

        @Size(min = 1, max = Shapes.QUANTITY_LENGTH)
        @Pattern(Shapes.QUANTITY)
        @JsonPropertyDescription(
                "Budget for the size of the database, such as 10Gi: measured hourly, warned about at 80 and 100 %, "
                        + "charged to the quota and to the server's capacity. It is not a wall: a hard limit is "
                        + "another server. Default: the class's, else 5Gi.")
        @Nullable
        String storage,

        @Min(1)
        @Max(Shapes.MOST_CONNECTIONS)
        @JsonPropertyDescription(
                "Sessions that all logins of this database may hold together. Default: the class's, else 20. "
                        + "Raising it needs room on the server; a lower value holds for new sessions only.")
        @Nullable
        Integer connections,

        @Size(max = Shapes.MOST_PARAMETERS)
        @JsonPropertyDescription(
                "PostgreSQL parameters of the database, by name, such as work_mem: 32MB; for new sessions. Values "
                        + "as postgresql.conf takes them; quote those that YAML would read as something else "
                        + "(\"on\", \"1.5\"). One that is removed goes back to the default that holds then.")
        @Nullable
        Map<String, @Size(max = Shapes.PARAMETER_VALUE_LENGTH) String> parameters,

        @Size(max = Shapes.MOST_EXTENSIONS)
        @JsonPropertyDescription(
                "Extensions to install. Default: the class's. One that is removed from the list is dropped "
                        + "only if it holds no rows and nothing depends on it, else it is left and listed in "
                        + "status.unmanaged.")
        @Nullable
        List<ExtensionRequest> extensions,

        @Size(max = Shapes.MOST_SCHEMAS)
        @ValidationRule(value = Shapes.NOT_EMPTY, message = Shapes.SCHEMAS_NOT_EMPTY)
        @ValidationRule(value = Shapes.SCHEMAS_NOT_RESERVED, message = Shapes.SCHEMAS_RESERVED)
        @JsonPropertyDescription("Schemas of the database, in the order of the search path. Default: the class's, else "
                + "[public]. A schema that is removed from the list is never dropped: it is left with "
                + "its rights and listed in status.unmanaged.")
        @Nullable
        List<@Size(min = 1, max = Shapes.SQL_NAME_LENGTH) @Pattern(Shapes.SCHEMA_NAME) String> schemas,

        @Size(max = Shapes.MOST_LOGINS)
        @ValidationRule(
                value = Shapes.NOT_EMPTY,
                message = "access: must not be empty; leave the field out for the default, one Owner login "
                        + "named app")
        @ValidationRule(
                value = "self.size() != 1 || self.all(a, !has(a.binding) || a.binding)",
                message = "access: a single entry is always the binding; remove binding: false")
        @ValidationRule(
                value = "self.size() < 2 || self.exists_one(a, has(a.binding) && a.binding)",
                message = "access: of several entries exactly one is the binding; set binding: true on the one "
                        + "whose Secret the application uses, and on no other")
        @JsonPropertyDescription(
                "Logins, each with a Secret of its own. Default: one Owner login named app. A login that is "
                        + "removed from the list is closed; what it made stays.")
        @Nullable
        List<AccessEntry> access,

        @JsonPropertyDescription(
                "What happens to the database when the claim is deleted. Retain: logins are closed, the "
                        + "database stays. Delete: the same, and the database is dropped after the class's "
                        + "retainFor. Default: the class's, else Retain.")
        @Nullable
        DeletionPolicy deletionPolicy) {

    /** {@code spec: {}}, a complete claim. */
    public static final DatabaseClaimSpec EMPTY =
            new DatabaseClaimSpec(null, null, null, null, null, null, null, null, null);
}

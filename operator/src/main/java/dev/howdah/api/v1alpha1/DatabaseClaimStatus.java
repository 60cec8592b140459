// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a claim. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseClaimStatus(
        @Min(0) @JsonPropertyDescription("The metadata.generation this status is about.") @Nullable
        Long observedGeneration,

        @Size(max = 16)
        @JsonPropertyDescription(
                "Ready: a login with the Secret worked and what was asked for is there. Accepted: the class "
                        + "agrees to the spec. Reconciling: something may still come by itself. Stalled: "
                        + "somebody must act. InSync: the database and its roles are as agreed; else its message "
                        + "names each difference.")
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription(
                "The Secret for the application, where Service Binding expects it (a provisioned service).")
        @Nullable
        Binding binding,

        @JsonPropertyDescription(
                "The server that hosts the database. Once it is set the claim is bound, and className and "
                        + "majorVersion are fixed.")
        @Nullable
        HostingServer server,

        @Size(max = Shapes.DNS_SUBDOMAIN_LENGTH)
        @JsonPropertyDescription("The class the claim is bound to; the default class where the spec names none.")
        @Nullable
        String className,

        @Min(1) @JsonPropertyDescription("Sessions all logins may hold together, as last accepted.") @Nullable
        Integer connections,

        @Size(max = Shapes.SQL_NAME_LENGTH)
        @JsonPropertyDescription(
                "Name of the database on the server: <namespace>_<name>, or a shortened form with a hash where "
                        + "that is too long.")
        @Nullable
        String database,

        @Size(max = Shapes.MOST_LOGINS) @JsonPropertyDescription("The logins as published.") @Nullable
        List<AccessStatus> access,

        @Size(max = 128)
        @JsonPropertyDescription("The extensions that are installed for the claim, with those they require.")
        @Nullable
        List<ExtensionStatus> extensions,

        @Size(max = 128)
        @JsonPropertyDescription("What was asked for once, no longer is, and was left because it may hold data.")
        @Nullable
        List<UnmanagedObject> unmanaged,

        @Size(max = 32)
        @JsonPropertyDescription(
                "Values in force that are not built in, and where each came from; at most 32. `howdah why` tells all.")
        @Nullable
        List<EffectiveValue> effective,

        @Size(max = 16)
        @JsonPropertyDescription("What of this claim breaks a rule of a policy in Enforce or Warn now; at most 16.")
        @Nullable
        List<ClaimViolation> violations,

        @Size(max = 256)
        @JsonPropertyDescription(
                "Value of howdah.dev/rotate or howdah.dev/rotate-now that was carried out last, for every login.")
        @Nullable
        String lastHandledRotate,

        @Size(max = 32)
        @JsonPropertyDescription(
                "What decides about rights in the database and is seen in no grant, when it was last looked into: tables "
                        + "with row level security, SECURITY DEFINER functions without a search_path of their own; at most 32.")
        @Nullable
        List<Finding> findings,

        @JsonPropertyDescription(
                "What would be done to give this claim the database that a server's adoptions name for it. It is done "
                        + "once the hash stands there.")
        @Nullable
        AdoptionPlan plan) {

    /** The way of a database that was there before to this claim. */
    public record AdoptionPlan(
            @Required @Size(min = 1, max = 64) @JsonPropertyDescription("Changes with the steps.")
            String hash,

            @Required @Size(max = 64) @JsonPropertyDescription("What would be done, in this order; at most 64.")
            List<@Size(max = 1024) String> steps) {}

    /** Service Binding's "provisioned service": the Secret of the binding entry. */
    public record Binding(
            @Required
            @Size(max = Shapes.DNS_SUBDOMAIN_LENGTH)
            @JsonPropertyDescription("Name of the Secret, in the claim's namespace.")
            String name) {}

    /** Where the database lives; {@code version} as PostgreSQL reports it, such as 18.6. */
    public record HostingServer(
            @Required @Size(max = Shapes.DNS_SUBDOMAIN_LENGTH) @JsonPropertyDescription("Name of the PostgresServer.")
            String name,

            @Required @Size(max = 64) @JsonPropertyDescription("Version the server reports, such as 18.6.")
            String version) {}

    /** A published login. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AccessStatus(
            @Required
            @Size(min = 1, max = 16)
            @JsonPropertyDescription("Name of the entry in spec.access (app where spec.access is absent).")
            String name,

            @Required @JsonPropertyDescription("What the login may do.")
            AccessRole role,

            @Required
            @Size(max = Shapes.SQL_NAME_LENGTH)
            @JsonPropertyDescription("The PostgreSQL role that the Secret names.")
            String username,

            @Required
            @Size(max = Shapes.DNS_SUBDOMAIN_LENGTH)
            @JsonPropertyDescription("Name of the Secret, in the claim's namespace.")
            String secretName,

            @JsonPropertyDescription("When the password was last replaced.") @Nullable
            String rotationTime) {}

    /** An installed extension. */
    public record ExtensionStatus(
            @Required @Size(min = 1, max = Shapes.SQL_NAME_LENGTH) @JsonPropertyDescription("Name of the extension.")
            String name,

            @Required @Size(max = 128) @JsonPropertyDescription("Version that is installed.")
            String version,

            @Required
            @Size(max = Shapes.SQL_NAME_LENGTH)
            @JsonPropertyDescription("Schema its objects are in; extensions unless the extension fixes one.")
            String schema) {}

    /** Something that was asked for once, no longer is, and was left because it may hold data. */
    public record UnmanagedObject(
            @Required @Size(max = 63) @JsonPropertyDescription("What it is, such as Schema or Extension.")
            String kind,

            @Required @Size(max = Shapes.SQL_NAME_LENGTH) @JsonPropertyDescription("Its name in the database.")
            String name,

            @Required @Size(max = 1024) @JsonPropertyDescription("Why it was left, and how to be rid of it.")
            String message) {}

    /** Something to know about in the database. */
    public record Finding(
            @Required @Size(max = 63) @JsonPropertyDescription("What it is: RowSecurity or SecurityDefiner.")
            String kind,

            @Required
            @Size(max = 1024)
            @JsonPropertyDescription("Its name with its schema; a function's with its arguments.")
            String name,

            @Required @Size(max = 1024) @JsonPropertyDescription("What that means, and what to do.")
            String message) {}

    /** One value in force. */
    public record EffectiveValue(
            @Required @Size(max = 256) @JsonPropertyDescription("The field, such as parameters.work_mem.")
            String path,

            @Required @Size(max = 1024) @JsonPropertyDescription("The value.")
            String value,

            @Required
            @Size(max = 320)
            @JsonPropertyDescription(
                    "Where it came from: DatabaseClaim, DatabaseClass/<name> or DatabasePolicy/<name>.")
            String source) {}

    /** One rule that is broken. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ClaimViolation(
            @Required @JsonPropertyDescription("Which kind of rule.")
            Reason reason,

            @Required @Size(max = 256) @JsonPropertyDescription("The field, such as parameters.work_mem.")
            String path,

            @Size(max = Shapes.DNS_SUBDOMAIN_LENGTH)
            @JsonPropertyDescription("The DatabasePolicy whose rule it is; absent where it is no policy's.")
            @Nullable
            String policy,

            @JsonPropertyDescription("The policy's enforcement.") @Nullable
            Enforcement mode,

            @Required @Size(max = 2048) @JsonPropertyDescription("What is wrong, what is allowed, what to do.")
            String message) {}
}

// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.howdah.api.v1alpha1.DatabaseWaiverSpec.ClaimReference;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found on a server. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PostgresServerStatus(
        @Min(0) @JsonPropertyDescription("The metadata.generation this status is about.") @Nullable
        Long observedGeneration,

        @Size(max = 16)
        @JsonPropertyDescription(
                "Ready: the operator can work on this server. Hardened: no weakness was found; else its "
                        + "message names each. Reconciling: something may still come by itself. Stalled: "
                        + "somebody must act. InSync: all databases here are as agreed; else its message names "
                        + "those that are not.")
        @Nullable
        List<Condition> conditions,

        @Size(max = 64) @JsonPropertyDescription("Version the server reports, such as 18.6.") @Nullable
        String version,

        @Size(max = 20)
        @JsonPropertyDescription("PostgreSQL's own identifier of the cluster behind the address.")
        @Nullable
        String systemIdentifier,

        @Size(max = 64) @JsonPropertyDescription("The Howdah installation whose ledger is on the server.") @Nullable
        String installation,

        @JsonPropertyDescription("What the operator's login may do on the server.") @Nullable
        Capabilities capabilities,

        @JsonPropertyDescription(
                "What the databases on the server take, retained ones included. Written at most every ten "
                        + "seconds.")
        @Nullable
        Used used,

        @Size(max = 200) @JsonPropertyDescription("Extensions that can be installed, at most 200.") @Nullable
        List<AvailableExtension> extensions,

        @Min(0) @JsonPropertyDescription("How many databases are kept that no claim has. Absent for none.") @Nullable
        Integer retainedDatabases,

        @Size(max = 100)
        @JsonPropertyDescription(
                "Databases that are kept and that no claim has, longest kept first; at most 100. `howdah retained` "
                        + "shows them.")
        @Nullable
        List<RetainedDatabase> retained,

        @Min(0)
        @JsonPropertyDescription(
                "How far the ledger's journal had come when this status was last written: a ledger that is behind "
                        + "it was restored to an earlier time.")
        @Nullable
        Long ledgerPosition) {

    /** Why a database is kept. */
    public enum RetainedBecause {
        /** Its claim was deleted. */
        ClaimDeleted,
        /** Its claim was found to be gone. */
        ClaimGone
    }

    /** A database that is kept and that no claim has. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RetainedDatabase(
            @Required @Size(max = Shapes.SQL_NAME_LENGTH) @JsonPropertyDescription("Name of the database.")
            String database,

            @Required @JsonPropertyDescription("The claim that had it.")
            ClaimReference claimRef,

            @Required
            @JsonPropertyDescription(
                    "ClaimDeleted: its claim was deleted. ClaimGone: its claim was found to be gone without having "
                            + "been ended.")
            RetainedBecause because,

            @Required @JsonPropertyDescription("When its logins were closed.")
            String sinceTime,

            @JsonPropertyDescription("When it is dropped; absent for never.") @Nullable
            String dropTime,

            @Size(max = 24)
            @JsonPropertyDescription("What it took on disk when it was last measured, roughly.")
            @Nullable
            String size) {}

    /** What the admin may do. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Capabilities(
            @Required @JsonPropertyDescription("Whether it is a superuser.")
            boolean superuser,

            @Size(max = 256)
            @JsonPropertyDescription(
                    "Parameters that take a superuser and that it may set all the same, by GRANT SET ON PARAMETER. "
                            + "Absent for a superuser, who may set any.")
            @Nullable
            List<@Size(max = 128) String> settableParameters,

            @JsonPropertyDescription(
                    "Whether it may try to install extensions that are not trusted though it is no superuser, as a "
                            + "provider's own admin role does. Absent where it may not, and for a superuser.")
            @Nullable
            Boolean untrustedExtensions,

            @Required
            @JsonPropertyDescription("Whether it may end sessions of any role but superusers', as a member of "
                    + "pg_signal_backend; those of the claims' own logins it may end in any case.")
            boolean terminateSessions) {}

    /** What the ledger holds, retained databases included. */
    public record Used(
            @Required @Min(0) @JsonPropertyDescription("Databases in the ledger.")
            int databases,

            @Required @Size(max = 32) @JsonPropertyDescription("Sum of their storage budgets.")
            String storage,

            @Required @Min(0) @JsonPropertyDescription("Sum of their connection limits.")
            int connections) {}

    /** An extension this server can install. */
    public record AvailableExtension(
            @Required @Size(min = 1, max = Shapes.SQL_NAME_LENGTH) @JsonPropertyDescription("Name of the extension.")
            String name,

            @Required @Size(max = 64) @JsonPropertyDescription("Versions that can be installed.")
            List<@Size(max = 128) String> versions,

            @Required @JsonPropertyDescription("Whether the extension is trusted: safe to install without a superuser.")
            boolean trusted) {}
}

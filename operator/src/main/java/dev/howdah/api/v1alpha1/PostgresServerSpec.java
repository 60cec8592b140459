// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.howdah.api.v1alpha1.DatabaseWaiverSpec.ClaimReference;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a server and what may land on it.
 *
 * @param namespaceSelector whose claims may land here; absent: everybody's
 * @param acceptedSystemIdentifier consent to go on after the server's identity changed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.external)",
        message = "spec: exactly one of external is required, to say where the server is; give external.host and "
                + "external.adminSecretRef.name")
public record PostgresServerSpec(
        @JsonPropertyDescription(
                "A server that somebody else runs: where it is and the login the operator works with. Exactly "
                        + "one of external is required.")
        @Nullable
        External external,

        @JsonPropertyDescription(
                "What applications are told in their Secrets, where it differs from the operator's own way to "
                        + "the server. A change is published to the Secrets.")
        @Nullable
        Endpoint endpoint,

        @JsonPropertyDescription(
                "Labels of the namespaces whose claims may be placed here. Default: every namespace. A change "
                        + "affects future claims only.")
        @Nullable
        LabelSelector namespaceSelector,

        @JsonPropertyDescription(
                "Room for claims, retained databases included; what is absent is not limited. A lower value "
                        + "removes nothing, it only stops further claims.")
        @Nullable
        Capacity capacity,

        @JsonPropertyDescription(
                "true: no new claim is placed here; those that are here are served on. Default: false.")
        @Nullable
        Boolean unschedulable,

        @Default("Report")
        @JsonPropertyDescription(
                "What is done about weaknesses of the server. Report: the condition Hardened names them. "
                        + "Apply: CONNECT on postgres and template1 is also revoked from PUBLIC. Require: no "
                        + "claim is placed here while Hardened is False.")
        @Nullable
        Hardening hardening,

        @Default("Verifier")
        @JsonPropertyDescription(
                "How PostgreSQL is given a password. Verifier: as a SCRAM-SHA-256 verifier, so that the server "
                        + "never sees the password. Server: as it is, for providers that refuse verifiers.")
        @Nullable
        PasswordMode passwordMode,

        @Size(min = 1, max = 20)
        @Pattern(Shapes.SYSTEM_IDENTIFIER)
        @JsonPropertyDescription(
                "The status.systemIdentifier to accept after the server behind the address changed, for "
                        + "example after a restore. Until it is given the operator only reads there.")
        @Nullable
        String acceptedSystemIdentifier,

        @Default("Repair")
        @JsonPropertyDescription(
                "What is done when a claim's roles or database are found to differ from what was agreed, as after a "
                        + "change by hand. Repair: it is put back. Report: nothing is put back; the condition "
                        + "InSync of the claim and of this server says what was found and what would be run.")
        @Nullable
        Drift drift,

        @Size(max = Shapes.MOST_OPERATOR_ROLES)
        @JsonPropertyDescription(
                "Roles of your own, such as those of monitoring and backups, that may enter the database of every "
                        + "claim here. They have to exist; Howdah grants them that and takes it back when they are "
                        + "no longer listed. Roles that are not listed lose what they are given on a claim's "
                        + "database under drift: Repair.")
        @Nullable
        List<OperatorRole> operatorRoles,

        @Size(max = 64)
        @JsonPropertyDescription(
                "Consent, by pair, that a claim gets a database of this server: one that nobody here made, or one "
                        + "that is kept for a former namespace of the claim's name. At most 64.")
        @Nullable
        List<Adoption> adoptions,

        @JsonPropertyDescription(
                "Consent to take over the ledger of a cluster that is lost, and to give its databases to the claims "
                        + "of the same namespace and name here.")
        @Nullable
        Recovery recovery) {

    /** A database and the claim that gets it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Adoption(
            @Required
            @Size(min = 1, max = Shapes.SQL_NAME_LENGTH)
            @Pattern(Shapes.ANY_DATABASE_NAME)
            @JsonPropertyDescription("Name of the database on this server.")
            String database,

            @Required @JsonPropertyDescription("The claim that gets it.")
            ClaimReference claimRef,

            @Size(min = 8, max = 64)
            @Pattern(Shapes.PLAN_HASH)
            @JsonPropertyDescription(
                    "The hash of the plan to carry out, from status.plan of the claim. Without it the claim shows "
                            + "the plan and nothing is done. A database kept for a former namespace needs none.")
            @Nullable
            String planHash) {}

    /** A lost cluster. */
    public record Recovery(
            @Required
            @Size(min = 1, max = 64)
            @Pattern(Shapes.INSTALLATION)
            @JsonPropertyDescription("The installation whose ledger it is, from the message of the server.")
            String installation,

            @Required
            @Size(min = 20, max = 40)
            @ValidationRule(value = Shapes.IS_TIME, message = "untilTime: " + Shapes.NOT_A_TIME)
            @JsonPropertyDescription(
                    "Until when databases are given to claims, such as 2026-12-31T00:00:00Z; nothing is given later.")
            String untilTime) {}

    /** What is done about drift where nothing is said. */
    public Drift driftOrDefault() {
        return drift == null ? Drift.Repair : drift;
    }

    /** Never {@code null}. */
    public List<OperatorRole> operatorRolesOrNone() {
        return operatorRoles == null ? List.of() : operatorRoles;
    }

    /** What is done when something was changed by hand. */
    public enum Drift {
        Repair,
        Report
    }

    /** A role of the DBAs that may enter every claim's database. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "[has(self.connect) && self.connect, has(self.readOnly) && self.readOnly].filter(x, x).size() == 1",
            message = "operatorRoles: exactly one of connect: true and readOnly: true is needed for each role")
    @ValidationRule(
            value = "!self.name.startsWith('pg_') && !(self.name in ['postgres', 'public', 'none', 'rdsadmin', "
                    + "'cloudsqladmin', 'azuresu', 'alloydbadmin'])",
            message = "operatorRoles: pg_* and postgres belong to PostgreSQL, rdsadmin and the like to the provider; "
                    + "name a role of your own")
    public record OperatorRole(
            @Required
            @Size(min = 1, max = Shapes.SQL_NAME_LENGTH)
            @JsonPropertyDescription("Name of an existing role, as in pg_roles; it is quoted, so upper case counts.")
            String name,

            @JsonPropertyDescription("true: it may connect to every claim's database, and see what PUBLIC sees there.")
            @Nullable
            Boolean connect,

            @JsonPropertyDescription(
                    "true: it may connect, and reads what a ReadOnly login of the claim reads, by membership in the "
                            + "claim's group of readers.")
            @Nullable
            Boolean readOnly) {}

    /** A server that somebody else runs. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record External(
            @Required
            @Size(min = 1, max = 253)
            @Pattern(Shapes.HOST)
            @JsonPropertyDescription(
                    "Host name, IPv4 or IPv6 address of the primary, without port, brackets or scheme.")
            String host,

            @Default("5432") @Min(1) @Max(65535) @JsonPropertyDescription("TCP port. Default: 5432.") @Nullable
            Integer port,

            @Default("postgres")
            @Size(min = 1, max = Shapes.SQL_NAME_LENGTH)
            @Pattern(Shapes.DATABASE_NAME)
            @JsonPropertyDescription("Database the operator connects to first. Default: postgres.")
            @Nullable
            String adminDatabase,

            @Default("verify-full")
            @JsonPropertyDescription(
                    "libpq's sslmode for the operator's own connections. Default: verify-full; a weaker mode "
                            + "must be written out.")
            @Nullable
            SslMode sslMode,

            @Required @JsonPropertyDescription("The Secret with the operator's login on the server.")
            AdminSecret adminSecretRef) {}

    /** A Secret in the operator's own namespace. */
    public record AdminSecret(
            @Required
            @Size(min = 1, max = Shapes.DNS_SUBDOMAIN_LENGTH)
            @Pattern(Shapes.DNS_SUBDOMAIN)
            @JsonPropertyDescription(
                    "Name of a Secret in the operator's own namespace, with the keys username, password and, "
                            + "where the server's certificate is not publicly trusted, ca.crt.")
            String name) {}

    /** What applications are told, where it differs from the operator's own way. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Endpoint(
            @Size(min = 1, max = 253)
            @Pattern(Shapes.HOST)
            @JsonPropertyDescription("Host name or address for applications. Default: external.host.")
            @Nullable
            String host,

            @Min(1) @Max(65535) @JsonPropertyDescription("TCP port for applications. Default: external.port.") @Nullable
            Integer port,

            @JsonPropertyDescription("sslmode for applications. Default: require, or disable if external.sslMode is. A "
                    + "verifying mode is published only where the Secret can carry the CA.")
            @Nullable
            SslMode sslMode) {}

    /** Room for claims; what is absent is not limited. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Capacity(
            @Min(0) @JsonPropertyDescription("How many databases, retained ones included. Default: no limit.") @Nullable
            Integer databases,

            @Size(min = 1, max = Shapes.QUANTITY_LENGTH)
            @Pattern(Shapes.QUANTITY_OR_NONE)
            @JsonPropertyDescription(
                    "Sum of the storage budgets of all databases, such as 500Gi. Keep it below the size of the "
                            + "disk. Default: no limit.")
            @Nullable
            String storage,

            @Min(0)
            @JsonPropertyDescription(
                    "Sum of the connection limits of all databases. Keep it below the server's max_connections. "
                            + "Default: no limit.")
            @Nullable
            Integer connections) {}

    /** What is done about weaknesses of a server. */
    public enum Hardening {
        Report,
        Apply,
        Require
    }

    /** The form in which PostgreSQL is given a password. */
    public enum PasswordMode {
        /** A SCRAM-SHA-256 verifier computed by the operator; the server never sees the password. */
        Verifier,
        /** The password itself, for providers that refuse verifiers. */
        Server
    }

    /** libpq's sslmode, without its opportunistic values. */
    public enum SslMode {
        @JsonProperty("disable")
        DISABLE("disable"),
        @JsonProperty("require")
        REQUIRE("require"),
        @JsonProperty("verify-ca")
        VERIFY_CA("verify-ca"),
        @JsonProperty("verify-full")
        VERIFY_FULL("verify-full");

        private final String word;

        SslMode(String word) {
            this.word = word;
        }

        /** The value as libpq and the driver spell it. */
        public String word() {
            return word;
        }
    }
}

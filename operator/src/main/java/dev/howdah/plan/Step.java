// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One change on a server. A step is data; {@code postgres} renders it. Each can be repeated without harm. */
public sealed interface Step {

    /** Where a step runs. */
    sealed interface Place {
        /** The database {@code howdah}, in a transaction. */
        record Ledger() implements Place {}

        /** The database {@code howdah}, after its neighbours' commit: it refuses a transaction, or has to see theirs. */
        record Alone() implements Place {}

        /** The claim's database, in a transaction. */
        record Inside(String database) implements Place {}
    }

    Place LEDGER = new Place.Ledger();
    Place ALONE = new Place.Alone();

    /** Where it runs. */
    default Place place() {
        return LEDGER;
    }

    /** The role it runs as; {@code null} is the admin itself. */
    default @Nullable String runAs() {
        return null;
    }

    /** What it puts at risk. */
    default Risk risk() {
        return StepRisk.of(this);
    }

    /** A few words for the journal and for people. Never holds a secret. */
    String summary();

    /** What a step puts at risk. */
    enum Risk {
        Adds,
        Changes,
        Revokes,
        Destroys
    }

    /** A step that has its round trip to itself. */
    sealed interface Alone extends Step {
        @Override
        default Place place() {
            return ALONE;
        }
    }

    /** A step in the claim's database. */
    sealed interface Inside extends Step {
        String database();

        @Override
        default Place place() {
            return new Place.Inside(database());
        }
    }

    /** A step that the owner of what it changes runs; without one, the admin. */
    sealed interface AsOwner extends Step {
        @Nullable
        String owner();

        @Override
        default @Nullable String runAs() {
            return owner();
        }
    }

    /** A step that takes the rights of the database's owner. */
    sealed interface AsDatabaseRole extends Step {
        String databaseRole();

        @Override
        default String runAs() {
            return databaseRole();
        }
    }

    // The ledger.

    record ReserveClaim(ClaimIdentity identity, String database, List<String> roles, int connections) implements Step {
        @Override
        public String summary() {
            return "reserve " + database;
        }
    }

    /** The row of an earlier claim of the same namespace and name now belongs to this one. */
    record RebindClaim(String database, ClaimIdentity identity, List<String> roles, LedgerClaim.State state)
            implements Step {
        @Override
        public String summary() {
            return "rebind " + database;
        }
    }

    record RecordRoles(String uid, List<String> roles, int connections) implements Step {
        @Override
        public String summary() {
            return "record " + roles.size() + " roles";
        }
    }

    record RecordAccepted(String uid, Accepted accepted) implements Step {
        @Override
        public String summary() {
            return "record generation " + accepted.generation();
        }
    }

    record RecordLogin(String uid, String access, String slot, String fingerprint, Instant issued) implements Step {
        @Override
        public String summary() {
            return "record login " + access + " " + slot;
        }
    }

    record ForgetLogin(String uid, String access) implements Step {
        @Override
        public String summary() {
            return "forget login " + access;
        }
    }

    /** {@code dropAfter} counts from now on the server's clock; {@code null} keeps the database for good. */
    record RecordRetained(String uid, @Nullable Duration dropAfter) implements Step {
        @Override
        public String summary() {
            return "retain" + (dropAfter == null ? "" : " for " + DurationText.format(dropAfter));
        }
    }

    record RecordDropping(String uid) implements Step {
        @Override
        public String summary() {
            return "record the drop";
        }
    }

    record ForgetClaim(String uid) implements Step {
        @Override
        public String summary() {
            return "forget the claim";
        }
    }

    // Roles.

    record CreateRole(String role, boolean login) implements Step {
        @Override
        public String summary() {
            return "create role " + role;
        }
    }

    /** Opens or closes a login; a closed one admits nobody, twice over: NOLOGIN and a connection limit of 0. */
    record AlterLogin(
            String role,
            boolean open,
            int connectionLimit,
            @Nullable Credential credential) implements Step {
        @Override
        public String summary() {
            return (open ? "open login " : "close login ") + role + (credential == null ? "" : " with a new password");
        }
    }

    record GrantRole(String group, String member, boolean inherit) implements Step {
        @Override
        public String summary() {
            return "grant " + group + " to " + member;
        }
    }

    record RevokeRole(String group, String member) implements Step {
        @Override
        public String summary() {
            return "revoke " + group + " from " + member;
        }
    }

    /** {@code values} is a list for list settings such as search_path. */
    record SetRoleSetting(String role, String database, String setting, List<String> values) implements Step {
        @Override
        public String summary() {
            return "set " + setting + " of " + role;
        }
    }

    record ResetRoleSetting(String role, String database, String setting) implements Step {
        @Override
        public String summary() {
            return "reset " + setting + " of " + role;
        }
    }

    /** Only after the logins are closed for good, or clients would be back at once. */
    record EndSessions(List<String> roles) implements Alone {
        @Override
        public String summary() {
            return "end sessions of " + String.join(", ", roles);
        }
    }

    /** Sessions of anybody, where the admin may end them. */
    record EndDatabaseSessions(String database) implements Alone {
        @Override
        public String summary() {
            return "end sessions in " + database;
        }
    }

    record DropRole(String role) implements Step {
        @Override
        public String summary() {
            return "drop role " + role;
        }
    }

    // The database, from outside.

    record CreateDatabase(String database, String owner, Locale locale) implements Alone {
        /** A locale with nothing left open. */
        public record Locale(String encoding, String provider, String name) {}

        @Override
        public String summary() {
            return "create database " + database;
        }
    }

    record RevokePublic(String database, String owner) implements AsOwner {
        @Override
        public String summary() {
            return "close " + database + " to PUBLIC";
        }
    }

    record GrantOnDatabase(String database, String owner, List<String> privileges, String grantee) implements AsOwner {
        @Override
        public String summary() {
            return "grant " + String.join(", ", privileges) + " on " + database + " to " + grantee;
        }
    }

    record RevokeOnDatabase(String database, String owner, List<String> privileges, String grantee) implements AsOwner {
        @Override
        public String summary() {
            return "revoke " + String.join(", ", privileges) + " on " + database + " from " + grantee;
        }
    }

    record SetConnectionLimit(String database, String owner, int limit) implements AsOwner {
        @Override
        public String summary() {
            return "limit " + database + " to " + limit + " connections";
        }
    }

    record RefuseConnections(String database, String owner) implements AsOwner {
        @Override
        public String summary() {
            return "refuse connections to " + database;
        }
    }

    /** Back in use after a drop that did not get as far as the database. */
    record AllowConnections(String database, String owner) implements AsOwner {
        @Override
        public String summary() {
            return "allow connections to " + database;
        }
    }

    record DropDatabase(String database, String owner) implements Alone, AsOwner {
        @Override
        public String summary() {
            return "drop database " + database;
        }
    }

    // Inside the claim's database.

    /** Only ever the empty one that template0 brings; it is made again with the owner group as its owner. */
    record DropTemplatePublicSchema(String database, String databaseRole) implements Inside, AsDatabaseRole {
        @Override
        public String summary() {
            return "drop the template's public schema";
        }
    }

    record CreateSchema(String database, String databaseRole, String schema, String owner)
            implements Inside, AsDatabaseRole {
        @Override
        public String summary() {
            return "create schema " + schema;
        }
    }

    /** The admin's own schema for extensions. */
    record CreateExtensionsSchema(String database, String schema) implements Inside {
        @Override
        public String summary() {
            return "create schema " + schema;
        }
    }

    /** {@code schema} is {@code null} where the extension's control file fixes one. */
    record CreateExtension(
            String database, String extension, @Nullable String schema) implements Inside {
        @Override
        public String summary() {
            return "create extension " + extension;
        }
    }

    /** Dropped only if nothing depends on it; otherwise left as it is. */
    record DropExtensionIfUnused(String database, String extension) implements Inside {
        @Override
        public String summary() {
            return "drop extension " + extension + " if unused";
        }
    }

    /** {@code owner} runs it; {@code null} is the admin. */
    record GrantSchemaUsage(String database, @Nullable String owner, String schema, String grantee)
            implements Inside, AsOwner {
        @Override
        public String summary() {
            return "grant usage of schema " + schema + " to " + grantee;
        }
    }

    /** What a group gets on everything the owner group will make. */
    record SetDefaultPrivileges(String database, String owner, String grantee, ObjectKind kind, List<String> privileges)
            implements Inside, AsOwner {
        @Override
        public String summary() {
            return "default " + kind + " privileges for " + grantee;
        }
    }

    /** The same rights on what is already there. */
    record GrantOnExisting(
            String database, String owner, String schema, String grantee, ObjectKind kind, List<String> privileges)
            implements Inside, AsOwner {
        @Override
        public String summary() {
            return "grant on existing " + kind + " of schema " + schema + " to " + grantee;
        }
    }

    /** What a login made outside its group is handed to the owner group, and the login's own grants go. */
    record HandOver(String database, String databaseRole, String login, String owner) implements Inside {
        @Override
        public String summary() {
            return "hand what " + login + " owns to " + owner;
        }
    }

    /** Kinds of objects with default privileges; {@code code} is that of {@code pg_default_acl}. */
    enum ObjectKind {
        Tables('r'),
        Sequences('S'),
        Functions('f'),
        Types('T'),
        Schemas('n');

        private final char code;

        ObjectKind(char code) {
            this.code = code;
        }

        public char code() {
            return code;
        }
    }
}

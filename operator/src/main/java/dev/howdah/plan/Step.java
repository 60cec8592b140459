// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.plan;

import dev.howdah.api.v1alpha1.PostgresServerStatus.RetainedBecause;
import dev.howdah.plan.Desired.ClaimIdentity;
import dev.howdah.policy.Accepted;
import dev.howdah.policy.Demand;
import java.time.Duration;
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
    default String summary() {
        return StepSummary.of(this);
    }

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

    record ReserveClaim(ClaimIdentity identity, String database, List<String> roles, Demand demand) implements Step {}

    /**
     * The row of an earlier claim of the same namespace and name now belongs to this one; {@code byPair} when the
     * server's adoptions said so.
     */
    record RebindClaim(
            String database, ClaimIdentity identity, List<String> roles, LedgerClaim.State state, boolean byPair)
            implements Step {}

    /** The row of a claim that gets a database somebody else made; what that was like is in it. */
    record AdoptClaim(ClaimIdentity identity, String database, List<String> roles, Demand demand, Adopted adopted)
            implements Step {}

    record RecordReservation(String uid, List<String> roles, Demand demand) implements Step {}

    /** Those that are there all the same, as something depends on them, stay in the ledger. */
    record ForgetRoles(String uid, List<String> roles) implements Step {}

    record RecordAccepted(String uid, Accepted accepted) implements Step {}

    record RecordLogin(String uid, String access, Login login) implements Step {}

    record ForgetLogin(String uid, String access) implements Step {}

    /** {@code dropAfter} counts from now on the server's clock; {@code null} keeps the database for good. */
    record RecordRetained(String uid, @Nullable Duration dropAfter, RetainedBecause because) implements Step {}

    record RecordDropping(String uid) implements Step {}

    record ForgetClaim(String uid) implements Step {}

    // Roles.

    record CreateRole(String role, boolean login) implements Step {}

    /** Opens or closes a login; a closed one admits nobody, twice over: NOLOGIN and a connection limit of 0. */
    record AlterLogin(
            String role,
            boolean open,
            int connectionLimit,
            @Nullable Credential credential) implements Step {}

    record GrantRole(String group, String member, boolean inherit) implements Step {}

    record RevokeRole(String group, String member) implements Step {}

    /** {@code values} is a list for list settings such as search_path. */
    record SetRoleSetting(String role, String database, String setting, List<String> values) implements Step {}

    record ResetRoleSetting(String role, String database, String setting) implements Step {}

    /** Whoever granted it, and with it what the member made of it; {@code grantor} is a name PostgreSQL 15 ignores. */
    record RevokeMembership(String group, String member, String grantor) implements Step {}

    /** An attribute of a role that never comes from here. */
    record TakeAttribute(String role, Attribute attribute) implements Step {}

    /** All that is set for a role, in one database or, with an empty name, in all of them. */
    record ResetRoleSettings(String role, String database) implements Step {}

    /** Attributes of roles that this operator gives to none. */
    enum Attribute {
        Superuser("SUPERUSER", "NOSUPERUSER"),
        CreateRole("CREATEROLE", "NOCREATEROLE"),
        CreateDatabase("CREATEDB", "NOCREATEDB"),
        Replication("REPLICATION", "NOREPLICATION"),
        BypassRls("BYPASSRLS", "NOBYPASSRLS"),
        NoInherit("NOINHERIT", "INHERIT"),
        Expiry("VALID UNTIL", "VALID UNTIL 'infinity'");

        private final String words;
        private final String taken;

        Attribute(String words, String taken) {
            this.words = words;
            this.taken = taken;
        }

        public String words() {
            return words;
        }

        /** The words of ALTER ROLE that take it away. */
        public String taken() {
            return taken;
        }

        /** Whether a login can do less with it. */
        boolean weakens() {
            return this == NoInherit || this == Expiry;
        }
    }

    /** Only after the logins are closed for good, or clients would be back at once. */
    record EndSessions(List<String> roles) implements Alone {}

    /** Sessions of anybody, where the admin may end them. */
    record EndDatabaseSessions(String database) implements Alone {}

    /** Each is dropped unless something in another database depends on it; then it is left as it is. */
    record DropRoles(List<String> roles) implements Alone {}

    // The database, from outside.

    record CreateDatabase(String database, String owner, Locale locale) implements Alone {
        /** A locale with nothing left open. */
        public record Locale(String encoding, String provider, String name) {}
    }

    record RevokePublic(String database, String owner) implements AsOwner {}

    record GrantOnDatabase(String database, String owner, List<String> privileges, String grantee) implements AsOwner {}

    record RevokeOnDatabase(String database, String owner, List<String> privileges, String grantee)
            implements AsOwner {}

    /** What a role from outside was given, and what it passed on. */
    record RevokeAllOnDatabase(String database, String owner, String grantee) implements AsOwner {}

    /** Of a database that is the claim's whoever owns it now. */
    record TakeDatabaseBack(String database, String databaseRole) implements Step {}

    record SetConnectionLimit(String database, String owner, int limit) implements AsOwner {}

    /** A step about a parameter of the database. One that takes a superuser is the admin's, the others are the owner's. */
    sealed interface AboutParameter extends Step {
        String database();

        String databaseRole();

        String parameter();

        boolean privileged();

        @Override
        default @Nullable String runAs() {
            return privileged() ? null : databaseRole();
        }
    }

    /** {@code values} is several for a list of names; the empty list is the empty text. */
    record SetDatabaseParameter(
            String database, String databaseRole, String parameter, List<String> values, boolean privileged)
            implements AboutParameter {}

    record ResetDatabaseParameter(String database, String databaseRole, String parameter, boolean privileged)
            implements AboutParameter {}

    record RefuseConnections(String database, String owner) implements AsOwner {}

    /** Back in use after a drop that did not get as far as the database. */
    record AllowConnections(String database, String owner) implements AsOwner {}

    record DropDatabase(String database, String owner) implements Alone, AsOwner {}

    // Inside the claim's database.

    /** Only ever the empty one that template0 brings; it is made again with the owner group as its owner. */
    record DropTemplatePublicSchema(String database, String databaseRole) implements Inside, AsDatabaseRole {}

    record CreateSchema(String database, String databaseRole, String schema, String owner)
            implements Inside, AsDatabaseRole {}

    /** A schema of the claim that was given to somebody else. */
    record TakeSchemaBack(String database, String schema, String owner) implements Inside {}

    /** The admin's own schema for extensions. */
    record CreateExtensionsSchema(String database, String schema) implements Inside {}

    /**
     * {@code schema} is {@code null} where the extension's control file fixes one, {@code version} where the server's
     * default is wanted.
     */
    record CreateExtension(
            String database,
            String extension,
            @Nullable String schema,
            @Nullable String version) implements Inside {}

    record UpdateExtension(String database, String extension, String installed, String version) implements Inside {}

    /** Dropped only if nothing depends on it; otherwise left as it is. */
    record DropExtensionIfUnused(String database, String extension) implements Inside {}

    /** {@code owner} runs it; {@code null} is the admin. */
    record GrantSchemaUsage(String database, @Nullable String owner, String schema, String grantee)
            implements Inside, AsOwner {}

    /** What a group gets on everything the owner group will make. */
    record SetDefaultPrivileges(String database, String owner, String grantee, ObjectKind kind, List<String> privileges)
            implements Inside, AsOwner {}

    /** The same rights on what is already there. */
    record GrantOnExisting(
            String database, String owner, String schema, String grantee, ObjectKind kind, List<String> privileges)
            implements Inside, AsOwner {}

    /**
     * What a login made outside its group is handed to the owner group, and the login's own grants go. {@code member} says
     * whether it is a member of that group and stays one.
     */
    record HandOver(String database, String databaseRole, String login, String owner, boolean member)
            implements Inside {}

    // A database that somebody else made. Its former owner keeps what it can do, as a member of the owner group.

    /**
     * The owner group may be given schemas, and the admin may come in. {@code from} owns the database; {@code borrow}: the
     * admin has its rights only by a membership that lasts as long as the transaction.
     */
    record AdmitToDatabase(String database, String from, boolean borrow, String ownerGroup) implements Step {}

    /** The database role becomes the owner; {@code keeps} may connect as before, in their own right. */
    record TakeDatabase(String database, String from, boolean borrow, String databaseRole, List<String> keeps)
            implements Step {}

    /**
     * An object inside becomes {@code to}'s, and nothing else of it changes.
     *
     * @param kind as ALTER spells it, such as {@code TABLE}
     * @param identity quoted by PostgreSQL itself
     */
    record TakeObject(String database, String kind, String identity, String from, boolean borrow, String to)
            implements Inside {}

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

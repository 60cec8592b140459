// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names a claim has inside PostgreSQL. Neither a namespace nor a claim name can hold {@code _}, so
 * {@code <namespace>_<name>} belongs to one claim only; long names end in a hash so that every role fits 63 bytes.
 */
public record ClaimNames(String database) {
    /** Bytes a database name may have, so that the longest role of it still fits PostgreSQL's 63. */
    static final int LONGEST = 44;

    private static final int KEPT = 33;
    private static final int HASH_DIGITS = 10;
    private static final Set<String> RESERVED = Set.of(
            "postgres",
            "template0",
            "template1",
            "howdah",
            "rdsadmin",
            "cloudsqladmin",
            "azure_maintenance",
            "azure_sys",
            "alloydbadmin");

    /** The names of a claim. */
    public static ClaimNames of(String namespace, String name) {
        var whole = namespace + "_" + name;
        if (whole.length() <= LONGEST) {
            return new ClaimNames(whole);
        }
        return new ClaimNames(whole.substring(0, KEPT) + "-" + sha256(whole).substring(0, HASH_DIGITS));
    }

    /** Whether a database of this name is PostgreSQL's, a provider's or our own and must never be made or touched. */
    public static boolean reserved(String database) {
        return RESERVED.contains(database.toLowerCase(Locale.ROOT));
    }

    /** Whether the roles of this claim would start with {@code pg_}, which PostgreSQL keeps for itself. */
    public boolean rolesReserved() {
        return database.startsWith("pg_");
    }

    /** What the names of the roles begin with. Only a database that was adopted can be too long for it. */
    public String stem() {
        var bytes = database.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST) {
            return database;
        }
        var kept = database;
        while (kept.getBytes(StandardCharsets.UTF_8).length > KEPT) {
            kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1));
        }
        return kept + "-" + sha256(database).substring(0, HASH_DIGITS);
    }

    /** The role that owns the database and nothing in it. */
    public String databaseRole() {
        return stem() + "_database";
    }

    /** The group that owns the schemas and what is made in them. */
    public String ownerGroup() {
        return stem() + "_owner";
    }

    public String readWriteGroup() {
        return stem() + "_readwrite";
    }

    public String readOnlyGroup() {
        return stem() + "_readonly";
    }

    /** The three groups logins are members of. */
    public List<String> groups() {
        return List.of(ownerGroup(), readWriteGroup(), readOnlyGroup());
    }

    /** The roles that do not depend on the access list. */
    public List<String> fixedRoles() {
        return List.of(databaseRole(), ownerGroup(), readWriteGroup(), readOnlyGroup());
    }

    /** One of the two logins of an access entry; {@code slot} is {@code a} or {@code b}. */
    public String login(String access, String slot) {
        return stem() + "_" + access + "_" + slot;
    }

    /** Both logins of an access entry. */
    public List<String> logins(String access) {
        return List.of(login(access, "a"), login(access, "b"));
    }

    /** All roles of a claim with these access entries. */
    public List<String> roles(Iterable<String> accessNames) {
        var roles = new ArrayList<>(fixedRoles());
        accessNames.forEach(access -> roles.addAll(logins(access)));
        return List.copyOf(roles);
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
